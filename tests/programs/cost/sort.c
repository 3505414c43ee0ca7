/* Arrays: quicksort of two million numbers, five times. */
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 2000000 };
static unsigned numbers[COUNT];

static void sort(unsigned *low, unsigned *high) {
    while (low < high) {
        unsigned pivot = low[(high - low) / 2], *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot) i++;
            while (*j > pivot) j--;
            if (i <= j) {
                unsigned swap = *i;
                *i++ = *j;
                *j-- = swap;
            }
        }
        sort(low, j);
        low = i;
    }
}

int main(void) {
    unsigned sum = 0;
    for (int round = 0; round < 5; round++) {
        unsigned seed = round;
        for (int i = 0; i < COUNT; i++) numbers[i] = seed = seed * 1664525 + 1013904223;
        sort(numbers, numbers + COUNT - 1);
        sum += numbers[COUNT / 3];
    }
    printf("%u\n", sum);
}
