//# stdin: ready
//# stdout:
//| stdin 1 readable 1
//| stdout 1 writable 1
//| timeout 0 waited 1
//| select 1
//| bad descriptor 8

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    struct pollfd input = {.fd = 0, .events = POLLRDNORM};
    printf("stdin %d ", poll(&input, 1, 5000));
    printf("readable %d\n", (input.revents & POLLRDNORM) != 0);
    struct pollfd output = {.fd = 1, .events = POLLWRNORM};
    printf("stdout %d ", poll(&output, 1, -1));
    printf("writable %d\n", (output.revents & POLLWRNORM) != 0);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    printf("timeout %d ", poll(&output, 0, 25));
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long waited = (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec;
    printf("waited %d\n", waited >= 25000000);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    struct timeval limit = {5, 0};
    printf("select %d\n", select(1, &set, NULL, NULL, &limit));
    char byte;
    printf("bad descriptor %d\n", read(99, &byte, 1) < 0 ? errno : 0);
    return 0;
}
