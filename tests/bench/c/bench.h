// What the programs share: the count from the command line, numbers that look random, the checksum.
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// How often to do it: the first argument.
static unsigned count_argument(int argc, char **argv) {
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    if (count < 1) {
        fprintf(stderr, "usage: %s COUNT\n", argv[0]);
        exit(2);
    }
    return (unsigned)count;
}

// Steele and Vigna's SplitMix64: the same numbers everywhere.
static uint64_t random_state = 1;
static inline uint64_t random_bits(void) {
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// From 0 to 1, without 1.
static inline double random_unit(void) { return (double)(random_bits() >> 11) * 0x1p-53; }

static inline void random_bytes(void *to, size_t length) {
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)to)[i] = (uint8_t)(random_bits() >> 56);
}

static inline void random_doubles(double *to, size_t length) {
    for (size_t i = 0; i < length; i++)
        to[i] = random_unit();
}

// FNV-1a, a byte at a time: two results differ when a bit of them does.
static inline uint64_t checksum(const void *bytes, size_t length) {
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
    return sum;
}

// The program's whole output.
static inline int finish(uint64_t sum) {
    printf("%016llx\n", (unsigned long long)sum);
    return 0;
}

#endif
