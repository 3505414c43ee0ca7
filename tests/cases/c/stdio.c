//# dir: data::/data
//# given data/input.txt:
//| alpha 1
//| beta 22
//| gamma 333
//# stdout:
//| alpha 1
//| beta 22
//| gamma 333
//| sum 356 words 3
//| pushed back: a then a
//| at end: 1 after rewind: a
//| tell 6 char '1'
//| read back: line 0
//| size 90
//| updated: LINE 0
//| missing: 44
//| removed: 1
//| tmp: hello
//# file data/out.txt:
//| LINE 0
//|  0.00
//| line 1: 0.50
//| line 2: 1.00
//| line 3: 1.50
//| line 4: 2.00
//| line 5: 2.50
//| line 6: 3.00
//# absent: data/moved.txt

#include <errno.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    char line[64], word[16];
    int number, sum = 0, words = 0;
    FILE *in = fopen("/data/input.txt", "r");
    while (fgets(line, sizeof line, in)) fputs(line, stdout);
    rewind(in);
    while (fscanf(in, "%15s %d", word, &number) == 2) sum += number, words++;
    printf("sum %d words %d\n", sum, words);
    rewind(in);
    int c = fgetc(in);
    ungetc(c, in);
    printf("pushed back: %c then %c\n", c, fgetc(in));
    fseek(in, 0, SEEK_END);
    fgetc(in);
    printf("at end: %d ", feof(in) != 0);
    rewind(in);
    printf("after rewind: %c\n", fgetc(in));
    fseek(in, 5, SEEK_CUR);
    printf("tell %ld ", ftell(in));
    printf("char '%c'\n", fgetc(in));
    fclose(in);

    FILE *out = fopen("/data/out.txt", "w+");
    for (int i = 0; i < 7; i++) fprintf(out, "line %d: %.2f\n", i, i / 2.0);
    fseek(out, 0, SEEK_SET);
    fscanf(out, "%[^:]", line);
    printf("read back: %s\n", line);
    fseek(out, 0, SEEK_END);
    printf("size %ld\n", ftell(out) - 1);
    fclose(out);
    out = fopen("/data/out.txt", "r+");
    fputs("LINE 0\n", out);
    fclose(out);
    out = fopen("/data/out.txt", "r");
    fgets(line, sizeof line, out);
    printf("updated: %s", line);
    fclose(out);

    printf("missing: %d\n", fopen("/data/none", "r") ? 0 : errno);
    out = fopen("/data/moved.txt", "wb");
    fclose(out);
    rename("/data/moved.txt", "/data/again.txt");
    printf("removed: %d\n", remove("/data/again.txt") == 0);

    setvbuf(stdout, NULL, _IOFBF, 4096);
    char buffer[32];
    FILE *memory = fmemopen(buffer, sizeof buffer, "w");
    fputs("hello", memory);
    fclose(memory);
    printf("tmp: %s\n", buffer);
    return 0;
}
