//! Calls without a frame in the guest's own memory: the native stack runs out first.
//# trap: call stack exhausted

static int (*volatile again)(int);

static int forever(int n) { return n + again(n + 1); }

int main(void) {
    again = forever;
    return forever(0);
}
