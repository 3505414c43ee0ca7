//# set: small
//# count: 430
//# short: 1
// AES-128 by tables, as software does it: four lookups a word, the addresses made of bytes of the state.
#include "bench.h"

static uint8_t sbox[256];
static uint32_t table[4][256];

static uint8_t doubled(uint8_t x) { return (uint8_t)(x << 1 ^ (x >> 7) * 0x1b); }

// The S-box from inverses in the field: p runs through all of it, q through the inverses.
static void build_tables(void) {
    uint8_t p = 1, q = 1;
    do {
        p ^= doubled(p);
        q ^= (uint8_t)(q << 1), q ^= (uint8_t)(q << 2), q ^= (uint8_t)(q << 4);
        if (q & 0x80)
            q ^= 0x09;
        sbox[p] = (uint8_t)(q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4) ^ 0x63);
    } while (p != 1);
    sbox[0] = 0x63;
    for (int i = 0; i < 256; i++) {
        uint8_t s = sbox[i], d = doubled(s);
        uint32_t word = d | (uint32_t)s << 8 | (uint32_t)s << 16 | (uint32_t)(d ^ s) << 24;
        for (int t = 0; t < 4; t++)
            table[t][i] = t ? word << 8 * t | word >> (32 - 8 * t) : word;
    }
}

static uint32_t substitute(uint32_t word) {
    return sbox[word & 255] | (uint32_t)sbox[word >> 8 & 255] << 8 | (uint32_t)sbox[word >> 16 & 255] << 16 |
           (uint32_t)sbox[word >> 24] << 24;
}

static void expand(uint32_t keys[44], const uint32_t key[4]) {
    uint8_t constant = 1;
    memcpy(keys, key, 16);
    for (int i = 4; i < 44; i++) {
        uint32_t word = keys[i - 1];
        if (i % 4 == 0) {
            word = substitute(word >> 8 | word << 24) ^ constant;
            constant = doubled(constant);
        }
        keys[i] = keys[i - 4] ^ word;
    }
}

static void encrypt(const uint32_t keys[44], uint32_t s[4]) {
    uint32_t t[4];
    for (int i = 0; i < 4; i++)
        s[i] ^= keys[i];
    for (int round = 1; round < 10; round++) {
        for (int i = 0; i < 4; i++)
            t[i] = table[0][s[i] & 255] ^ table[1][s[(i + 1) % 4] >> 8 & 255] ^ table[2][s[(i + 2) % 4] >> 16 & 255] ^
                   table[3][s[(i + 3) % 4] >> 24] ^ keys[4 * round + i];
        memcpy(s, t, sizeof t);
    }
    for (int i = 0; i < 4; i++) {
        uint32_t word = (s[i] & 0xff) | (s[(i + 1) % 4] & 0xff00) | (s[(i + 2) % 4] & 0xff0000) |
                        (s[(i + 3) % 4] & 0xff000000);
        t[i] = substitute(word) ^ keys[40 + i];
    }
    memcpy(s, t, sizeof t);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint32_t key[4], keys[44], block[4] = {0};
    static uint32_t data[1 << 14][4];
    build_tables();
    random_bytes(key, sizeof key);
    random_bytes(data, sizeof data);
    expand(keys, key);
    // Chained: each block is combined with what came out before.
    for (unsigned n = 0; n < count; n++)
        for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
            for (int w = 0; w < 4; w++)
                block[w] ^= data[i][w];
            encrypt(keys, block);
        }
    return finish(checksum(block, sizeof block));
}
