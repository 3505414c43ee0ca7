//# set: arrays
//# count: 490
//# short: 1
// Heat spreading in a cube: a stencil of seven points.
#include "bench.h"

enum { N = 80 };
static double a[N][N][N], b[N][N][N];

static void spread(double (*restrict from)[N][N], double (*restrict to)[N][N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            for (int k = 1; k < N - 1; k++)
                to[i][j][k] = from[i][j][k] +
                              0.125 * (from[i + 1][j][k] - 2.0 * from[i][j][k] + from[i - 1][j][k]) +
                              0.125 * (from[i][j + 1][k] - 2.0 * from[i][j][k] + from[i][j - 1][k]) +
                              0.125 * (from[i][j][k + 1] - 2.0 * from[i][j][k] + from[i][j][k - 1]);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_doubles(&a[0][0][0], N * N * N);
    memcpy(b, a, sizeof b);
    for (unsigned i = 0; i < count; i++) {
        spread(a, b);
        spread(b, a);
    }
    return finish(checksum(a, sizeof a));
}
