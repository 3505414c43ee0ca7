// No more descriptors than allowed, at any moment.
//# elfin: --max-fds 70
//# dir: .::.
//# no-reference: node has no limit
//# stdout:
//| 66 opened, 33: No file descriptors available
//| 1 more after 1 is closed, 33: No file descriptors available
//| a directory is none the less read: yes

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fill(void) {
    for (int count = 0;; count++)
        if (open("file", O_RDWR | O_CREAT, 0666) < 0)
            return count;
}

int main(void) {
    int count = fill();
    printf("%d opened, %d: %s\n", count, errno, strerror(errno));
    close(20);
    count = fill();
    printf("%d more after 1 is closed, %d: %s\n", count, errno, strerror(errno));
    close(30);
    DIR *directory = opendir(".");
    printf("a directory is none the less read: %s\n", directory && readdir(directory) ? "yes" : "no");
}
