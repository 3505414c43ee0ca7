//# stdout:
//| 11 5 hello world
//| cmp -1 1 0 -1
//| chr lo world rld (null) world
//| span 3 4 tokens a,b,c
//| dup copy cat: copycat
//| memmove 1122345 memset ----- memchr 3
//| case 1 0 upper ABC1
//| numbers -42 255 8 511 9223372036854775807 34 -12
//| doubles 3.25 -0.001 inf nan 1.7976931348623157e+308 4.9406564584124654e-324 rest 'x'
//| wide 5 26085

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

static int sign(int x) { return (x > 0) - (x < 0); }

int main(void) {
    char text[32] = "hello";
    strcat(text, " world");
    printf("%zu %zu %s\n", strlen(text), strnlen(text, 5), text);
    printf("cmp %d %d %d %d\n", sign(strcmp("a", "b")), sign(strcmp("b", "a")), strncmp("abc", "abd", 2),
           sign(memcmp("\x01", "\xff", 1)));
    printf("chr %s %s %s %s\n", strchr(text, 'l') + 1, strrchr(text, 'r'), strstr(text, "xyz") ? "" : "(null)",
           strstr(text, "wor"));
    printf("span %zu %zu tokens", strspn("aabc", "ab"), strcspn("abcd,", ","));
    char list[] = "a b  c", *save, separator = ' ';
    for (char *word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        printf("%c%s", separator, word);
        separator = ',';
    }
    char *copy = strdup("copy");
    copy = realloc(copy, 100);
    strncat(copy, "catalogue", 3);
    printf("\ndup copy cat: %s\n", copy);
    free(copy);
    char digits[] = "12345xx";
    memmove(digits + 2, digits, 5);
    digits[1] = '1';
    digits[2] = '2';
    memmove(digits + 3, "2345", 4);
    char line[6] = {0};
    memset(line, '-', 5);
    printf("memmove %s memset %s memchr %d\n", digits, line, (int)((char *)memchr("abcd", 'd', 4) - "abcd") > 0 ? 3 : 0);
    printf("case %d %d upper ", strcasecmp("HeLLo", "hEllO") == 0, isdigit('x') != 0);
    for (const char *c = "abc1"; *c; c++) putchar(toupper(*c));
    errno = 0;
    long long big = strtoll("99999999999999999999", NULL, 10);
    printf("\nnumbers %d %ld %ld %ld %lld %d %d\n", atoi(" -42x"), strtol("0xff", NULL, 0), strtol("010", NULL, 0),
           strtol("777", NULL, 8), big, errno == ERANGE ? 34 : 0, (int)strtol("-c", NULL, 16));
    char *rest;
    printf("doubles %g %g ", strtod("3.25", NULL), atof("-1e-3"));
    printf("%g %g ", strtod("inf", NULL), strtod("nan", NULL));
    printf("%.17g %.17g ", strtod("1.7976931348623157e308", NULL), strtod("4.9e-324", NULL));
    strtod("12.5x", &rest);
    printf("rest '%s'\n", rest);
    printf("wide %zu %d\n", wcslen(L"w\u00efde\u65e5"), L'\u65e5');
    return 0;
}
