//# also: --pie
//# stdout:
//| intact 1
//| aligned 1
//| zeroed 1
//| too much 1
//| again 1

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2000 };
static unsigned char *blocks[SLOTS];
static size_t sizes[SLOTS];

static unsigned next(void) {
    static unsigned state = 12345;
    return (state = state * 1664525 + 1013904223) >> 8;
}

static int intact(int slot) {
    for (size_t i = 0; i < sizes[slot]; i++)
        if (blocks[slot][i] != (unsigned char)slot) return 0;
    return 1;
}

int main(void) {
    int fine = 1;
    for (int step = 0; step < 200000; step++) {
        int slot = (int)(next() % SLOTS);
        fine &= intact(slot);
        size_t size = next() % 200 + (next() % 100 == 0 ? 20000 : 0);
        if (next() % 3 == 0) {
            free(blocks[slot]);
            blocks[slot] = NULL;
            sizes[slot] = 0;
        } else {
            blocks[slot] = realloc(blocks[slot], size + 1);
            sizes[slot] = size;
            memset(blocks[slot], slot, size);
        }
    }
    printf("intact %d\n", fine);
    void *aligned;
    printf("aligned %d\n", posix_memalign(&aligned, 4096, 100) == 0 && (uintptr_t)aligned % 4096 == 0);
    unsigned char *zeros = calloc(1000, 1000);
    int zeroed = 1;
    for (int i = 0; i < 1000000; i += 111) zeroed &= zeros[i] == 0;
    printf("zeroed %d\n", zeroed);
    void *volatile much = malloc(0xf0000000u);
    printf("too much %d\n", much == NULL);
    for (int i = 0; i < SLOTS; i++) free(blocks[i]);
    char *large = malloc(50000000);
    large[49999999] = 1;
    printf("again %d\n", large[49999999]);
    return 0;
}
