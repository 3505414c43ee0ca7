//# set: arrays
//# count: 120
//# short: 1
// Cholesky decomposition: triangular loops whose lengths change, square roots, divisions.
#include "bench.h"
#include <math.h>

enum { N = 300 };
static double a[N][N];

static void decompose(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            for (int k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
        for (int k = 0; k < i; k++)
            a[i][i] -= a[i][k] * a[i][k];
        a[i][i] = sqrt(a[i][i]);
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned n = 0; n < count; n++) {
        random_doubles(&a[0][0], N * N);
        for (int i = 0; i < N; i++)
            a[i][i] += N;
        decompose();
        sum = sum * 31 + checksum(a, sizeof a);
    }
    return finish(sum);
}
