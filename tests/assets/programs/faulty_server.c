/* An echo server over TCP with the fault that its third argument names: leak, crash, race, none. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile int shared;

static void *count(void *unused) {
    for (int i = 0; i < 1000; i++) shared++;
    return unused;
}

void lose_memory(void) {
    char *lost = malloc(1234);
    lost[0] = 1;
}

void fall_over(void) {
    *(volatile int *)16 = 1;
}

void spend_time(void) {
    volatile double sum = 0;
    for (long i = 0; i < 60000000; i++) sum += i;
}

int main(int argc, char **argv) {
    const char *fault = argc > 2 ? argv[2] : "none";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8)) return 1;
    if (!strcmp(fault, "leak")) lose_memory();
    if (!strcmp(fault, "race")) {
        pthread_t thread;
        pthread_create(&thread, 0, count, 0);
        count(0);
        pthread_join(thread, 0);
    }
    for (;;) {
        static char buffer[65536];
        ssize_t size;
        int peer = accept(listener, 0, 0);
        if (!strcmp(fault, "crash")) fall_over();
        if (!strcmp(fault, "busy")) spend_time();
        while ((size = read(peer, buffer, sizeof buffer)) > 0)
            for (ssize_t sent = 0; sent < size;) sent += write(peer, buffer + sent, size - sent);
        close(peer);
    }
}
