/* Calls through a table: an interpreter whose instructions are functions. */
#include <stdio.h>

static int stack[16], *top = stack, pc, left = 60000000;
typedef void (*instruction)(void);
static void push_one(void) { *++top = 1; }
static void add(void) { int value = *top--; *top += value; }
static void twice(void) { *top += *top; }
static void fold(void) { *top ^= (unsigned)*top >> 7; }
static void jump(void) { pc = -1; }
static const instruction program[] = {push_one, add, twice, push_one, add, fold, jump};

int main(void) {
    *top = 1;
    for (; left > 0; left--) {
        program[pc]();
        pc++;
    }
    printf("%d\n", *top);
}
