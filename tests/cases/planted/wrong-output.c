//! The program prints something else.
//# stdout:
//| right
//| expected
//# must-fail: stdout differs in line 2: `printed`, expected `expected`

#include <stdio.h>

int main(void) { puts("right\nprinted"); }
