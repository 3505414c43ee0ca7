//# set: small
//# count: 970
//# short: 1
// SHA-3's permutation: 25 words of 64 bits, more than there are registers.
#include "bench.h"

enum { RATE = 136 };
static uint64_t state[25];

static uint64_t rotate(uint64_t x, int by) { return by ? x << by | x >> (64 - by) : x; }

static void permute(void) {
    static const uint64_t constants[24] = {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
    static const int rotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                      25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
    for (int round = 0; round < 24; round++) {
        uint64_t column[5], moved[25];
        for (int x = 0; x < 5; x++)
            column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        for (int y = 0; y < 5; y++)
            for (int x = 0; x < 5; x++) {
                uint64_t mixed = state[5 * y + x] ^ column[(x + 4) % 5] ^ rotate(column[(x + 1) % 5], 1);
                moved[5 * ((2 * x + 3 * y) % 5) + y] = rotate(mixed, rotations[5 * y + x]);
            }
        for (int y = 0; y < 5; y++)
            for (int x = 0; x < 5; x++)
                state[5 * y + x] = moved[5 * y + x] ^ (~moved[5 * y + (x + 1) % 5] & moved[5 * y + (x + 2) % 5]);
        state[0] ^= constants[round];
    }
}

static void absorb(const uint8_t *data, size_t blocks) {
    for (; blocks > 0; blocks--, data += RATE) {
        for (int i = 0; i < RATE / 8; i++) {
            uint64_t word;
            memcpy(&word, data + 8 * i, 8);
            state[i] ^= word;
        }
        permute();
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    static uint8_t data[RATE * 1500];
    random_bytes(data, sizeof data);
    for (unsigned i = 0; i < count; i++)
        absorb(data, sizeof data / RATE);
    return finish(checksum(state, sizeof state));
}
