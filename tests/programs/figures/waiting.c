#include <stdio.h>

/* Says hello and waits, so that it can be looked at while it lives. */
int main(void) {
    puts("Hello, world!");
    fflush(stdout);
    return getchar() == EOF;
}
