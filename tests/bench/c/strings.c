//# set: small
//# count: 250
//# short: 1
// The C library's small functions on text: character classes, strlen, strchr, strcmp, strstr, strtok, strtol, snprintf.
#include "bench.h"
#include <ctype.h>

enum { SIZE = 1 << 17 };
static char text[SIZE], copy[SIZE];

static void write_text(void) {
    static const char *const words[] = {"the",  "quick", "brown", "fox,",  "JUMPS", "over",  "12",    "lazy",
                                        "dogs", "and",   "3907",  "times", "it",    "falls", "down.", "\n"};
    size_t length = 0;
    while (length + 8 < SIZE) {
        const char *word = words[random_bits() >> 60];
        size_t size = strlen(word);
        memcpy(text + length, word, size);
        length += size;
        text[length++] = ' ';
    }
    text[length] = 0;
}

static unsigned classify(char *at) {
    unsigned letters = 0, digits = 0, rest = 0;
    for (; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (isalpha(c)) {
            letters++;
            *at = (char)(isupper(c) ? tolower(c) : toupper(c));
        } else if (isdigit(c)) {
            digits++;
        } else {
            rest += !isspace(c) + 2u * !ispunct(c);
        }
    }
    return letters ^ digits << 8 ^ rest << 16;
}

static unsigned tokenise(char *at) {
    unsigned sum = 0;
    for (char *word = strtok(at, " ,.\n"); word; word = strtok(NULL, " ,.\n")) {
        size_t length = strlen(word);
        sum = sum * 31 + (unsigned)length;
        if (isdigit((unsigned char)*word))
            sum += (unsigned)strtol(word, NULL, 10);
        else if (strcmp(word, "lazy") > 0)
            sum ^= (unsigned char)word[length - 1];
    }
    return sum;
}

static unsigned search(const char *at) {
    char line[200];
    unsigned found = 0;
    for (const char *end; (end = strchr(at, '\n')); at = end + 1) {
        size_t length = (size_t)(end - at) < sizeof line ? (size_t)(end - at) : sizeof line - 1;
        memcpy(line, at, length);
        line[length] = 0;
        const char *hit = strstr(line, "fox, jumps");
        found += hit ? 100 + (unsigned)(hit - line) : 1;
    }
    return found;
}

static unsigned print(unsigned number) {
    char line[80];
    unsigned sum = 0;
    for (unsigned i = 0; i < 3000; i++) {
        int length = snprintf(line, sizeof line, "%5u: %-8s|%08x %c", i, i % 2 ? "odd" : "even", number * i,
                              'a' + (int)(i % 26));
        sum = sum * 31 + (unsigned)length + (unsigned char)line[length - 3];
    }
    return sum;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    write_text();
    for (unsigned i = 0; i < count; i++) {
        sum = sum * 31 + classify(text);
        sum = sum * 31 + search(text);
        strcpy(copy, text);
        sum = sum * 31 + tokenise(copy);
        sum = sum * 31 + print((unsigned)sum);
    }
    return finish(sum);
}
