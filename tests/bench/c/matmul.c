//# set: arrays
//# count: 170
//# short: 1
// Product of dense f64 matrices, the inner loop along rows.
#include "bench.h"

enum { N = 256 };
static double a[N][N], b[N][N], c[N][N];

static void multiply(void) {
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            for (int j = 0; j < N; j++)
                c[i][j] += a[i][k] * b[k][j];
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_doubles(&a[0][0], N * N);
    random_doubles(&b[0][0], N * N);
    for (unsigned i = 0; i < count; i++) {
        multiply();
        a[i % N][0] += c[0][i % N] * 1e-6;
    }
    return finish(checksum(c, sizeof c));
}
