//# trap: unreachable
//# stdout: before

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    puts("before");
    fflush(stdout);
    abort();
}
