//# set: arrays
//# count: 7800
//# short: 2
// Conjugate gradients on a Poisson matrix that is never stored: dot products, sums of scaled vectors, a stencil.
#include "bench.h"

enum { SIDE = 128, N = SIDE * SIDE };
static double x[N], r[N], p[N], q[N];

static double dot(const double *a, const double *b) {
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += a[i] * b[i];
    return sum;
}

// a += s b
static void add_scaled(double *restrict a, double s, const double *restrict b) {
    for (int i = 0; i < N; i++)
        a[i] += s * b[i];
}

// b = a + s b
static void scale_and_add(const double *restrict a, double s, double *restrict b) {
    for (int i = 0; i < N; i++)
        b[i] = a[i] + s * b[i];
}

// b = A a, with zeros around the square.
static void apply(const double *restrict a, double *restrict b) {
    for (int i = 0; i < N; i++)
        b[i] = 4.01 * a[i];
    for (int i = 1; i < SIDE - 1; i++)
        for (int j = 1; j < SIDE - 1; j++) {
            const double *at = a + i * SIDE + j;
            b[i * SIDE + j] -= at[-SIDE] + at[-1] + at[1] + at[SIDE];
        }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    for (unsigned step = 0; step < count; step++) {
        if (step % 100 == 0) {
            random_doubles(r, N);
            memcpy(p, r, sizeof p);
        }
        double before = dot(r, r);
        apply(p, q);
        double length = before / dot(p, q);
        add_scaled(x, length, p);
        add_scaled(r, -length, q);
        scale_and_add(r, dot(r, r) / before, p);
    }
    return finish(checksum(x, sizeof x));
}
