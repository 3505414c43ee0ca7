// Reads the directory that descriptor 3 is, then tries each way to change it; see suites/walls.rs, which makes the files.
// A line says of each: `NAME ERRNO`.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) uint16_t
WASI(path_open) path_open(int fd, int follow, const char *path, size_t len, int oflags, uint64_t rights,
                          uint64_t inheriting, int fdflags, int *opened);
WASI(path_create_directory) path_create_directory(int fd, const char *path, size_t len);
WASI(path_link) path_link(int fd, int follow, const char *path, size_t len, int to, const char *new, size_t new_len);
WASI(path_remove_directory) path_remove_directory(int fd, const char *path, size_t len);
WASI(path_rename) path_rename(int fd, const char *path, size_t len, int to, const char *new, size_t new_len);
WASI(path_symlink) path_symlink(const char *text, size_t text_len, int fd, const char *path, size_t len);
WASI(path_unlink_file) path_unlink_file(int fd, const char *path, size_t len);
WASI(fd_close) fd_close(int fd);
WASI(fd_filestat_set_size) fd_filestat_set_size(int fd, uint64_t size);
WASI(fd_read) fd_read(int fd, const void *vectors, size_t count, size_t *read);
WASI(fd_readdir) fd_readdir(int fd, void *buffer, size_t size, uint64_t cookie, size_t *used);
WASI(fd_write) fd_write(int fd, const void *vectors, size_t count, size_t *written);

enum { ROOT = 3, CREAT = 1, DIRECTORY = 2, TRUNC = 8 };
static const uint64_t READ = 1 << 1, WRITE = 1 << 6, SET_SIZE = 1 << 22;

static char buffer[4096];
static const struct {
    void *start;
    size_t len;
} four = {buffer, 4};
static size_t done;

static int read_it(int fd) { return fd_read(fd, &four, 1, &done); }
static int list(int fd) { return fd_readdir(fd, buffer, sizeof buffer, 0, &done); }
static int write_it(int fd) { return fd_write(fd, &four, 1, &done); }
static int shorten(int fd) { return fd_filestat_set_size(fd, 1); }
static int nothing(int fd) { return 0; }

// Opens, and does something with that.
static int with(const char *path, int oflags, uint64_t rights, int (*act)(int fd)) {
    int fd;
    int error = path_open(ROOT, 0, path, strlen(path), oflags, rights, rights, 0, &fd);
    if (error) return error;
    error = act(fd);
    fd_close(fd);
    return error;
}

static void say(const char *name, int error) { printf("%s %d\n", name, error); }

int main(void) {
    say("read", with("written", 0, READ, read_it));
    say("list", with(".", DIRECTORY, 1 << 14, list));
    memset(buffer, 'w', sizeof buffer);
    say("write", with("written", 0, WRITE, write_it));
    say("truncate", with("cut", TRUNC, READ, nothing));
    say("set-size", with("shortened", 0, WRITE | SET_SIZE, shorten));
    say("create", with("created", CREAT, READ, nothing));
    say("create-directory", path_create_directory(ROOT, "made", 4));
    say("symlink", path_symlink("old", 3, ROOT, "link", 4));
    say("link", path_link(ROOT, 0, "old", 3, ROOT, "second", 6));
    say("rename", path_rename(ROOT, "old", 3, ROOT, "new", 3));
    say("unlink", path_unlink_file(ROOT, "victim", 6));
    say("remove-directory", path_remove_directory(ROOT, "empty", 5));
}
