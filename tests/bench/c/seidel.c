//# set: arrays
//# count: 380
//# short: 1
// Gauss and Seidel's method: like a stencil, but in place, so that each point waits for the one before.
#include "bench.h"

enum { N = 400 };
static double a[N][N];

static void relax(void) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            a[i][j] = (a[i - 1][j - 1] + a[i - 1][j] + a[i - 1][j + 1] + a[i][j - 1] + a[i][j] + a[i][j + 1] +
                       a[i + 1][j - 1] + a[i + 1][j] + a[i + 1][j + 1]) /
                      9.0;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_doubles(&a[0][0], N * N);
    for (unsigned i = 0; i < count; i++)
        relax();
    return finish(checksum(a, sizeof a));
}
