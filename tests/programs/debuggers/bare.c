// Small, so that breaking its debug information often is quick.
static inline __attribute__((always_inline)) int half(int n) {
    return 1000 / n;
}

__attribute__((noinline)) int area(int width, int height) {
    return half(width * height) + 1;
}

__attribute__((noinline)) int sum(int n) {
    int all = 0;
    for (int i = 1; i < n; i++) {
        all += area(i, n);
    }
    return all;
}

int result;

void _start(void) {
    result = sum(4);
}
