//# set: arrays
//# count: 59
//# short: 1
// Orthogonal columns by Gram and Schmidt: every access is a row's length away from the one before.
#include "bench.h"
#include <math.h>

enum { ROWS = 240, COLUMNS = 220 };
static double a[ROWS][COLUMNS], q[ROWS][COLUMNS], r[COLUMNS][COLUMNS];

static void orthogonalise(void) {
    for (int k = 0; k < COLUMNS; k++) {
        double square = 0;
        for (int i = 0; i < ROWS; i++)
            square += a[i][k] * a[i][k];
        r[k][k] = sqrt(square);
        for (int i = 0; i < ROWS; i++)
            q[i][k] = a[i][k] / r[k][k];
        for (int j = k + 1; j < COLUMNS; j++) {
            r[k][j] = 0;
            for (int i = 0; i < ROWS; i++)
                r[k][j] += q[i][k] * a[i][j];
            for (int i = 0; i < ROWS; i++)
                a[i][j] -= q[i][k] * r[k][j];
        }
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned n = 0; n < count; n++) {
        random_doubles(&a[0][0], ROWS * COLUMNS);
        orthogonalise();
        sum = sum * 31 + checksum(r, sizeof r);
    }
    return finish(sum);
}
