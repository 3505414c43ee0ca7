//! The program says something on standard error; nobody said it would.
//# must-fail: stderr differs in line 1: `surprise`

#include <stdio.h>

int main(void) { fputs("surprise\n", stderr); }
