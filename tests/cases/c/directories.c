//# dir: data::/data
//# given data/sub/one: 1
//# given data/sub/two: 2
//# given-dir: data/sub/three
//# stdout:
//| one file, three directory, two file
//| stat: size 2 regular 1 directory 0 links 1
//| modified 1234567890
//| mkdir 0 again -1 20 rmdir 0
//| access 0 -1
//| relative 2
//| pread bc pwrite 2: abXYef
//| rewound 3

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

int main(void) {
    DIR *directory = opendir("/data/sub");
    char names[8][32];
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.') continue;
        snprintf(names[count++], sizeof *names, "%s %s", entry->d_name, entry->d_type == DT_DIR ? "directory" : "file");
    }
    qsort(names, count, sizeof *names, by_name);
    for (int i = 0; i < count; i++) printf("%s%s", i ? ", " : "", names[i]);
    struct stat status;
    stat("/data/sub/two", &status);
    printf("\nstat: size %d regular %d directory %d links %d\n", (int)status.st_size, S_ISREG(status.st_mode),
           S_ISDIR(status.st_mode), (int)status.st_nlink);
    struct timespec times[2] = {{1, 0}, {1234567890, 0}};
    utimensat(AT_FDCWD, "/data/sub/two", times, 0);
    stat("/data/sub/two", &status);
    printf("modified %lld\n", (long long)status.st_mtim.tv_sec);
    printf("mkdir %d ", mkdir("/data/new", 0777));
    printf("again %d ", mkdir("/data/new", 0777));
    printf("%d ", errno);
    printf("rmdir %d\n", rmdir("/data/new"));
    printf("access %d ", access("/data/sub/one", R_OK));
    printf("%d\n", access("/data/sub/none", R_OK));
    int sub = open("/data/sub", O_RDONLY | O_DIRECTORY);
    int file = openat(sub, "two", O_RDONLY);
    char text[8] = {0};
    read(file, text, 1);
    printf("relative %s\n", text);
    close(file);
    file = open("/data/letters", O_RDWR | O_CREAT | O_EXCL, 0666);
    write(file, "abcdef", 6);
    pread(file, text, 2, 1);
    printf("pread %s ", text);
    printf("pwrite %d: ", (int)pwrite(file, "XY", 2, 2));
    lseek(file, 0, SEEK_SET);
    read(file, text, 6);
    puts(text);
    close(file);
    rewinddir(directory);
    int rest = 0;
    for (struct dirent *entry; (entry = readdir(directory));) rest += entry->d_name[0] != '.';
    printf("rewound %d\n", rest);
    closedir(directory);
    return 0;
}
