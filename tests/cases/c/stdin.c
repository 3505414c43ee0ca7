//# stdin:
//| 3 4.5 word
//| line with blanks
//| 0x1f 017
//# stdout:
//| 3 4.5 word
//| [line with blanks]
//| 31 15
//| end -1

#include <stdio.h>
#include <string.h>

int main(void) {
    int number;
    double real;
    char word[16], line[64];
    scanf("%d %lf %15s ", &number, &real, word);
    printf("%d %g %s\n", number, real, word);
    fgets(line, sizeof line, stdin);
    line[strcspn(line, "\n")] = 0;
    printf("[%s]\n", line);
    int hex, octal;
    scanf("%i %i", &hex, &octal);
    printf("%d %d\n", hex, octal);
    getchar();
    printf("end %d\n", getchar());
    return 0;
}
