//# stdout:
//| [42] [+42] [   42] [42   ] [00042] [-42] [4294967254]
//| [2a] [2A] [0x2a] [52] [052] [0]
//| [-9223372036854775808] [18446744073709551615] [-128] [200] [65535]
//| [A] [text] [  text] [text  ] [te] [(null)] [%]
//| [1.500000] [1.5] [1.500e+00] [1.5E+00] [2] [0x1.8p+0]
//| [inf] [-INF] [nan] [1e+100] [1e-05] [0.0001] [123457] [1.23457e+06]
//| [      3.14] [3.14      ] [+3.14] [0000003.14] [3.1415926535897931]
//| [3.14] [00007] [      0x1f]
//| count 5 returned 6
//| truncated "abcd" wanted 10
//| [0.1000000000000000055511151231257827]
//| [1.25] long double

#include <limits.h>

#include <stdarg.h>
#include <stdio.h>

static volatile double zero = 0.0;

static int format(char *buffer, size_t size, const char *text, ...) {
    va_list arguments;
    va_start(arguments, text);
    int length = vsnprintf(buffer, size, text, arguments);
    va_end(arguments);
    return length;
}

int main(void) {
    printf("[%d] [%+d] [%5d] [%-5d] [%05d] [%i] [%u]\n", 42, 42, 42, 42, 42, -42, -42);
    printf("[%x] [%X] [%#x] [%o] [%#o] [%#x]\n", 42, 42, 42, 42, 42, 0);
    printf("[%lld] [%llu] [%hhd] [%hhu] [%hu]\n", LLONG_MIN, ULLONG_MAX, (char)128, (unsigned char)200, (unsigned short)65535);
    const char *null = zero == 0 ? NULL : "";
    printf("[%c] [%s] [%6s] [%-6s] [%.2s] [%s] [%%]\n", 'A', "text", "text", "text", "text", null);
    printf("[%f] [%g] [%.3e] [%.1E] [%.0f] [%a]\n", 1.5, 1.5, 1.5, 1.5, 1.5, 1.5);
    printf("[%f] [%F] [%f] ", 1 / zero, -1 / zero, __builtin_nan(""));
    printf("[%g] [%g] [%g] [%g] [%g]\n", 1e100, 1e-5, 1e-4, 123456.7, 1234567.8);
    double pi = 3.14159265358979311600;
    printf("[%10.2f] [%-10.2f] [%+.2f] [%010.2f] [%.17g]\n", pi, pi, pi, pi, pi);
    printf("[%.*f] [%0*d] [%#*x]\n", 2, pi, 5, 7, 10, 31);
    int count;
    int returned = printf("count%n", &count);
    printf(" %d returned %d\n", count, returned + 1);
    char buffer[5];
    int wanted = format(buffer, sizeof buffer, "%s%d", "abcdefg", 123);
    printf("truncated \"%s\" wanted %d\n", buffer, wanted);
    printf("[%.34f]\n", 0.1);
    printf("[%.2Lf] long double\n", 1.25L);
    return 0;
}
