//# stdout:
//| 2009-02-13T23:31:30 Friday 044 week 06
//| Thu Jan  1 00:00:00 1970
//| 1234567890 leap 2000-02-29 400 years
//| now in this century 1
//| clock runs 1
//| resolution 1
//| slept 1

#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    time_t then = 1234567890;
    struct tm tm;
    char text[64];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S %A %j week %U", gmtime_r(&then, &tm));
    puts(text);
    time_t zero = 0;
    fputs(asctime(gmtime(&zero)), stdout);
    printf("%lld ", (long long)timegm(&tm));
    time_t leap = 951782400;
    strftime(text, sizeof text, "%F", gmtime(&leap));
    struct tm future = {.tm_year = 470, .tm_mday = 1};
    struct tm past = {.tm_year = 70, .tm_mday = 1};
    printf("leap %s %lld years\n", text, (long long)((timegm(&future) - timegm(&past)) / (365.2425 * 86400)));
    time_t now = time(NULL);
    printf("now in this century %d\n", now > 1700000000 && now < 4102444800);
    struct timespec start, end, resolution;
    clock_gettime(CLOCK_MONOTONIC, &start);
    printf("clock runs %d\n", start.tv_sec >= 0 && start.tv_nsec < 1000000000);
    clock_getres(CLOCK_MONOTONIC, &resolution);
    printf("resolution %d\n", resolution.tv_sec == 0 && resolution.tv_nsec > 0);
    struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
    usleep(10000);
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long nanoseconds = (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec;
    printf("slept %d\n", nanoseconds >= 30000000 && nanoseconds < 10000000000LL);
    return 0;
}
