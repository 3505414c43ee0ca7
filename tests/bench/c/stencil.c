//# set: arrays
//# count: 2000
//# short: 2
// Jacobi's method on a square: each point becomes the mean of its neighbours, from one array into another.
#include "bench.h"

enum { N = 512 };
static double a[N][N], b[N][N];

static void relax(double (*restrict from)[N], double (*restrict to)[N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            to[i][j] = 0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] + from[i - 1][j] + from[i + 1][j]);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_doubles(&a[0][0], N * N);
    memcpy(b, a, sizeof b);
    for (unsigned i = 0; i < count; i++) {
        relax(a, b);
        relax(b, a);
    }
    return finish(checksum(a, sizeof a));
}
