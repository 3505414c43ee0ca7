//# set: arrays
//# count: 3700
//# short: 1
// Electromagnetic waves in a plane by finite differences in time: three fields that drive each other.
#include "bench.h"

enum { ROWS = 300, COLUMNS = 400 };
static double ex[ROWS][COLUMNS], ey[ROWS][COLUMNS], hz[ROWS][COLUMNS];

static void step(double source) {
    for (int j = 0; j < COLUMNS; j++)
        ey[0][j] = source;
    for (int i = 1; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            ey[i][j] -= 0.5 * (hz[i][j] - hz[i - 1][j]);
    for (int i = 0; i < ROWS; i++)
        for (int j = 1; j < COLUMNS; j++)
            ex[i][j] -= 0.5 * (hz[i][j] - hz[i][j - 1]);
    for (int i = 0; i < ROWS - 1; i++)
        for (int j = 0; j < COLUMNS - 1; j++)
            hz[i][j] -= 0.7 * (ex[i][j + 1] - ex[i][j] + ey[i + 1][j] - ey[i][j]);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_doubles(&hz[0][0], ROWS * COLUMNS);
    for (unsigned i = 0; i < count; i++)
        step((double)(i % 16) / 16);
    return finish(checksum(hz, sizeof hz));
}
