//# set: simd
//# count: 43
//# short: 1
// Product of quantised matrices as neural networks have it: dot products of i8 rows, summed up in i32.
#include "bench.h"

enum { N = 384 };
static int8_t a[N][N], b[N][N], c[N][N];

static int32_t dot(const int8_t *x, const int8_t *y) {
    int32_t sum = 0;
    for (int i = 0; i < N; i++)
        sum += x[i] * y[i];
    return sum;
}

static void multiply(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int32_t sum = dot(a[i], b[j]) >> 9;
            c[i][j] = (int8_t)(sum < -128 ? -128 : sum > 127 ? 127 : sum);
        }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    for (unsigned i = 0; i < count; i++) {
        multiply();
        memcpy(a[i % N], c[(i + 1) % N], N);
    }
    return finish(checksum(c, sizeof c));
}
