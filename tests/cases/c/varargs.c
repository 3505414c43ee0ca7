//# stdout:
//| 15
//| 1 2.5 three 4 5000000000
//| copied 6 6
//| struct 1 2 3 4

#include <stdarg.h>
#include <stdio.h>

struct four { int a, b, c, d; };

static int sum(int count, ...) {
    va_list list, again;
    va_start(list, count);
    va_copy(again, list);
    int total = 0, twice = 0;
    for (int i = 0; i < count; i++) total += va_arg(list, int);
    for (int i = 0; i < count; i++) twice += va_arg(again, int);
    va_end(list);
    va_end(again);
    return total == twice ? total : -1;
}

static void mixed(const char *kinds, ...) {
    va_list list;
    va_start(list, kinds);
    for (const char *kind = kinds; *kind; kind++) {
        if (kind != kinds) putchar(' ');
        switch (*kind) {
        case 'i': printf("%d", va_arg(list, int)); break;
        case 'd': printf("%g", va_arg(list, double)); break;
        case 's': printf("%s", va_arg(list, char *)); break;
        case 'l': printf("%lld", va_arg(list, long long)); break;
        }
    }
    va_end(list);
    puts("");
}

static struct four pass(int tag, ...) {
    va_list list;
    va_start(list, tag);
    struct four four = va_arg(list, struct four);
    va_end(list);
    return four;
}

int main(void) {
    printf("%d\n", sum(5, 1, 2, 3, 4, 5));
    mixed("idsil", 1, 2.5, "three", 4, 5000000000LL);
    printf("copied %d %d\n", sum(3, 1, 2, 3), sum(1, 6));
    struct four four = pass(0, (struct four){1, 2, 3, 4});
    printf("struct %d %d %d %d\n", four.a, four.b, four.c, four.d);
    return 0;
}
