// Lines that suites/debuggers.rs knows by their numbers.
#include <stdio.h>

static inline __attribute__((always_inline)) int half(int *cells, int n) {
    return cells[n] / 2;
}

__attribute__((noinline)) int area(int *cells, int width, int height) {
    int all = half(cells, width * height);
    return all + 1;
}

__attribute__((noinline)) void show(int *cells, int n) {
    printf("area %d\n", area(cells, n, n));
    fflush(stdout);
}

int main(int argc, char **argv) {
    int cells[] = {2, 4, 6, 8, 10};
    for (int n = 0; n < 3; n++) {
        show(cells, n);
    }
    show(cells, argc * 30000);
    return 0;
}
