//# stdout:
//| main
//| second
//| first
//# stderr: on standard error
//# exit: 255


#include <stdio.h>
#include <stdlib.h>

static void first(void) { puts("first"); }
static void second(void) { puts("second"); }

int main(void) {
    atexit(first);
    atexit(second);
    puts("main");
    fputs("on standard error\n", stderr);
    exit(-1);
}
