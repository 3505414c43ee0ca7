// What was granted while compiling, and by whoever starts the executable.
//# no-reference: node has none of these options
//# given-dir: data
//# given-dir: home/x
//# given data/file: text
//# host-env: FIRST=1
//# host-env: SECOND=2 = two
//# host-env: LANG=C
//# run: nothing
//# stdout-contains: directories:\n0 variables:\n
//# run: another name
//# elfin: --argv0 "a name"
//# args: x
//# stdout:
//| a name, 1 more
//| directories:
//| 0 variables:
//# run: some variables
//# elfin: --argv0 a --inherit-env=SECOND,GONE --env LANG=de --env FIRST=0 --env FIRST
//# stdout:
//| a, 0 more
//| directories:
//| 3 variables:
//| SECOND=2 = two
//| LANG=de
//| FIRST=1
//# run: all variables
//# elfin: --argv0 a --inherit-env --env LANG=de --env GONE
//# host-env: ELFIN_ENV=IGNORED=1
//# stdout-contains: 4 variables:\nLANG=de\n
//# stdout-contains: \nFIRST=1\n
//# stdout-contains: \nSECOND=2 = two\n
//# stdout-contains: ELFIN_ENV=IGNORED=1\n
//# run: the home directory
//# elfin: --argv0 a --dir $HOME/x::/x --dir $HOME::/home::ro --dir data::/data
//# host-env: HOME=/proc/self/cwd/home
//# stdout:
//| a, 0 more
//| directories: 3 /x, 4 /home read-only, 5 /data
//| 0 variables:
//# run: without a home directory
//# elfin: --dir $HOME::/home
//# exit: 126
//# stderr: elfin: cannot open the granted directory `$HOME`: $HOME is not set
//# run: with a home directory that isn't one
//# elfin: --dir $HOME::/home
//# host-env: HOME=home
//# exit: 126
//# stderr: elfin: cannot open the granted directory `$HOME`: $HOME is not an absolute path
//# run: a missing directory
//# elfin: --dir data --dir gone::/g::ro
//# exit: 126
//# stderr: elfin: cannot open the granted directory `gone`: No such file or directory
//# run: variables that mean nothing
//# elfin: --argv0 a
//# host-env: ELFIN_DIR=gone
//# host-env: ELFIN_ENV==
//# host-env: ELFIN_TCP_LISTEN=x
//# stdout:
//| a, 0 more
//| directories:
//| 0 variables:
//# run: more at start
//# elfin: --runtime-grants --argv0 a --dir data::/data::ro --env FIRST --env GONE --env LANG=de
//# host-env: ELFIN_DIR=\ndata::/more\n\n$HOME/x::x::ro\n
//# host-env: ELFIN_ENV=LANG=fr\nGONE=no\nSECOND\nNOWHERE\nNEW=\xff=\t"
//# host-env: ELFIN_TCP_LISTEN=127.0.0.1:0
//# host-env: HOME=/proc/self/cwd/home
//# stdout:
//| a, 0 more
//| directories: 4 /data read-only, 5 /more, 6 x read-only
//| 5 variables:
//| FIRST=1
//| LANG=de
//| GONE=no
//| SECOND=2 = two
//| NEW=\xff=\x09"
//# run: all variables and more
//# elfin: --runtime-grants --argv0 a --inherit-env
//# host-env: ELFIN_ENV=LANG=fr
//# stdout-contains: 3 variables:\nLANG=fr\n
//# stdout-contains: \nFIRST=1\n
//# stdout-contains: \nSECOND=2 = two\n
//# run: a mistake in ELFIN_DIR
//# elfin: --runtime-grants
//# host-env: ELFIN_DIR=data\ndata::/x::rw
//# exit: 126
//# stderr: elfin: cannot start: `data::/x::rw` in ELFIN_DIR: behind a second `::` nothing but `ro`, read-only, can stand
//# run: a mistake in ELFIN_ENV
//# elfin: --runtime-grants
//# host-env: ELFIN_ENV=A=\x1b\n=\x1b
//# exit: 126
//# stderr: elfin: cannot start: `=\\x1b` in ELFIN_ENV: an environment variable needs a name
//# run: a mistake in ELFIN_TCP_LISTEN
//# elfin: --runtime-grants
//# host-env: ELFIN_TCP_LISTEN=localhost:80
//# exit: 126
//# stderr-contains: elfin: cannot start: `localhost:80` in ELFIN_TCP_LISTEN: an IP address and a port are wanted
//# run: a directory of ELFIN_DIR that is missing
//# elfin: --runtime-grants
//# host-env: ELFIN_DIR=gone::x
//# exit: 126
//# stderr: elfin: cannot open the granted directory `gone`: No such file or directory
//# run: an address that is not the machine's
//# elfin: --tcp-listen 192.0.2.1:80
//# exit: 126
//# stderr: elfin: cannot listen at the granted address `192.0.2.1:80`: This machine does not have the address
//# run: fewer descriptors than grants
//# elfin: --runtime-grants --max-fds 4
//# host-env: ELFIN_DIR=data::1\ndata::2
//# exit: 126
//# stderr: elfin: cannot open the granted directory `data`: Too many open files
//# run: more descriptors granted than allowed
//# elfin: --max-fds 3 --dir data
//# compile-error: begins with 4 descriptors, more than it may have at once

#include <stdio.h>
#include <string.h>
#include <wasi/api.h>

extern char **environ;

int main(int argc, char **argv) {
    printf("%s, %d more\ndirectories:", argv[0], argc - 1);
    int count = 0;
    for (int fd = 3;; fd++) {
        __wasi_prestat_t prestat;
        __wasi_fdstat_t stat;
        if (__wasi_fd_prestat_get(fd, &prestat) != 0)
            break;
        if (prestat.tag != __WASI_PREOPENTYPE_DIR)
            continue;
        char name[100] = "";
        if (__wasi_fd_prestat_dir_name(fd, (uint8_t *)name, prestat.u.dir.pr_name_len) != 0 ||
            __wasi_fd_fdstat_get(fd, &stat) != 0)
            return 1;
        int writable = (stat.fs_rights_base & __WASI_RIGHTS_PATH_UNLINK_FILE) != 0;
        printf("%s %d %s%s", count++ ? "," : "", fd, name, writable ? "" : " read-only");
    }
    int variables = 0;
    while (environ[variables])
        variables++;
    printf("\n%d variables:\n", variables);
    for (char **variable = environ; *variable; variable++) {
        for (char *text = *variable; *text; text++)
            printf(*text < ' ' ? "\\x%02x" : "%c", (unsigned char)*text);
        printf("\n");
    }
}
