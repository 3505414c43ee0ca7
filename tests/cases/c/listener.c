// A granted listening socket: descriptor 3. The directories behind it are found all the same.
//# no-reference: node has no listening sockets
//# dir: data::/data
//# given data/greeting: hello
//# client: to be read backwards
//# reply-exact: hello\nsdrawkcab daer eb ot
//# stdout:
//| the first is a stream socket, the second a directory
//| ready
//| accepted as 5
//| 20 bytes, 20 of them peeked at

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    struct stat listener, directory;
    fstat(3, &listener);
    fstat(4, &directory);
    printf("the first is a %s, the second a %s\n", S_ISSOCK(listener.st_mode) ? "stream socket" : "?",
           S_ISDIR(directory.st_mode) ? "directory" : "?");
    struct pollfd ready = {.fd = 3, .events = POLLRDNORM};
    printf("%s\n", poll(&ready, 1, -1) == 1 && ready.revents == POLLRDNORM ? "ready" : "not ready");
    int connection = accept(3, NULL, NULL);
    if (connection < 0) {
        printf("not accepted: %s\n", strerror(errno));
        return 1;
    }
    printf("accepted as %d\n", connection);

    char text[100];
    int len = 0;
    long peeked = recv(connection, text, 20, MSG_PEEK | MSG_WAITALL);
    for (long got; (got = recv(connection, text + len, sizeof text - len, 0)) > 0;)
        len += got;
    printf("%d bytes, %ld of them peeked at\n", len, peeked);

    char reply[200];
    FILE *greeting = fopen("/data/greeting", "r");
    fgets(reply, sizeof reply, greeting);
    int end = strlen(reply);
    while (len > 0)
        reply[end++] = text[--len];
    for (int sent = 0; sent < end;)
        sent += send(connection, reply + sent, end - sent, 0);
    shutdown(connection, SHUT_WR);
    close(connection);
}
