//# set: small
//# count: 22
//# short: 1
// An interpreter of a register machine, one switch: it counts primes, computes Fibonacci numbers, and hashes memory.
#include "bench.h"

enum Op { ADD, ADDI, SUB, MUL, AND, XOR, SHL, SHR, LOAD, STORE, LESS, EQUAL, JUMP, BRANCH, CALL, RETURN, PUSH, POP, HALT };
typedef struct {
    uint8_t op, a, b, c;
    int32_t value;
} Instruction;
enum { MEMORY = 1 << 16 };
static uint32_t memory[MEMORY];

static uint32_t run(const Instruction *code, uint32_t argument) {
    uint32_t r[16] = {0, argument}, stack[256];
    int depth = 0;
    const Instruction *at = code;
    for (;;) {
        const Instruction i = *at++;
        switch (i.op) {
        case ADD: r[i.a] = r[i.b] + r[i.c]; break;
        case ADDI: r[i.a] = r[i.b] + (uint32_t)i.value; break;
        case SUB: r[i.a] = r[i.b] - r[i.c]; break;
        case MUL: r[i.a] = r[i.b] * r[i.c]; break;
        case AND: r[i.a] = r[i.b] & r[i.c]; break;
        case XOR: r[i.a] = r[i.b] ^ r[i.c]; break;
        case SHL: r[i.a] = r[i.b] << (i.value & 31); break;
        case SHR: r[i.a] = r[i.b] >> (i.value & 31); break;
        case LOAD: r[i.a] = memory[(r[i.b] + (uint32_t)i.value) % MEMORY]; break;
        case STORE: memory[(r[i.b] + (uint32_t)i.value) % MEMORY] = r[i.a]; break;
        case LESS: r[i.a] = r[i.b] < r[i.c]; break;
        case EQUAL: r[i.a] = r[i.b] == r[i.c]; break;
        case JUMP: at = code + i.value; break;
        case BRANCH: at = r[i.a] ? code + i.value : at; break;
        case CALL: stack[depth++] = (uint32_t)(at - code); at = code + i.value; break;
        case RETURN: at = code + stack[--depth]; break;
        case PUSH: stack[depth++] = r[i.a]; break;
        case POP: r[i.a] = stack[--depth]; break;
        case HALT: return r[1];
        }
    }
}

// Register 1 is the argument and the result, 0 is zero, 15 is one where it is needed.
static const Instruction sieve[] = {
    {ADDI, 2, 0, 0, 2},      // candidate
    {ADDI, 3, 0, 0, 0},      // primes found
    {LESS, 5, 2, 1, 0},      // 2: all numbers done?
    {BRANCH, 5, 0, 0, 6},
    {ADD, 1, 3, 0, 0},
    {HALT, 0, 0, 0, 0},
    {LOAD, 6, 2, 0, 0},      // 6: is it marked?
    {BRANCH, 6, 0, 0, 15},
    {ADDI, 3, 3, 0, 1},
    {ADD, 4, 2, 2, 0},       // mark the multiples
    {ADDI, 15, 0, 0, 1},
    {LESS, 5, 1, 4, 0},      // 11
    {BRANCH, 5, 0, 0, 15},
    {STORE, 15, 4, 0, 0},
    {JUMP, 0, 0, 0, 17},
    {ADDI, 2, 2, 0, 1},      // 15: the next one
    {JUMP, 0, 0, 0, 2},
    {ADD, 4, 4, 2, 0},       // 17
    {JUMP, 0, 0, 0, 11},
};

static const Instruction fibonacci[] = {
    {CALL, 0, 0, 0, 2},
    {HALT, 0, 0, 0, 0},
    {ADDI, 2, 0, 0, 2},      // 2: fib(r1)
    {LESS, 3, 1, 2, 0},
    {BRANCH, 3, 0, 0, 15},
    {PUSH, 1, 0, 0, 0},
    {ADDI, 1, 1, 0, -1},
    {CALL, 0, 0, 0, 2},
    {POP, 2, 0, 0, 0},
    {PUSH, 1, 0, 0, 0},
    {ADDI, 1, 2, 0, -2},
    {CALL, 0, 0, 0, 2},
    {POP, 2, 0, 0, 0},
    {ADD, 1, 1, 2, 0},
    {RETURN, 0, 0, 0, 0},
    {RETURN, 0, 0, 0, 0},    // 15
};

static const Instruction hash[] = {
    {ADDI, 2, 0, 0, 0},      // address
    {ADDI, 3, 0, 0, 16777619},
    {ADDI, 4, 0, 0, 12345},
    {LOAD, 5, 2, 0, 0},      // 3
    {XOR, 4, 4, 5, 0},
    {MUL, 4, 4, 3, 0},
    {SHR, 6, 4, 0, 15},
    {SHL, 7, 4, 0, 3},
    {XOR, 4, 6, 4, 0},
    {SUB, 7, 7, 5, 0},
    {AND, 7, 7, 4, 0},
    {STORE, 7, 2, 0, 1},
    {ADDI, 2, 2, 0, 1},
    {EQUAL, 8, 2, 1, 0},
    {EQUAL, 8, 8, 0, 0},
    {BRANCH, 8, 0, 0, 3},
    {ADD, 1, 4, 0, 0},
    {HALT, 0, 0, 0, 0},
};

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned i = 0; i < count; i++) {
        memset(memory, 0, sizeof memory);
        sum = sum * 31 + run(sieve, MEMORY - 1);
        sum = sum * 31 + run(fibonacci, 22 + i % 3);
        for (unsigned j = 0; j < 10; j++)
            sum = sum * 31 + run(hash, MEMORY - 1 - j);
    }
    return finish(sum);
}
