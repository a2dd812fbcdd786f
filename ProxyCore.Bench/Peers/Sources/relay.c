/*
 * The least that a relay can do: what a request costs when nothing is done but one wait for all that is ready, and one
 * recv and one send for each. Level-triggered epoll, one thread. It is the limit that the proxies are held against, and
 * no proxy: it connects while all others wait, sends to sockets that may be full by waiting for room, and ends both
 * directions at the first end.
 *
 *     relay PORT UPSTREAM_PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 65536, EVENTS = 1024, BACKLOG = 4096, BUFFER = 16 * 1024 };

/* For each socket of a pair the other one. */
static int peers[MOST_DESCRIPTORS];

static struct sockaddr_in loopback(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void watch(int set, int descriptor)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = descriptor };
    epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

static void add_pair(int set, int client, const struct sockaddr_in *upstream)
{
    int one = 1;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (server < 0 || server >= MOST_DESCRIPTORS || connect(server, (const struct sockaddr *)upstream, sizeof *upstream) < 0) {
        close(client);
        if (server >= 0) {
            close(server);
        }
        return;
    }

    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    peers[client] = server;
    peers[server] = client;
    watch(set, client);
    watch(set, server);
}

static void relay(int source)
{
    static char buffer[BUFFER];
    int sink = peers[source];
    if (sink == 0) {
        /* Its pair ended earlier in the same batch. */
        return;
    }

    ssize_t count = recv(source, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) {
        /* The event was that of a socket which had this number before. */
        return;
    }

    if (count > 0 && send(sink, buffer, count, MSG_NOSIGNAL) == count) {
        return;
    }

    peers[source] = peers[sink] = 0;
    close(source);
    close(sink);
}

int main(int count, char **arguments)
{
    static struct epoll_event events[EVENTS];
    if (count != 3) {
        fprintf(stderr, "usage: relay PORT UPSTREAM_PORT\n");
        return 2;
    }

    struct sockaddr_in own = loopback(arguments[1]);
    struct sockaddr_in upstream = loopback(arguments[2]);
    int one = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&own, sizeof own) < 0 || listen(listener, BACKLOG) < 0) {
        perror("relay");
        return 1;
    }

    int set = epoll_create1(0);
    watch(set, listener);
    for (;;) {
        int ready = epoll_wait(set, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd != listener) {
                relay(events[i].data.fd);
                continue;
            }

            int client = accept(listener, NULL, NULL);
            if (client >= 0) {
                add_pair(set, client, &upstream);
            }
        }
    }
}
