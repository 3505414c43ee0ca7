//# set: simd
//# count: 230
//# short: 1
// Conway's game of life on bytes: sums of neighbours and comparisons.
#include "bench.h"

enum { N = 640 };
static uint8_t world[2][N + 2][N + 2];

static void live(uint8_t (*restrict from)[N + 2], uint8_t (*restrict to)[N + 2]) {
    for (int y = 1; y <= N; y++)
        for (int x = 1; x <= N; x++) {
            uint8_t around = from[y - 1][x - 1] + from[y - 1][x] + from[y - 1][x + 1] + from[y][x - 1] +
                             from[y][x + 1] + from[y + 1][x - 1] + from[y + 1][x] + from[y + 1][x + 1];
            to[y][x] = around == 3 || (around == 2 && from[y][x]);
        }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    for (int y = 1; y <= N; y++)
        for (int x = 1; x <= N; x++)
            world[0][y][x] = random_bits() >> 63;
    for (unsigned i = 0; i < count; i++) {
        live(world[0], world[1]);
        live(world[1], world[0]);
    }
    return finish(checksum(world[0], sizeof world[0]));
}
