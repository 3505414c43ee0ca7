//# set: arrays
//# count: 750
//# short: 1
// Fast Fourier transform of complex f64, in place: bit reversal, then butterflies whose stride doubles.
#include "bench.h"
#include <math.h>

enum { BITS = 15, N = 1 << BITS };
typedef struct {
    double re, im;
} Complex;
static Complex data[N], root[N / 2];

static Complex times(Complex a, Complex b) { return (Complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }

// Roots of unity by halving angles, since libraries' sines differ in the last bit.
static void find_roots(void) {
    root[0] = (Complex){1, 0};
    Complex step = {0, -1};
    for (int span = N / 4; span > 0; span /= 2) {
        for (int i = 0; i < N / 2; i += 2 * span)
            root[i + span] = times(root[i], step);
        double half = sqrt((1 + step.re) / 2);
        step = (Complex){half, step.im / (2 * half)};
    }
}

static void reverse_bits(void) {
    for (int i = 0, j = 0; i < N; i++) {
        if (i < j) {
            Complex kept = data[i];
            data[i] = data[j];
            data[j] = kept;
        }
        int bit = N >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
    }
}

static void transform(void) {
    reverse_bits();
    for (int half = 1; half < N; half *= 2)
        for (int start = 0; start < N; start += 2 * half)
            for (int i = 0; i < half; i++) {
                Complex *low = &data[start + i], *high = low + half;
                Complex odd = times(*high, root[i * (N / 2 / half)]);
                *high = (Complex){low->re - odd.re, low->im - odd.im};
                *low = (Complex){low->re + odd.re, low->im + odd.im};
            }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    find_roots();
    for (int i = 0; i < N; i++)
        data[i] = (Complex){random_unit() - 0.5, random_unit() - 0.5};
    for (unsigned n = 0; n < count; n++) {
        transform();
        for (int i = 0; i < N; i++)
            data[i] = (Complex){data[i].re / 181, data[i].im / 181};
    }
    return finish(checksum(data, sizeof data));
}
