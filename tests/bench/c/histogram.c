//# set: arrays
//# count: 1300
//# short: 1
// Equalising an image: counting its values, and a table lookup for each; addresses that are data.
#include "bench.h"

enum { PIXELS = 800 * 600 };
static uint8_t image[PIXELS], table[256];
static uint32_t times_seen[256];

static void equalise(uint8_t shift) {
    memset(times_seen, 0, sizeof times_seen);
    for (int i = 0; i < PIXELS; i++)
        times_seen[image[i]]++;
    uint32_t below = 0;
    for (int i = 0; i < 256; i++) {
        below += times_seen[i];
        table[i] = (uint8_t)((uint64_t)below * 255 / PIXELS);
    }
    for (int i = 0; i < PIXELS; i++)
        image[i] = table[image[i]] ^ (uint8_t)(i >> shift & 1);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    for (int i = 0; i < PIXELS; i++)
        image[i] = (uint8_t)((random_bits() >> 57) + (random_bits() >> 57));
    for (unsigned i = 0; i < count; i++)
        equalise((uint8_t)(i % 16));
    return finish(checksum(image, sizeof image));
}
