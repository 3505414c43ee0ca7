//# stdout:
//| sorted 1 descending 1 names: ada bob cyd dan eve
//| found 500 missing 1
//| stable sum 49995000

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int descending(const void *a, const void *b) { return ascending(b, a); }

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int in_order(const int *numbers, int count, int (*compare)(const void *, const void *)) {
    for (int i = 1; i < count; i++)
        if (compare(&numbers[i - 1], &numbers[i]) > 0) return 0;
    return 1;
}

int main(void) {
    enum { COUNT = 10000 };
    static int numbers[COUNT];
    unsigned state = 1;
    // A permutation: 7919 is prime.
    for (int i = 0; i < COUNT; i++) numbers[i] = (int)(state = (state + 7919) % COUNT);
    qsort(numbers, COUNT, sizeof *numbers, ascending);
    printf("sorted %d ", in_order(numbers, COUNT, ascending));
    qsort(numbers, COUNT, sizeof *numbers, descending);
    printf("descending %d names:", in_order(numbers, COUNT, descending));
    const char *names[] = {"eve", "bob", "dan", "ada", "cyd"};
    qsort(names, 5, sizeof *names, by_name);
    for (int i = 0; i < 5; i++) printf(" %s", names[i]);
    qsort(numbers, COUNT, sizeof *numbers, ascending);
    int key = 500, no = COUNT;
    int *found = bsearch(&key, numbers, COUNT, sizeof *numbers, ascending);
    printf("\nfound %d missing %d\n", *found, bsearch(&no, numbers, COUNT, sizeof *numbers, ascending) == NULL);
    long sum = 0;
    for (int i = 0; i < COUNT; i++) sum += numbers[i];
    printf("stable sum %ld\n", sum);
    return 0;
}
