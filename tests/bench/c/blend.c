//# set: simd
//# count: 520
//# short: 1
// One image over another, four u8 a pixel, weighted by alpha; then brighter, with a limit.
#include "bench.h"

enum { PIXELS = 640 * 480 };
static uint8_t below[PIXELS][4], above[PIXELS][4];

// x / 255, rounded, for x up to 255 * 255.
static uint8_t by_255(uint32_t x) { return (uint8_t)((x + 128 + ((x + 128) >> 8)) >> 8); }

static void blend(void) {
    for (int i = 0; i < PIXELS; i++) {
        uint32_t alpha = above[i][3];
        for (int c = 0; c < 4; c++)
            below[i][c] = by_255(above[i][c] * alpha + below[i][c] * (255 - alpha));
    }
}

static void brighten(uint8_t by) {
    uint8_t *bytes = &above[0][0];
    for (int i = 0; i < PIXELS * 4; i++) {
        int sum = bytes[i] + by;
        bytes[i] = (uint8_t)(sum > 255 ? 255 : sum);
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_bytes(below, sizeof below);
    for (unsigned i = 0; i < count; i++) {
        if (i % 32 == 0)
            random_bytes(above, sizeof above);
        blend();
        brighten(7);
    }
    return finish(checksum(below, sizeof below));
}
