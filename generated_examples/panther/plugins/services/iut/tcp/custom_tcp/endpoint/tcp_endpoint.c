/*
 * A small echo server and its client over TCP (RFC 9293).
 *
 *   tcp_endpoint server ADDRESS PORT           sends back what it receives, a process for each connection
 *   tcp_endpoint client HOST PORT FILE DIR     sends FILE, writes what comes back to DIR under FILE's name
 *
 * A client says that it has sent all by closing its half of the connection; the server then closes its own.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 65536, BACKLOG = 128, SECONDS = 30 };

static void fail(const char *what)
{
    fprintf(stderr, "tcp_endpoint: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Return a socket that is bound (passive) or connected; no address of the host will do: the program ends. */
static int open_socket(const char *host, const char *port, bool passive)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = passive ? AI_PASSIVE : 0};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(host, port, &wanted, &found);
    if (status != 0) {
        fprintf(stderr, "tcp_endpoint: '%s' port '%s': %s\n", host, port, gai_strerror(status));
        exit(1);
    }
    int result = -1;
    for (struct addrinfo *each = found; each != NULL && result < 0; each = each->ai_next) {
        int on = 1, candidate = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
        if (candidate < 0)
            continue;
        setsockopt(candidate, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        status = passive ? bind(candidate, each->ai_addr, each->ai_addrlen)
                         : connect(candidate, each->ai_addr, each->ai_addrlen);
        if (status == 0)
            result = candidate;
        else
            close(candidate);
    }
    freeaddrinfo(found);
    if (result < 0)
        fail(passive ? "cannot bind" : "cannot connect");
    return result;
}

/* Write all of some bytes. */
static bool write_all(int to, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(to, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

static void echo(int connection)
{
    char piece[PIECE];
    ssize_t count;
    while ((count = read(connection, piece, sizeof piece)) > 0)
        if (!write_all(connection, piece, (size_t)count))
            _exit(1);
    _exit(count < 0);
}

static void run_server(char **words)
{
    struct sigaction reap = {.sa_handler = SIG_IGN, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &reap, NULL);
    signal(SIGPIPE, SIG_IGN);
    int door = open_socket(words[0], words[1], true);
    if (listen(door, BACKLOG) != 0)
        fail("cannot listen");
    for (;;) {
        int connection = accept(door, NULL, NULL);
        if (connection < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            fail("cannot accept");
        }
        pid_t child = fork();
        if (child == 0) {
            close(door);
            echo(connection);
        }
        if (child < 0)
            perror("tcp_endpoint: cannot serve a connection");
        close(connection);
    }
}

/* Send a file and receive its echo at the same time: both sides' buffers are small. */
static void exchange(int connection, int source, int target)
{
    char out[PIECE], in[PIECE];
    size_t left = 0, at = 0;
    bool sending = true;
    for (;;) {
        if (sending && left == 0) {
            ssize_t count = read(source, out, sizeof out);
            if (count < 0)
                fail("cannot read the file");
            if (count == 0) {
                sending = false;
                shutdown(connection, SHUT_WR);
            }
            left = (size_t)count;
            at = 0;
        }
        struct pollfd wanted = {.fd = connection, .events = (short)(POLLIN | (sending ? POLLOUT : 0))};
        int ready = poll(&wanted, 1, SECONDS * 1000);
        if (ready == 0)
            errno = ETIMEDOUT;
        if (ready <= 0)
            fail("nothing comes back");
        if (wanted.revents & POLLOUT) {
            ssize_t sent = send(connection, out + at, left, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN)
                fail("cannot send");
            if (sent > 0) {
                at += (size_t)sent;
                left -= (size_t)sent;
            }
        }
        if (wanted.revents & (POLLIN | POLLHUP | POLLERR)) {
            ssize_t count = recv(connection, in, sizeof in, 0);
            if (count < 0)
                fail("cannot receive");
            if (count == 0)
                break;
            if (!write_all(target, in, (size_t)count))
                fail("cannot write");
        }
    }
    if (sending) {
        errno = ECONNRESET;
        fail("the server closed before all was sent");
    }
}

static void run_client(char **words)
{
    char path[PATH_MAX];
    int source = open(words[2], O_RDONLY);
    if (source < 0)
        fail(words[2]);
    if (snprintf(path, sizeof path, "%s/%s", words[3], basename(words[2])) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        fail(words[3]);
    }
    int target = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (target < 0)
        fail(path);
    int connection = open_socket(words[0], words[1], false);
    exchange(connection, source, target);
    close(connection);
    if (close(target) != 0)
        fail(path);
}

int main(int count, char **words)
{
    if (count == 4 && strcmp(words[1], "server") == 0)
        run_server(words + 2);
    else if (count == 6 && strcmp(words[1], "client") == 0)
        run_client(words + 2);
    else {
        fputs("usage: tcp_endpoint server ADDRESS PORT | client HOST PORT FILE DIRECTORY\n", stderr);
        return 2;
    }
    return 0;
}
