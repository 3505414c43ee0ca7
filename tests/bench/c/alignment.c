//# set: arrays
//# count: 51
//# short: 1
// Smith and Waterman's alignment of two sequences: dynamic programming with maxima, a table lookup a cell.
#include "bench.h"

enum { LENGTH = 1500 };
static uint8_t first[LENGTH], second[LENGTH];
static int32_t score[20][20], best[2][LENGTH + 1], gap[LENGTH + 1];

static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }

static int32_t align(void) {
    int32_t most = 0;
    memset(best, 0, sizeof best);
    memset(gap, 0, sizeof gap);
    for (int i = 0; i < LENGTH; i++) {
        const int32_t *above = best[i % 2];
        int32_t *here = best[(i + 1) % 2], left_gap = 0;
        for (int j = 0; j < LENGTH; j++) {
            left_gap = larger(left_gap - 1, here[j] - 11);
            gap[j] = larger(gap[j] - 1, above[j + 1] - 11);
            int32_t cell = larger(above[j] + score[first[i]][second[j]], larger(left_gap, gap[j]));
            here[j + 1] = larger(cell, 0);
            most = larger(most, here[j + 1]);
        }
    }
    return most;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (int i = 0; i < 20; i++)
        for (int j = 0; j <= i; j++)
            score[i][j] = score[j][i] = i == j ? 6 : (int32_t)(random_bits() % 6) - 4;
    for (unsigned n = 0; n < count; n++) {
        for (int i = 0; i < LENGTH; i++) {
            first[i] = random_bits() % 20;
            second[i] = random_bits() % 3 ? first[i] : random_bits() % 20;
        }
        sum = sum * 31 + (uint64_t)align();
    }
    return finish(sum);
}
