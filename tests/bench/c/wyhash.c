//# set: small
//# count: 400
//# short: 1
// Hashes of keys: Wang Yi's wyhash, whose core is a product of 64 by 64 bits, and SipHash-2-4.
#include "bench.h"

typedef unsigned __int128 u128;

static uint64_t load(const uint8_t *from) {
    uint64_t word;
    memcpy(&word, from, 8);
    return word;
}

// Fewer than eight bytes.
static uint64_t load_some(const uint8_t *from, size_t length) {
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)from[i] << 8 * i;
    return word;
}

static uint64_t fold(uint64_t a, uint64_t b) {
    u128 product = (u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t wyhash(const uint8_t *key, size_t length, uint64_t seed) {
    static const uint64_t secret[4] = {0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3};
    size_t left = length;
    seed ^= secret[0];
    for (; left > 16; left -= 16, key += 16)
        seed = fold(load(key) ^ secret[1], load(key + 8) ^ seed);
    uint64_t a = left >= 8 ? load(key) : load_some(key, left);
    uint64_t b = left > 8 ? load_some(key + 8, left - 8) : left == 16 ? load(key + 8) : 0;
    return fold(secret[1] ^ length, fold(a ^ secret[2], b ^ seed));
}

static uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static void sip_round(uint64_t v[4]) {
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

static uint64_t siphash(const uint8_t *key, size_t length, uint64_t k0, uint64_t k1) {
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
    size_t left = length;
    for (; left >= 8; left -= 8, key += 8) {
        uint64_t word = load(key);
        v[3] ^= word;
        sip_round(v), sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = load_some(key, left) | (uint64_t)length << 56;
    v[3] ^= last;
    sip_round(v), sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    sip_round(v), sip_round(v), sip_round(v), sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    static uint8_t data[1 << 16];
    uint64_t a = 1, b = 2;
    random_bytes(data, sizeof data);
    for (unsigned i = 0; i < count; i++)
        for (size_t at = 0; at + 128 < sizeof data; at += 3) {
            size_t length = a % 61 + b % 67;
            a = wyhash(data + at, length, a);
            b = siphash(data + at, length, a, b);
        }
    return finish(a ^ b);
}
