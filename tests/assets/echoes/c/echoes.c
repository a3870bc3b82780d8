/* An echo over TCP: "echoes server PORT", or "echoes client HOST PORT" with what is to come back on stdin. */
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int number) {
    (void)number;
    _exit(0);
}

static int fail(const char *what) {
    perror(what);
    return 1;
}

static int copy(int from, int to) {
    char buffer[4096];
    ssize_t got, put;
    while ((got = read(from, buffer, sizeof buffer)) > 0)
        for (char *at = buffer; got > 0; at += put, got -= put)
            if ((put = write(to, at, (size_t)got)) < 0)
                return fail("write");
    return got < 0 ? fail("read") : 0;
}

static int serve(const char *port) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    int yes = 1;
    if (getaddrinfo(NULL, port, &hints, &found))
        return fail("getaddrinfo");
    int listener = socket(found->ai_family, found->ai_socktype, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, found->ai_addr, found->ai_addrlen) || listen(listener, 8))
        return fail("bind");
    for (;;) {
        int peer = accept(listener, NULL, NULL);
        if (peer < 0)
            return fail("accept");
        copy(peer, peer);
        close(peer);
    }
}

static int ask(const char *host, const char *port) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found))
        return fail("getaddrinfo");
    int server = socket(found->ai_family, found->ai_socktype, 0);
    if (connect(server, found->ai_addr, found->ai_addrlen))
        return fail("connect");
    pid_t sender = fork();
    if (sender == 0) {
        int status = copy(0, server);
        shutdown(server, SHUT_WR);
        _exit(status);
    }
    return copy(server, 1);
}

int main(int count, char **words) {
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    if (count == 3 && strcmp(words[1], "server") == 0)
        return serve(words[2]);
    if (count == 4 && strcmp(words[1], "client") == 0)
        return ask(words[2], words[3]);
    fprintf(stderr, "usage: echoes server PORT | echoes client HOST PORT\n");
    return 2;
}
