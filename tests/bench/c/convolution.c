//# set: arrays
//# count: 1200
//# short: 1
// A layer of a convolutional network: 3 by 3 filters over f32 images with several channels.
#include "bench.h"

enum { SIDE = 64, IN = 8, OUT = 16, K = 3 };
static float image[IN][SIDE + K - 1][SIDE + K - 1], filter[OUT][IN][K][K], result[OUT][SIDE][SIDE];

static void convolve(void) {
    memset(result, 0, sizeof result);
    for (int o = 0; o < OUT; o++)
        for (int c = 0; c < IN; c++)
            for (int y = 0; y < SIDE; y++)
                for (int ky = 0; ky < K; ky++)
                    for (int kx = 0; kx < K; kx++)
                        for (int x = 0; x < SIDE; x++)
                            result[o][y][x] += filter[o][c][ky][kx] * image[c][y + ky][x + kx];
}

// What is negative is zero; the first channels become the next image.
static void feed_back(void) {
    for (int c = 0; c < IN; c++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                float value = result[c][y][x] + result[c + IN][y][x];
                image[c][y + 1][x + 1] = value > 0 ? value : 0;
            }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    for (size_t i = 0; i < sizeof filter / sizeof(float); i++)
        (&filter[0][0][0][0])[i] = ((float)random_unit() - 0.45f) / 8;
    for (size_t i = 0; i < sizeof image / sizeof(float); i++)
        (&image[0][0][0])[i] = (float)random_unit();
    for (unsigned i = 0; i < count; i++) {
        convolve();
        feed_back();
    }
    return finish(checksum(result, sizeof result));
}
