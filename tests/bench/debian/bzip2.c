//# set: real
//# count: 3
//# short: 1
//# package: bzip2
//# sources: blocksort.c bzlib.c compress.c crctable.c decompress.c huffman.c randtable.c
//# flags: -DBZ_NO_STDIO
// bzip2's library: blocks are sorted, moved to front and Huffman-coded, and then all of it backwards.
#include "../c/bench.h"
#include "bzlib.h"

enum { SIZE = 1 << 20 };
static char plain[SIZE], packed[SIZE + SIZE / 50 + 600], again[SIZE];

// What the library calls when it finds itself broken.
void bz_internal_error(int code) {
    fprintf(stderr, "bzip2: internal error %d\n", code);
    abort();
}

// A log with words that return, numbers that grow, and a stretch of noise.
static void write_data(void) {
    static const char *const words[16] = {"connection", "from", "closed", "by",      "peer",  "accepted", "user",   "root",
                                          "session",    "port", "failed", "timeout", "retry", "in",       "seconds", "\n"};
    size_t length = 0;
    unsigned clock = 0;
    while (length + 64 < SIZE / 8 * 7) {
        uint64_t bits = random_bits();
        clock += bits & 7;
        length += (size_t)sprintf(plain + length, "%u ", clock);
        for (int i = 0; i < 4; i++, bits >>= 4)
            length += (size_t)sprintf(plain + length, "%s ", words[bits >> 8 & 15]);
    }
    random_bytes(plain + length, SIZE - length);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned packed_size = sizeof packed, size = SIZE;
        write_data();
        if (BZ2_bzBuffToBuffCompress(packed, &packed_size, plain, SIZE, 9, 0, 0) != BZ_OK ||
            BZ2_bzBuffToBuffDecompress(again, &size, packed, packed_size, 0, 0) != BZ_OK || size != SIZE ||
            memcmp(plain, again, SIZE) != 0)
            return 1;
        sum = sum * 31 + checksum(packed, packed_size);
    }
    return finish(sum);
}
