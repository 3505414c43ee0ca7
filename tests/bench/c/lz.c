//# set: small
//# count: 140
//# short: 1
// A compressor of the LZ77 family with a hash table of positions, and its decompressor: unaligned words, copies that
// overlap, branches on data.
#include "bench.h"

enum { SIZE = 1 << 19, HASH_BITS = 14, LEAST_MATCH = 4, FARTHEST = 0xffff };
static uint8_t plain[SIZE], packed[SIZE + SIZE / 8], again[SIZE];
static uint32_t place[1 << HASH_BITS];

static uint32_t load(const uint8_t *at) {
    uint32_t word;
    memcpy(&word, at, 4);
    return word;
}

static uint32_t hash(uint32_t word) { return word * 2654435761u >> (32 - HASH_BITS); }

// Seven bits a byte, the last one without the eighth.
static uint8_t *put_number(uint8_t *to, uint32_t number) {
    for (; number >= 128; number >>= 7)
        *to++ = (uint8_t)(number | 128);
    *to++ = (uint8_t)number;
    return to;
}

static const uint8_t *get_number(const uint8_t *from, uint32_t *number) {
    *number = 0;
    for (int shift = 0;; shift += 7) {
        *number |= (uint32_t)(*from & 127) << shift;
        if (*from++ < 128)
            return from;
    }
}

// Each step is: how many bytes follow as they are, the bytes, a length, and how far back it is copied from.
static size_t compress(void) {
    const uint8_t *at = plain, *start = plain, *end = plain + SIZE;
    uint8_t *to = packed;
    memset(place, 0, sizeof place);
    while (at + LEAST_MATCH + 4 < end) {
        uint32_t word = load(at), slot = hash(word);
        const uint8_t *candidate = plain + place[slot];
        place[slot] = (uint32_t)(at - plain);
        if (candidate >= at || at - candidate > FARTHEST || load(candidate) != word) {
            at += 1 + ((at - start) >> 6);
            continue;
        }
        uint32_t length = LEAST_MATCH;
        while (at + length < end && at[length] == candidate[length])
            length++;
        to = put_number(to, (uint32_t)(at - start));
        memcpy(to, start, (size_t)(at - start));
        to = put_number(to + (at - start), length);
        to = put_number(to, (uint32_t)(at - candidate));
        at += length;
        start = at;
    }
    to = put_number(to, (uint32_t)(end - start));
    memcpy(to, start, (size_t)(end - start));
    return (size_t)(to + (end - start) - packed);
}

static size_t decompress(size_t size) {
    const uint8_t *from = packed, *end = packed + size;
    uint8_t *to = again;
    while (from < end) {
        uint32_t length, distance;
        from = get_number(from, &length);
        memcpy(to, from, length);
        to += length;
        from += length;
        if (from == end)
            break;
        from = get_number(from, &length);
        from = get_number(from, &distance);
        for (const uint8_t *old = to - distance; length > 0; length--)
            *to++ = *old++;
    }
    return (size_t)(to - again);
}

// Records with a counter, words of a small vocabulary, and bytes that do not repeat.
static void write_data(void) {
    static const char *const words[8] = {"linker ", "module\t", "trap", "<import name=\"", "\"/>\n", "memory.grow ", "0x0000", "func "};
    size_t length = 0;
    while (length + 64 < SIZE) {
        uint64_t bits = random_bits();
        for (int i = 0; i < 5; i++, bits >>= 3) {
            const char *word = words[bits & 7];
            memcpy(plain + length, word, strlen(word));
            length += strlen(word);
        }
        memcpy(plain + length, &bits, bits & 7);
        length += bits & 7;
    }
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned i = 0; i < count; i++) {
        if (i % 8 == 0)
            write_data();
        plain[random_bits() % SIZE] ^= 1;
        size_t size = compress();
        if (decompress(size) != SIZE || memcmp(plain, again, SIZE) != 0)
            return 1;
        sum = sum * 31 + checksum(packed, size / 64) + size;
    }
    return finish(sum);
}
