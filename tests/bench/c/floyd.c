//# set: arrays
//# count: 20
//# short: 1
// Floyd and Warshall's shortest paths between all pairs, i32.
#include "bench.h"

enum { N = 350 };
static int32_t distance[N][N];

static void shorten(void) {
    for (int k = 0; k < N; k++)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                int32_t through = distance[i][k] + distance[k][j];
                distance[i][j] = distance[i][j] < through ? distance[i][j] : through;
            }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned n = 0; n < count; n++) {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                distance[i][j] = i == j ? 0 : 1 + (int32_t)(random_bits() % 10000);
        shorten();
        sum = sum * 31 + checksum(distance, sizeof distance);
    }
    return finish(sum);
}
