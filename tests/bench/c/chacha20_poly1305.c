//# set: small
//# count: 1600
//# short: 1
// ChaCha20 and Poly1305 as TLS has them: 32-bit rounds in registers, then products of 64 by 64 bits.
#include "bench.h"

typedef unsigned __int128 u128;

static uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

static void quarter(uint32_t *x, int a, int b, int c, int d) {
    x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

static void encrypt(const uint32_t start[16], uint8_t *data, size_t length) {
    uint32_t input[16], x[16];
    memcpy(input, start, sizeof input);
    for (; length >= 64; length -= 64, data += 64, input[12]++) {
        memcpy(x, input, sizeof x);
        for (int i = 0; i < 10; i++) {
            quarter(x, 0, 4, 8, 12), quarter(x, 1, 5, 9, 13), quarter(x, 2, 6, 10, 14), quarter(x, 3, 7, 11, 15);
            quarter(x, 0, 5, 10, 15), quarter(x, 1, 6, 11, 12), quarter(x, 2, 7, 8, 13), quarter(x, 3, 4, 9, 14);
        }
        for (int i = 0; i < 16; i++) {
            uint32_t word;
            memcpy(&word, data + 4 * i, 4);
            word ^= x[i] + input[i];
            memcpy(data + 4 * i, &word, 4);
        }
    }
}

// The tag, without what is added to it at last: three limbs of 44, 44 and 42 bits.
static uint64_t authenticate(const uint64_t r[3], const uint8_t *data, size_t length) {
    const uint64_t mask = (1ull << 44) - 1, s1 = r[1] * 20, s2 = r[2] * 20;
    uint64_t h0 = 0, h1 = 0, h2 = 0;
    for (; length >= 16; length -= 16, data += 16) {
        uint64_t low, high;
        memcpy(&low, data, 8);
        memcpy(&high, data + 8, 8);
        h0 += low & mask;
        h1 += (low >> 44 | high << 20) & mask;
        h2 += high >> 24 | 1ull << 40;
        u128 d0 = (u128)h0 * r[0] + (u128)h1 * s2 + (u128)h2 * s1;
        u128 d1 = (u128)h0 * r[1] + (u128)h1 * r[0] + (u128)h2 * s2;
        u128 d2 = (u128)h0 * r[2] + (u128)h1 * r[1] + (u128)h2 * r[0];
        d1 += (uint64_t)(d0 >> 44);
        d2 += (uint64_t)(d1 >> 44);
        h0 = ((uint64_t)d0 & mask) + (uint64_t)(d2 >> 42) * 5;
        h1 = ((uint64_t)d1 & mask) + (h0 >> 44);
        h0 &= mask;
        h2 = (uint64_t)d2 & (mask >> 2);
    }
    return h0 ^ h1 << 20 ^ h2 << 40;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    static uint8_t data[1 << 17];
    uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    uint64_t sum = 0;
    random_bytes(data, sizeof data);
    random_bytes(start + 4, 12 * sizeof *start);
    for (unsigned i = 0; i < count; i++) {
        start[13] = i;
        encrypt(start, data, sizeof data);
        uint64_t r[3] = {random_bits() & 0xffc0fffffff, random_bits() & 0xfffffc0ffff, random_bits() & 0x00ffffffc0f};
        sum = sum * 31 + authenticate(r, data, sizeof data);
    }
    return finish(sum);
}
