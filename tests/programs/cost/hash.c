/* Short loops over bytes and a table of words: a hash table of three-letter words. */
#include <stdio.h>
#include <string.h>

static unsigned counts[1 << 16];

static unsigned hash(const char *text, int len) {
    unsigned value = 2166136261u;
    for (int i = 0; i < len; i++) value = (value ^ (unsigned char)text[i]) * 16777619u;
    return value;
}

int main(void) {
    static char text[1 << 20];
    unsigned seed = 7, sum = 0;
    for (unsigned i = 0; i < sizeof text; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = 'a' + (seed >> 24) % 26;
    }
    for (int round = 0; round < 40; round++)
        for (unsigned i = 0; i + 3 < sizeof text; i++) counts[hash(text + i, 3) & 0xffff]++;
    for (unsigned i = 0; i < 1 << 16; i++) sum = sum * 31 + counts[i];
    printf("%u\n", sum);
}
