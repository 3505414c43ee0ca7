//# set: small
//# count: 9900
//# short: 10
// Scalar multiplication on Curve25519 (RFC 7748): arithmetic modulo 2^255 - 19 in five limbs, with 128-bit products.
#include "bench.h"

typedef unsigned __int128 u128;
typedef uint64_t Field[5];
static const uint64_t MASK = (1ull << 51) - 1;

static uint64_t load(const uint8_t *from) {
    uint64_t word;
    memcpy(&word, from, 8);
    return word;
}

static void unpack(Field to, const uint8_t from[32]) {
    to[0] = load(from) & MASK;
    to[1] = load(from + 6) >> 3 & MASK;
    to[2] = load(from + 12) >> 6 & MASK;
    to[3] = load(from + 19) >> 1 & MASK;
    to[4] = load(from + 24) >> 12 & MASK;
}

static void carry(Field a) {
    for (int i = 0; i < 4; i++) {
        a[i + 1] += a[i] >> 51;
        a[i] &= MASK;
    }
    a[0] += 19 * (a[4] >> 51);
    a[4] &= MASK;
}

static void pack(uint8_t to[32], const Field from) {
    Field a, less;
    memcpy(a, from, sizeof a);
    carry(a);
    carry(a);
    // a - p, if it is not negative.
    memcpy(less, a, sizeof a);
    less[0] += 19;
    carry(less);
    Field over;
    memcpy(over, a, sizeof a);
    over[0] += 19;
    for (int i = 0; i < 4; i++) {
        over[i + 1] += over[i] >> 51;
        over[i] &= MASK;
    }
    if (over[4] >> 51) {
        over[4] &= MASK;
        memcpy(a, over, sizeof a);
    }
    uint64_t words[4] = {a[0] | a[1] << 51, a[1] >> 13 | a[2] << 38, a[2] >> 26 | a[3] << 25, a[3] >> 39 | a[4] << 12};
    memcpy(to, words, 32);
}

static void add(Field to, const Field a, const Field b) {
    for (int i = 0; i < 5; i++)
        to[i] = a[i] + b[i];
}

// Plus 4 p, so that no limb is negative.
static void subtract(Field to, const Field a, const Field b) {
    to[0] = a[0] + 0x1fffffffffffb4 - b[0];
    for (int i = 1; i < 5; i++)
        to[i] = a[i] + 0x1ffffffffffffc - b[i];
}

static void reduce(Field to, u128 t[5]) {
    for (int i = 0; i < 4; i++) {
        t[i + 1] += (uint64_t)(t[i] >> 51);
        to[i] = (uint64_t)t[i] & MASK;
    }
    to[4] = (uint64_t)t[4] & MASK;
    to[0] += (uint64_t)(t[4] >> 51) * 19;
    to[1] += to[0] >> 51;
    to[0] &= MASK;
}

static void multiply(Field to, const Field a, const Field b) {
    uint64_t b1 = b[1] * 19, b2 = b[2] * 19, b3 = b[3] * 19, b4 = b[4] * 19;
    u128 t[5];
    t[0] = (u128)a[0] * b[0] + (u128)a[1] * b4 + (u128)a[2] * b3 + (u128)a[3] * b2 + (u128)a[4] * b1;
    t[1] = (u128)a[0] * b[1] + (u128)a[1] * b[0] + (u128)a[2] * b4 + (u128)a[3] * b3 + (u128)a[4] * b2;
    t[2] = (u128)a[0] * b[2] + (u128)a[1] * b[1] + (u128)a[2] * b[0] + (u128)a[3] * b4 + (u128)a[4] * b3;
    t[3] = (u128)a[0] * b[3] + (u128)a[1] * b[2] + (u128)a[2] * b[1] + (u128)a[3] * b[0] + (u128)a[4] * b4;
    t[4] = (u128)a[0] * b[4] + (u128)a[1] * b[3] + (u128)a[2] * b[2] + (u128)a[3] * b[1] + (u128)a[4] * b[0];
    reduce(to, t);
}

static void scale(Field to, const Field a, uint64_t by) {
    u128 t[5];
    for (int i = 0; i < 5; i++)
        t[i] = (u128)a[i] * by;
    reduce(to, t);
}

// a to the power of p - 2.
static void invert(Field to, const Field a) {
    Field result = {1};
    for (int bit = 254; bit >= 0; bit--) {
        multiply(result, result, result);
        if (bit != 2 && bit != 4)
            multiply(result, result, a);
    }
    memcpy(to, result, sizeof result);
}

static void swap_if(uint64_t swap, Field a, Field b) {
    for (int i = 0; i < 5; i++) {
        uint64_t both = (a[i] ^ b[i]) & -swap;
        a[i] ^= both;
        b[i] ^= both;
    }
}

static void x25519(uint8_t result[32], const uint8_t scalar[32], const uint8_t point[32]) {
    uint8_t k[32];
    memcpy(k, scalar, 32);
    k[0] &= 248;
    k[31] = (uint8_t)((k[31] & 127) | 64);
    Field x1, x2 = {1}, z2 = {0}, x3, z3 = {1};
    unpack(x1, point);
    memcpy(x3, x1, sizeof x3);
    uint64_t swapped = 0;
    for (int bit = 254; bit >= 0; bit--) {
        uint64_t now = k[bit / 8] >> bit % 8 & 1;
        swap_if(swapped ^ now, x2, x3);
        swap_if(swapped ^ now, z2, z3);
        swapped = now;
        Field a, aa, b, bb, e, c, d, da, cb;
        add(a, x2, z2), multiply(aa, a, a);
        subtract(b, x2, z2), multiply(bb, b, b);
        subtract(e, aa, bb);
        add(c, x3, z3), subtract(d, x3, z3);
        multiply(da, d, a), multiply(cb, c, b);
        add(x3, da, cb), multiply(x3, x3, x3);
        subtract(z3, da, cb), multiply(z3, z3, z3), multiply(z3, z3, x1);
        multiply(x2, aa, bb);
        scale(z2, e, 121665), add(z2, z2, aa), multiply(z2, z2, e);
    }
    swap_if(swapped, x2, x3);
    swap_if(swapped, z2, z3);
    invert(z2, z2);
    multiply(x2, x2, z2);
    pack(result, x2);
}

// RFC 7748, section 5.2: after 1,000 iterations it is 684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51.
int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint8_t k[32] = {9}, u[32] = {9}, result[32];
    for (unsigned i = 0; i < count; i++) {
        x25519(result, k, u);
        memcpy(u, k, 32);
        memcpy(k, result, 32);
    }
    for (int i = 0; i < 32; i++)
        printf("%02x", k[i]);
    return puts("") < 0;
}
