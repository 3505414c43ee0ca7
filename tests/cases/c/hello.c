//# args: one "two words"
//# stdout:
//| hello from C
//| argument 1: one
//| argument 2: two words
//# exit: 3

#include <stdio.h>

int main(int argc, char **argv) {
    puts("hello from C");
    for (int i = 1; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
    return 3;
}
