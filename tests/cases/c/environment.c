//# env: HOME=/somewhere
//# env: LIST=a:b:c
//# args: -v --name=x rest
//# stdout:
//| HOME=/somewhere LIST=a:b:c NONE=(null)
//| set changed unset (null) count 2
//| v name x rest rest

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

static const char *get(const char *name) {
    const char *value = getenv(name);
    return value ? value : "(null)";
}

int main(int argc, char **argv) {
    printf("HOME=%s LIST=%s NONE=%s\n", get("HOME"), get("LIST"), get("NONE"));
    setenv("HOME", "changed", 1);
    setenv("NEW", "1", 0);
    unsetenv("LIST");
    int count = 0;
    while (environ[count]) count++;
    printf("set %s unset %s count %d\n", get("HOME"), get("LIST"), count);
    struct option options[] = {{"name", required_argument, NULL, 'n'}, {0}};
    int option;
    while ((option = getopt_long(argc, argv, "v", options, NULL)) != -1)
        option == 'n' ? printf("name %s ", optarg) : printf("%c ", option);
    printf("rest %s\n", argv[optind]);
    return 0;
}
