//# set: simd
//# count: 340
//# short: 1
// Vectors of 16 bytes written out in the source, as codecs and games have them: f32 lanes with masks (a Mandelbrot set,
// four points at a time), bytes that are shuffled, compared and selected (hexadecimal digits).
#include "bench.h"

typedef float F32x4 __attribute__((vector_size(16)));
typedef int32_t I32x4 __attribute__((vector_size(16)));
typedef uint8_t U8x16 __attribute__((vector_size(16)));

enum { WIDTH = 256, HEIGHT = 160, STEPS = 60, BYTES = 1 << 16 };
static I32x4 image[HEIGHT][WIDTH / 4];
static U8x16 bytes[BYTES / 16], digits[BYTES / 8];

static I32x4 steps(F32x4 re, F32x4 im) {
    F32x4 x = {0}, y = {0};
    I32x4 taken = {0};
    for (int i = 0; i < STEPS; i++) {
        F32x4 xx = x * x, yy = y * y;
        I32x4 inside = xx + yy <= 4.0f;
        if (!(inside[0] | inside[1] | inside[2] | inside[3]))
            break;
        taken -= inside;
        y = 2.0f * x * y + im;
        x = xx - yy + re;
    }
    return taken;
}

static void draw(float centre, float scale) {
    for (int row = 0; row < HEIGHT; row++)
        for (int column = 0; column < WIDTH; column += 4) {
            F32x4 re = {(float)column, (float)(column + 1), (float)(column + 2), (float)(column + 3)};
            F32x4 im = (F32x4){0} + ((float)row / HEIGHT - 0.5f) * scale;
            image[row][column / 4] = steps(centre + (re / WIDTH - 0.5f) * scale, im);
        }
}

static U8x16 digit(U8x16 nibble) {
    U8x16 is_letter = (U8x16)(nibble > 9);
    return nibble + '0' + (is_letter & ('a' - '0' - 10));
}

static void write_digits(void) {
    for (int i = 0; i < BYTES / 16; i++) {
        U8x16 high = digit(bytes[i] >> 4), low = digit(bytes[i] & 15);
        digits[2 * i] =
            __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        digits[2 * i + 1] =
            __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    random_bytes(bytes, sizeof bytes);
    for (unsigned i = 0; i < count; i++) {
        draw(-0.7f - (float)(i % 10) / 64, 2.5f / (float)(1 + i % 7));
        for (int n = 0; n < 20; n++) {
            write_digits();
            memcpy(bytes, (uint8_t *)digits + n * 1000, sizeof bytes / 2);
        }
        sum = sum * 31 + (uint64_t)(uint32_t)image[i % HEIGHT][i % (WIDTH / 4)][i % 4];
    }
    return finish(sum * 31 + checksum(image, sizeof image) + checksum(digits, sizeof digits));
}
