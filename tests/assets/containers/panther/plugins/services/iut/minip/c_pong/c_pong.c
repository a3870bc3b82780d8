/* A MINIP server with the fault that its second argument names: leak, crash, race, busy, none. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
    for (long i = 0; i < 30000000; i++) sum += i;
}

int main(int argc, char **argv) {
    const char *fault = argc > 2 ? argv[2] : "none";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    unsigned char message[64];
    int served = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(served, (struct sockaddr *)&address, sizeof address)) return 1;
    if (!strcmp(fault, "leak")) lose_memory();
    if (!strcmp(fault, "race")) {
        pthread_t thread;
        pthread_create(&thread, 0, count, 0);
        count(0);
        pthread_join(thread, 0);
    }
    while (recvfrom(served, message, sizeof message, 0, (struct sockaddr *)&peer, &length) >= 14) {
        if (!strcmp(fault, "crash")) fall_over();
        if (!strcmp(fault, "busy")) spend_time();
        message[0] = 2;
        memcpy(message + 1, "pong", 4);
        sendto(served, message, 14, 0, (struct sockaddr *)&peer, length);
    }
    return 2;
}
