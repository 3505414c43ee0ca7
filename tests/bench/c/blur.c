//# set: simd
//# count: 1500
//# short: 1
// Gaussian blur of a grey image in two passes of u8 and u16.
#include "bench.h"

enum { WIDTH = 1024, HEIGHT = 768 };
static uint8_t image[HEIGHT][WIDTH];
static uint16_t lines[HEIGHT][WIDTH];

static void blur(void) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 2; x < WIDTH - 2; x++)
            lines[y][x] = (uint16_t)(image[y][x - 2] + 4 * image[y][x - 1] + 6 * image[y][x] + 4 * image[y][x + 1] +
                                     image[y][x + 2]);
    for (int y = 2; y < HEIGHT - 2; y++)
        for (int x = 2; x < WIDTH - 2; x++)
            image[y][x] = (uint8_t)((lines[y - 2][x] + 4 * lines[y - 1][x] + 6 * lines[y][x] + 4 * lines[y + 1][x] +
                                     lines[y + 2][x] + 128) >>
                                    8);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_bytes(image, sizeof image);
    for (unsigned i = 0; i < count; i++) {
        blur();
        image[i % HEIGHT][i % WIDTH] ^= 0xff;
    }
    return finish(checksum(image, sizeof image));
}
