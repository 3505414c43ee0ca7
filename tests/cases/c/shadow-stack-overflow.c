//! Frames in the guest's own memory: its stack runs below address 0.
//# flags: -Wl,--stack-first -Wl,-z,stack-size=65536 -O1
//# trap: out of bounds memory access

#include <string.h>

static int (*volatile again)(int);

static int forever(int n) {
    volatile char frame[4096];
    frame[n % 4096] = 1;
    return frame[0] + again(n + 1);
}

int main(void) {
    again = forever;
    return forever(0);
}
