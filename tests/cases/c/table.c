//! A table of 2,000 functions of four types.
//# stdout:
//| called 2000 sum 1999000
//| floats 501500.0
//| recursion through the table 144

#include <stdio.h>

typedef int (*on_int)(int);
typedef long long (*on_long)(long long, int);
typedef double (*on_double)(double);
typedef void (*on_pointer)(int *);

#define FOUR(n) \
    __attribute__((noinline)) static int int##n(int x) { return x + 0x##n; } \
    __attribute__((noinline)) static long long long##n(long long x, int y) { return x * y + 0x##n; } \
    __attribute__((noinline)) static double double##n(double x) { return x + 0x##n; } \
    __attribute__((noinline)) static void pointer##n(int *x) { *x += 0x##n; }
#define TEN(n) FOUR(n##0) FOUR(n##1) FOUR(n##2) FOUR(n##3) FOUR(n##4) FOUR(n##5) FOUR(n##6) FOUR(n##7) FOUR(n##8) FOUR(n##9)
#define HUNDRED(n) TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)
HUNDRED(1) HUNDRED(2) HUNDRED(3) HUNDRED(4) HUNDRED(5)

#define ROW10(kind, n) kind##n##0, kind##n##1, kind##n##2, kind##n##3, kind##n##4, kind##n##5, kind##n##6, kind##n##7, kind##n##8, kind##n##9,
#define ROW100(kind, n) ROW10(kind, n##0) ROW10(kind, n##1) ROW10(kind, n##2) ROW10(kind, n##3) ROW10(kind, n##4) ROW10(kind, n##5) ROW10(kind, n##6) ROW10(kind, n##7) ROW10(kind, n##8) ROW10(kind, n##9)
#define ALL(kind) ROW100(kind, 1) ROW100(kind, 2) ROW100(kind, 3) ROW100(kind, 4) ROW100(kind, 5)

static on_int ints[] = {ALL(int)};
static on_long longs[] = {ALL(long)};
static on_double doubles[] = {ALL(double)};
static on_pointer pointers[] = {ALL(pointer)};

static int fibonacci(int n);
static on_int volatile self = fibonacci;
static int fibonacci(int n) { return n < 2 ? n : self(n - 1) + self(n - 2); }

// The hexadecimal number that the decimal digits of 100 + index spell.
static int spelled(int index) {
    int n = 100 + index;
    return (n / 100) << 8 | (n / 10 % 10) << 4 | n % 10;
}

int main(void) {
    int called = 0, wrong = 0;
    double floats = 0;
    for (volatile int i = 0; i < 500; i++) {
        int cell = 7;
        pointers[i](&cell);
        wrong += cell != 7 + spelled(i);
        wrong += ints[i](i) != i + spelled(i);
        wrong += longs[i](1LL << 33, 2) != (1LL << 34) + spelled(i);
        double sum = doubles[i](0.5);
        wrong += sum != spelled(i) + 0.5;
        floats += i * 4 + 5;
        called += 4;
    }
    printf("called %d sum %d\n", called, wrong ? -wrong : 1999 * 1000);
    printf("floats %.1f\n", floats);
    printf("recursion through the table %d\n", self(12));
    return 0;
}
