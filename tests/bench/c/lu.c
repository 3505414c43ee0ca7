//# set: arrays
//# count: 360
//# short: 1
// Linear equations by LU decomposition with row exchanges, then forward and backward substitution.
#include "bench.h"

enum { N = 250 };
static double a[N][N], b[N];

static double magnitude(double x) { return x < 0 ? -x : x; }

static int pivot_row(int column) {
    int best = column;
    for (int i = column + 1; i < N; i++)
        if (magnitude(a[i][column]) > magnitude(a[best][column]))
            best = i;
    return best;
}

static void exchange(double *x, double *y, int length) {
    for (int i = 0; i < length; i++) {
        double kept = x[i];
        x[i] = y[i];
        y[i] = kept;
    }
}

static void solve(void) {
    for (int k = 0; k < N; k++) {
        int pivot = pivot_row(k);
        if (pivot != k) {
            exchange(a[k], a[pivot], N);
            exchange(&b[k], &b[pivot], 1);
        }
        for (int i = k + 1; i < N; i++) {
            double factor = a[i][k] / a[k][k];
            for (int j = k; j < N; j++)
                a[i][j] -= factor * a[k][j];
            b[i] -= factor * b[k];
        }
    }
    for (int i = N - 1; i >= 0; i--) {
        for (int j = i + 1; j < N; j++)
            b[i] -= a[i][j] * b[j];
        b[i] /= a[i][i];
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned n = 0; n < count; n++) {
        random_doubles(&a[0][0], N * N);
        random_doubles(b, N);
        solve();
        sum = sum * 31 + checksum(b, sizeof b);
    }
    return finish(sum);
}
