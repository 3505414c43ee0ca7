//# set: arrays
//# count: 3000
//# short: 1
// Prefix sums in a row, and sums over rectangles from a table of sums.
#include "bench.h"

enum { N = 512 };
static uint32_t value[N][N], sum[N + 1][N + 1];

static void add_up(void) {
    for (int y = 0; y < N; y++) {
        uint32_t row = 0;
        for (int x = 0; x < N; x++) {
            row += value[y][x];
            sum[y + 1][x + 1] = sum[y][x + 1] + row;
        }
    }
}

// Each value becomes the mean of the 9 by 9 square around it.
static void average(void) {
    for (int y = 4; y < N - 4; y++)
        for (int x = 4; x < N - 4; x++)
            value[y][x] = (sum[y + 5][x + 5] - sum[y + 5][x - 4] - sum[y - 4][x + 5] + sum[y - 4][x - 4]) / 81;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    for (int i = 0; i < N * N; i++)
        value[i / N][i % N] = (uint32_t)(random_bits() >> 44);
    for (unsigned i = 0; i < count; i++) {
        add_up();
        average();
    }
    return finish(checksum(value, sizeof value));
}
