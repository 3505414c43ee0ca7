//# set: arrays
//# count: 850
//# short: 2
// y = A x and x = Aᵀ y: dot products along rows, then sums of rows.
#include "bench.h"

enum { ROWS = 700, COLUMNS = 800 };
static double a[ROWS][COLUMNS], x[COLUMNS], y[ROWS];

static void forth_and_back(void) {
    for (int i = 0; i < ROWS; i++) {
        double sum = 0;
        for (int j = 0; j < COLUMNS; j++)
            sum += a[i][j] * x[j];
        y[i] = sum;
    }
    memset(x, 0, sizeof x);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            x[j] += a[i][j] * y[i];
}

static void normalise(void) {
    double most = 0;
    for (int j = 0; j < COLUMNS; j++)
        most = x[j] > most ? x[j] : most;
    for (int j = 0; j < COLUMNS; j++)
        x[j] /= most;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    random_doubles(&a[0][0], ROWS * COLUMNS);
    random_doubles(x, COLUMNS);
    for (unsigned i = 0; i < count; i++) {
        forth_and_back();
        normalise();
    }
    return finish(checksum(x, sizeof x));
}
