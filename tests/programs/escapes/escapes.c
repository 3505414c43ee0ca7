// Attempts to leave the directory that descriptor 3 is, each with a permitted twin; see suites/escapes.rs, which makes the
// files. A line says of each: `NAME held ERRNO | twin ok`, or `escaped`, or with which error the twin failed.
//
// escapes matrix OUTSIDE    OUTSIDE: absolute path of the directory to reach
// escapes race              while another process swaps things
// escapes mount NAME UP     NAME: a mount point in the directory; UP: from there to the root

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) uint16_t
WASI(path_open) path_open(int fd, int follow, const char *path, size_t len, int oflags, uint64_t rights,
                          uint64_t inheriting, int fdflags, int *opened);
WASI(path_create_directory) path_create_directory(int fd, const char *path, size_t len);
WASI(path_filestat_get) path_filestat_get(int fd, int follow, const char *path, size_t len, void *stat);
WASI(path_filestat_set_times) path_filestat_set_times(int fd, int follow, const char *path, size_t len, uint64_t atim,
                                                      uint64_t mtim, int flags);
WASI(path_link) path_link(int fd, int follow, const char *path, size_t len, int to, const char *new, size_t new_len);
WASI(path_readlink) path_readlink(int fd, const char *path, size_t len, char *buffer, size_t size, size_t *used);
WASI(path_remove_directory) path_remove_directory(int fd, const char *path, size_t len);
WASI(path_rename) path_rename(int fd, const char *path, size_t len, int to, const char *new, size_t new_len);
WASI(path_symlink) path_symlink(const char *text, size_t text_len, int fd, const char *path, size_t len);
WASI(path_unlink_file) path_unlink_file(int fd, const char *path, size_t len);
WASI(fd_close) fd_close(int fd);
WASI(fd_read) fd_read(int fd, const void *vectors, size_t count, size_t *read);
WASI(fd_readdir) fd_readdir(int fd, void *buffer, size_t size, uint64_t cookie, size_t *used);

enum { ROOT = 3, CREAT = 1, DIRECTORY = 2, EXCL = 4, TRUNC = 8, MTIM = 4 };
static const uint64_t READ = 1 << 1, WRITE = 1 << 6, READDIR = 1 << 14;

// A path with its length, since zero bytes are tried as well.
typedef struct {
    const char *bytes;
    size_t len;
} Path;

static int open_at(int fd, Path path, int follow, int oflags, uint64_t rights) {
    int opened;
    int error = path_open(fd, follow, path.bytes, path.len, oflags, rights, rights, 0, &opened);
    if (!error) fd_close(opened);
    return error;
}

static int list(Path path) {
    int opened;
    int error = path_open(ROOT, 1, path.bytes, path.len, DIRECTORY, READDIR, READDIR, 0, &opened);
    if (error) return error;
    char buffer[256];
    size_t used;
    error = fd_readdir(opened, buffer, sizeof buffer, 0, &used);
    fd_close(opened);
    return error;
}

// What is done with a path, by number.
static const struct {
    const char *name;
    char kind; // f: a file, d: an empty directory, l: a symbolic link, n: nothing yet
    int looks; // concerns a file's attributes alone
} OPERATIONS[] = {
    {"read", 'f'},         {"write", 'f'},   {"truncate", 'f'},    {"create", 'n'},       {"create-new", 'n'},
    {"read-link", 'l'},    {"list", 'd'},    {"make-dir", 'n'},    {"remove-dir", 'd'},   {"unlink", 'f'},
    {"unlink-link", 'l'},  {"symlink", 'n'}, {"rename-from", 'f'}, {"rename-dir", 'd'},   {"rename-to", 'n'},
    {"rename-over", 'f'},  {"link-from", 'f'}, {"link-to", 'n'},   {"stat", 'f', 1},      {"stat-link", 'l', 1},
    {"readlink", 'l', 1},  {"set-times", 'f', 1}, {"set-times-link", 'l', 1},
};
enum { COUNT = sizeof OPERATIONS / sizeof *OPERATIONS };

static int do_operation(int operation, Path path, int form, int is_twin) {
    const char *p = path.bytes;
    size_t n = path.len;
    char own[32], buffer[512];
    size_t used;
    // A file of the program's own, beside everything else.
    int len = snprintf(own, sizeof own, "own/%c%d-%d", is_twin ? 't' : 'a', operation, form);
    Path mine = {own, len};
    switch (operation) {
    case 0: return open_at(ROOT, path, 1, 0, READ);
    case 1: return open_at(ROOT, path, 1, 0, WRITE);
    case 2: return open_at(ROOT, path, 1, TRUNC, WRITE);
    case 3: return open_at(ROOT, path, 1, CREAT, WRITE);
    case 4: return open_at(ROOT, path, 0, CREAT | EXCL, WRITE);
    case 5: return open_at(ROOT, path, 1, 0, READ);
    case 6: return list(path);
    case 7: return path_create_directory(ROOT, p, n);
    case 8: return path_remove_directory(ROOT, p, n);
    case 9:
    case 10: return path_unlink_file(ROOT, p, n);
    case 11: return path_symlink("text", 4, ROOT, p, n);
    case 12:
    case 13: return path_rename(ROOT, p, n, ROOT, own, len);
    case 14:
    case 15: open_at(ROOT, mine, 0, CREAT, WRITE); return path_rename(ROOT, own, len, ROOT, p, n);
    case 16: return path_link(ROOT, 0, p, n, ROOT, own, len);
    case 17: open_at(ROOT, mine, 0, CREAT, WRITE); return path_link(ROOT, 0, own, len, ROOT, p, n);
    case 18: return path_filestat_get(ROOT, 1, p, n, buffer);
    case 19: return path_filestat_get(ROOT, 0, p, n, buffer);
    case 20: return path_readlink(ROOT, p, n, buffer, sizeof buffer, &used);
    case 21: return path_filestat_set_times(ROOT, 1, p, n, 0, 1000000000, MTIM);
    case 22: return path_filestat_set_times(ROOT, 0, p, n, 0, 1000000000, MTIM);
    }
    return -1;
}

static void report(const char *name, const char *form, int looks, int attempt, int twin) {
    printf("%s%s by %s ", looks ? "look: " : "", name, form);
    if (attempt) printf("held %d", attempt);
    else printf("escaped");
    if (twin) printf(" | twin failed %d\n", twin);
    else printf(" | twin ok\n");
}

// Ways to the directory outside, and to the one inside that has the same files; @ stands for the absolute path.
static const char *const FORMS[][2] = {
    {"../outside", "sub/../twin"},
    {"sub/../../outside", "sub/../sub/../twin"},
    {"./.././outside", "././twin"},
    {"sub//.//..//..//outside", "sub//.//..//twin"},
    {"sub/deep/../../../outside", "sub/deep/../../twin"},
    {"@", "twin"},
    {"//@", ".//twin"},
    {"to-outside", "to-twin"},
    {"to-absolute", "sub/to-twin"},
    {"chain", "twin-chain"},
    {"sub/up/outside", "sub/level/twin"},
    {"parent/outside", "here/twin"},
    {"slash@", "here/./twin"},
    {"proc-root@", "to-twin/../twin"},
    {"proc-cwd/../outside", "to-twin/."},
    {"proc-descriptor/../outside", "sub/deep/../../to-twin"},
    {"proc-thread-root@", "to-twin/"},
    {"to-outside/../outside", "to-twin/../to-twin"},
};
enum { FORM_COUNT = sizeof FORMS / sizeof *FORMS };

static Path resolve(char *buffer, size_t size, const char *form, const char *outside, int operation, int number) {
    const char *at = strchr(form, '@');
    int prefix = at ? at - form : (int)strlen(form);
    int len = snprintf(buffer, size, "%.*s%s/%c%d-%d", prefix, form, at ? outside : "", OPERATIONS[operation].kind,
                       operation, number);
    return (Path){buffer, len};
}

static void special(const char *name, int attempt, int twin) { report(name, "its name", 0, attempt, twin); }

#define TEXT(text) ((Path){text, sizeof text - 1})

// What is not of the matrix: names as such, and links that a path ends with.
static void specials(void) {
    special("a parent", list(TEXT("..")), list(TEXT(".")));
    special("a parent and a slash", list(TEXT("../")), list(TEXT("./")));
    special("a parent and a dot", list(TEXT("../.")), list(TEXT("./.")));
    special("a parent of a directory below", list(TEXT("sub/../..")), list(TEXT("sub/..")));
    special("a parent of a link's directory", list(TEXT("to-twin/../..")), list(TEXT("to-twin/..")));
    special("a link and a slash", list(TEXT("to-outside/")), list(TEXT("to-twin/")));
    special("the root", list(TEXT("/")), list(TEXT(".")));
    special("a link to the root", list(TEXT("slash")), list(TEXT("here")));
    special("a link to its own", open_at(ROOT, TEXT("loop"), 1, 0, READ), open_at(ROOT, TEXT("end"), 1, 0, READ));
    special("a loop on the way", open_at(ROOT, TEXT("loop/../../outside/secret"), 1, 0, READ),
            open_at(ROOT, TEXT("to-twin/../twin/secret"), 1, 0, READ));
    special("a link to a file", open_at(ROOT, TEXT("to-secret"), 1, 0, READ), open_at(ROOT, TEXT("end"), 1, 0, READ));
    special("writing through a link", open_at(ROOT, TEXT("to-secret"), 1, 0, WRITE),
            open_at(ROOT, TEXT("end"), 1, 0, WRITE));
    special("cutting through a link", open_at(ROOT, TEXT("to-secret"), 1, TRUNC, WRITE),
            open_at(ROOT, TEXT("end"), 1, TRUNC, WRITE));
    special("creating through a link", open_at(ROOT, TEXT("to-nothing"), 1, CREAT, WRITE),
            open_at(ROOT, TEXT("to-new"), 1, CREAT, WRITE));
    special("a link to an absolute file", open_at(ROOT, TEXT("to-absolute-secret"), 1, 0, READ),
            open_at(ROOT, TEXT("end"), 1, 0, READ));
    special("an executable's link", open_at(ROOT, TEXT("proc-exe"), 1, 0, READ), open_at(ROOT, TEXT("end"), 1, 0, READ));
    special("removing behind a link", path_remove_directory(ROOT, "to-outside/gone", 15),
            path_remove_directory(ROOT, "to-twin/gone", 12));
    special("a zero byte", open_at(ROOT, TEXT("../outside/secret\0"), 1, 0, READ),
            open_at(ROOT, TEXT("twin/secret"), 1, 0, READ));
    special("a zero byte on the way", open_at(ROOT, TEXT("twin/secret\0/../../outside/secret"), 1, 0, READ),
            open_at(ROOT, TEXT("twin/../twin/secret"), 1, 0, READ));
    special("bytes that are no text", open_at(ROOT, TEXT("\xff\xfe/../../outside/secret"), 1, 0, READ),
            open_at(ROOT, TEXT("\xff\xfe/../twin/secret"), 1, 0, READ));
    static char longest[8192];
    memset(longest, 'a', sizeof longest);
    special("a component too long", path_create_directory(ROOT, longest, 256), path_create_directory(ROOT, longest, 255));
    for (int at = 0; at < 8192; at += 2) memcpy(longest + at, "./", 2);
    memcpy(longest + 5000, "../outside/secret", 17);
    special("a path too long", open_at(ROOT, (Path){longest, 5017}, 1, 0, READ),
            open_at(ROOT, (Path){(memcpy(longest + 4000, "twin/secret", 11), longest), 4011}, 1, 0, READ));
    for (int at = 0; at < 4000; at += 2) memcpy(longest + at, "./", 2);
    memcpy(longest + 4000, "../outside/secret", 17);
    special("a long path", open_at(ROOT, (Path){longest, 4017}, 1, 0, READ),
            open_at(ROOT, (Path){(memcpy(longest + 4000, "twin/secret", 11), longest), 4011}, 1, 0, READ));
    int sub = -1;
    path_open(ROOT, 0, "sub", 3, DIRECTORY, READDIR, READDIR, 0, &sub);
    special("another descriptor", open_at(sub, TEXT("../../outside/secret"), 1, 0, READ),
            open_at(sub, TEXT("deep/../file"), 1, 0, READ));
    special("another descriptor's link", open_at(sub, TEXT("up/outside/secret"), 1, 0, READ),
            open_at(sub, TEXT("./file"), 1, 0, READ));
}

static void matrix(const char *outside) {
    char path[1024], twin[1024], form_name[64];
    for (int operation = 0; operation < COUNT; operation++)
        for (int form = 0; form < FORM_COUNT; form++) {
            Path attempt = resolve(path, sizeof path, FORMS[form][0], outside, operation, form);
            Path permitted = resolve(twin, sizeof twin, FORMS[form][1], "", operation, form);
            snprintf(form_name, sizeof form_name, "%s", FORMS[form][0]);
            report(OPERATIONS[operation].name, form_name, OPERATIONS[operation].looks,
                   do_operation(operation, attempt, form, 0), do_operation(operation, permitted, form, 1));
        }
    specials();
}

// Whether what can be read there begins with this letter; -1 for an error.
static int begins_with(Path path, char letter) {
    int opened;
    if (path_open(ROOT, 1, path.bytes, path.len, 0, READ, READ, 0, &opened)) return -1;
    char byte = 0;
    struct {
        char *start;
        size_t len;
    } vector = {&byte, 1};
    size_t read = 0;
    int error = fd_read(opened, &vector, 1, &read);
    fd_close(opened);
    return error || read != 1 ? -1 : byte == letter;
}

// `s` is the first letter of the secret, `t` of what is inside.
static void race(int rounds) {
    static const struct {
        const char *name;
        Path path;
    } RACES[] = {
        {"a file swapped for a link", TEXT("swapped-file")},
        {"a directory swapped for a link", TEXT("swapped-directory/secret")},
        {"a link swapped on the way", TEXT("sub/../swapped-directory/../swapped-directory/secret")},
        {"a directory moved out", TEXT("moving/below/../../../outside/secret")},
        {"a directory moved out, and back in", TEXT("moving/below/../../twin/secret")},
    };
    for (int number = 0; number < 5; number++) {
        int escaped = 0, inside = 0;
        // The fourth has nothing inside to find: its twin is the fifth. The others go on until they have seen theirs.
        int has_twin = number != 3;
        for (int round = 0; round < rounds || (has_twin && !inside && round < 1000 * rounds); round++) {
            int letter = begins_with(RACES[number].path, 's');
            escaped += letter == 1;
            inside += letter == 0;
        }
        report(RACES[number].name, "swapping", 0, escaped ? 0 : 63, !has_twin || inside ? 0 : 1);
    }
}

static void mount(const char *name, const char *up) {
    char path[512], twin[512];
    int len = snprintf(path, sizeof path, "%s/%setc/passwd", name, up);
    int twin_len = snprintf(twin, sizeof twin, "%s/..", name);
    report("read", "a mount point", 0, open_at(ROOT, (Path){path, len}, 1, 0, READ), list((Path){twin, twin_len}));
    len = snprintf(path, sizeof path, "%s/%s", name, up);
    report("list", "a mount point", 0, list((Path){path, len}), list((Path){name, strlen(name)}));
}

int main(int count, char **arguments) {
    if (count == 3 && !strcmp(arguments[1], "matrix")) matrix(arguments[2]);
    else if (count == 3 && !strcmp(arguments[1], "race")) race(atoi(arguments[2]));
    else if (count == 4 && !strcmp(arguments[1], "mount")) mount(arguments[2], arguments[3]);
    else return 2;
    return 0;
}
