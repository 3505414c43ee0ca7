//# set: small
//# count: 14
//# short: 1
// A merge sort of anything with comparisons of the caller's, as libraries have it, a quicksort of numbers, and a heap sort.
#include "bench.h"

typedef struct {
    uint32_t key, place;
    double weight;
} Record;
enum { RECORDS = 60000, NUMBERS = 300000 };
static Record records[RECORDS], space[RECORDS];
static int32_t numbers[NUMBERS];

static int by_key(const void *a, const void *b) {
    const Record *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : (int)x->place - (int)y->place;
}

static int by_weight(const void *a, const void *b) {
    const Record *x = a, *y = b;
    return x->weight < y->weight ? -1 : x->weight > y->weight;
}

static void merge_sort(void *base, size_t count, size_t size, void *space, int (*compare)(const void *, const void *)) {
    if (count < 2)
        return;
    char *left = base, *middle = left + count / 2 * size, *right = middle, *end = left + count * size, *to = space;
    merge_sort(left, count / 2, size, space, compare);
    merge_sort(right, count - count / 2, size, space, compare);
    while (left < middle && right < end) {
        char **side = compare(left, right) <= 0 ? &left : &right;
        memcpy(to, *side, size);
        *side += size;
        to += size;
    }
    memcpy(to, left, (size_t)(middle - left));
    to += middle - left;
    memcpy(base, space, (size_t)(to - (char *)space));
}

static void quicksort(int32_t *from, int32_t *to) {
    while (to - from > 16) {
        int32_t pivot = from[(to - from) / 2], *low = from, *high = to - 1;
        while (low <= high) {
            while (*low < pivot)
                low++;
            while (*high > pivot)
                high--;
            if (low <= high) {
                int32_t kept = *low;
                *low++ = *high;
                *high-- = kept;
            }
        }
        quicksort(from, high + 1);
        from = low;
    }
    for (int32_t *at = from + 1; at < to; at++) {
        int32_t value = *at, *hole = at;
        for (; hole > from && hole[-1] > value; hole--)
            *hole = hole[-1];
        *hole = value;
    }
}

static void sift_down(int32_t *heap, int root, int length) {
    int32_t value = heap[root];
    for (int child; (child = 2 * root + 1) < length; root = child) {
        child += child + 1 < length && heap[child + 1] > heap[child];
        if (heap[child] <= value)
            break;
        heap[root] = heap[child];
    }
    heap[root] = value;
}

static void heap_sort(int32_t *heap, int length) {
    for (int i = length / 2 - 1; i >= 0; i--)
        sift_down(heap, i, length);
    for (int i = length - 1; i > 0; i--) {
        int32_t largest = heap[0];
        heap[0] = heap[i];
        heap[i] = largest;
        sift_down(heap, 0, i);
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned n = 0; n < count; n++) {
        for (uint32_t i = 0; i < RECORDS; i++)
            records[i] = (Record){(uint32_t)(random_bits() % 5000), i, random_unit()};
        merge_sort(records, RECORDS, sizeof *records, space, by_key);
        sum = sum * 31 + checksum(records, sizeof records);
        merge_sort(records, RECORDS, sizeof *records, space, by_weight);
        sum = sum * 31 + checksum(records, sizeof records);
        random_bytes(numbers, sizeof numbers);
        quicksort(numbers, numbers + NUMBERS / 2);
        heap_sort(numbers + NUMBERS / 2, NUMBERS / 2);
        sum = sum * 31 + checksum(numbers, sizeof numbers);
    }
    return finish(sum);
}
