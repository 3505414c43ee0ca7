//! A bytecode interpreter: one large switch.
//# stdout:
//| fibonacci(30) = 832040
//| primes below 2000: 303
//| sparse 10 20 30 40 -1 60

#include <stdio.h>

enum { PUSH, POP, ADD, SUB, MUL, LESS, JUMP, BRANCH, LOAD, STORE, PRINT, HALT };

static long run(const int *code) {
    long stack[64], *top = stack, variables[8] = {0};
    for (int at = 0;;) {
        switch (code[at++]) {
        case PUSH: *++top = code[at++]; break;
        case POP: top--; break;
        case ADD: top[-1] += *top; top--; break;
        case SUB: top[-1] -= *top; top--; break;
        case MUL: top[-1] *= *top; top--; break;
        case LESS: top[-1] = top[-1] < *top; top--; break;
        case JUMP: at = code[at]; break;
        case BRANCH: at = *top-- ? code[at] : at + 1; break;
        case LOAD: *++top = variables[code[at++]]; break;
        case STORE: variables[code[at++]] = *top--; break;
        case PRINT: printf("%ld\n", *top); break;
        case HALT: return *top;
        default: __builtin_trap();
        }
    }
}

static int sparse(int x) {
    switch (x) {
    case -2147483647 - 1: return 10;
    case -5: return 20;
    case 0: return 30;
    case 1000: return 40;
    case 2147483647: return 60;
    default: return -1;
    }
}

int main(void) {
    // a = 0, b = 1, n = 30; while (0 < n) { t = a + b; a = b; b = t; n -= 1 } return a
    static const int fibonacci[] = {
        PUSH, 1, STORE, 1, PUSH, 30, STORE, 2,
        PUSH, 0, LOAD, 2, LESS, BRANCH, 18, LOAD, 0, HALT,
        LOAD, 0, LOAD, 1, ADD, STORE, 3, LOAD, 1, STORE, 0, LOAD, 3, STORE, 1,
        LOAD, 2, PUSH, 1, SUB, STORE, 2, JUMP, 8,
    };
    printf("fibonacci(30) = %ld\n", run(fibonacci));
    int primes = 0;
    for (int n = 2; n < 2000; n++) {
        int prime = 1;
        for (int d = 2; d * d <= n; d++)
            if (n % d == 0) prime = 0;
        primes += prime;
    }
    printf("primes below 2000: %d\n", primes);
    static volatile int inputs[] = {-2147483647 - 1, -5, 0, 1000, 999, 2147483647};
    printf("sparse");
    for (int i = 0; i < 6; i++) printf(" %d", sparse(inputs[i]));
    puts("");
    return 0;
}
