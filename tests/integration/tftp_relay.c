/*
 * tftp_relay [options] PORT SERVER-ADDRESS SERVER-PORT: a bad network between TFTP
 * clients on 127.0.0.1 and a server.  Clients ask at PORT, and get their answers from
 * there; each has a socket of its own towards the server.
 *
 *   -l N  lose N of 10000 packets       -2 N  send N of 10000 twice
 *   -r N  let N of 10000 be overtaken by up to eight others
 *   -d N  delay each by N us            -j N  and by up to N us more
 *   -s N  begin the random numbers there
 *
 * Both directions suffer alike.  Prints "ready", and at SIGTERM how many packets it
 * passed on, lost, doubled and held back.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define CLIENTS 256
#define OVERTAKEN_BY 8
#define OVERTAKEN_US 20000 /* at the latest, if nobody overtakes it */
#define PACKET 65536

static struct options {
	unsigned lose, twice, overtake, delay_us, jitter_us;
	struct sockaddr_in server;
} o;

/* A client, and the socket by which the server knows it. */
static struct client {
	struct sockaddr_in address, tid; /* tid: where its transfer is answered from */
	int fd;
} clients[CLIENTS];

/* On its way; goes out when its time has come or enough others went before it. */
struct packet {
	TAILQ_ENTRY(packet) in_queue;
	int fd;
	struct sockaddr_in to;
	int64_t due_us;
	unsigned behind;
	size_t len;
	uint8_t octets[];
};

static TAILQ_HEAD(, packet) queue = TAILQ_HEAD_INITIALIZER(queue);
static struct pollfd polls[CLIENTS + 1];
static size_t count;
static unsigned passed, lost, doubled, held;
static volatile sig_atomic_t over;

static void stop(int number)
{
	(void)number;
	over = 1;
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static bool happens(unsigned of_10000)
{
	return (unsigned)(random() % 10000) < of_10000;
}

static void put_in_queue(int fd, const struct sockaddr_in *to, const uint8_t *octets,
			 size_t len)
{
	struct packet *p = malloc(sizeof(*p) + len);

	if (!p)
		err(EXIT_FAILED, "memory");
	*p = (struct packet){ .fd = fd, .to = *to, .len = len };
	memcpy(p->octets, octets, len);
	p->due_us = now_us() + o.delay_us;
	if (o.jitter_us)
		p->due_us += random() % o.jitter_us;
	if (happens(o.overtake)) {
		p->behind = 1 + (unsigned)(random() % OVERTAKEN_BY);
		p->due_us += OVERTAKEN_US;
		held++;
	}
	TAILQ_INSERT_TAIL(&queue, p, in_queue);
}

static void pass(int fd, const struct sockaddr_in *to, const uint8_t *octets, size_t len)
{
	if (happens(o.lose)) {
		lost++;
		return;
	}
	put_in_queue(fd, to, octets, len);
	if (happens(o.twice)) {
		put_in_queue(fd, to, octets, len);
		doubled++;
	}
}

/* Those that go the same way have been overtaken once more. */
static void goes_out(struct packet *p)
{
	struct packet *q;

	TAILQ_REMOVE(&queue, p, in_queue);
	sendto(p->fd, p->octets, p->len, 0, (struct sockaddr *)&p->to, sizeof(p->to));
	passed++;
	TAILQ_FOREACH(q, &queue, in_queue)
	if (q->behind && q->fd == p->fd && --q->behind == 0)
		q->due_us = 0;
	free(p);
}

/* When the next one is due, in milliseconds for poll(2). */
static int send_due(void)
{
	int64_t now = now_us(), next = INT64_MAX;
	struct packet *p = TAILQ_FIRST(&queue), *after;

	for (; p; p = after) {
		after = TAILQ_NEXT(p, in_queue);
		if (p->due_us <= now)
			goes_out(p);
		else if (p->due_us < next)
			next = p->due_us;
	}
	return next == INT64_MAX ? -1 : (int)((next - now + 999) / 1000);
}

static int open_socket(uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), octets = 4 << 20;

	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(EXIT_FAILED, "port %u", port);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets));
	return fd;
}

static struct client *client_at(const struct sockaddr_in *address)
{
	struct client *c;

	for (size_t i = 0; i < count; i++)
		if (clients[i].address.sin_port == address->sin_port &&
		    clients[i].address.sin_addr.s_addr == address->sin_addr.s_addr)
			return &clients[i];
	if (count == CLIENTS)
		errx(EXIT_FAILED, "more than %d clients", CLIENTS);
	c = &clients[count++];
	*c = (struct client){ *address, o.server, open_socket(0) };
	polls[count] = (struct pollfd){ .fd = c->fd, .events = POLLIN };
	return c;
}

static ssize_t get(int fd, uint8_t *octets, struct sockaddr_in *from)
{
	socklen_t len = sizeof(*from);

	return recvfrom(fd, octets, PACKET, MSG_DONTWAIT, (struct sockaddr *)from, &len);
}

static void from_clients(int fd)
{
	static uint8_t octets[PACKET];
	struct sockaddr_in from;
	ssize_t len;

	while ((len = get(fd, octets, &from)) >= 0) {
		struct client *c = client_at(&from);
		bool asks = tftp_peek(octets, (size_t)len) == TFTP_RRQ;

		pass(c->fd, asks ? &o.server : &c->tid, octets, (size_t)len);
	}
}

static void from_server(struct client *c, int listener)
{
	static uint8_t octets[PACKET];
	struct sockaddr_in from;
	ssize_t len;

	while ((len = get(c->fd, octets, &from)) >= 0) {
		c->tid = from;
		pass(listener, &c->address, octets, (size_t)len);
	}
}

static void run(int listener)
{
	polls[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
	while (!over) {
		if (poll(polls, count + 1, send_due()) < 0 && errno != EINTR)
			err(EXIT_FAILED, "poll");
		if (polls[0].revents)
			from_clients(listener);
		for (size_t i = 0; i < count; i++)
			if (polls[i + 1].revents)
				from_server(&clients[i], listener);
	}
}

static void parse_option(int c)
{
	unsigned n = optarg ? (unsigned)strtoul(optarg, NULL, 10) : 0;

	switch (c) {
	case 'l':
		o.lose = n;
		break;
	case '2':
		o.twice = n;
		break;
	case 'r':
		o.overtake = n;
		break;
	case 'd':
		o.delay_us = n;
		break;
	case 'j':
		o.jitter_us = n;
		break;
	case 's':
		srandom(n);
		break;
	default:
		exit(EXIT_MISUSE);
	}
}

int main(int argc, char *argv[])
{
	struct sigaction stops = { .sa_handler = stop };
	int c, listener;

	while ((c = getopt(argc, argv, "l:2:r:d:j:s:")) != -1)
		parse_option(c);
	if (argc - optind != 3)
		errx(EXIT_MISUSE, "wants options, port, address and port");
	o.server.sin_family = AF_INET;
	o.server.sin_port = htons((uint16_t)strtoul(argv[optind + 2], NULL, 10));
	if (inet_pton(AF_INET, argv[optind + 1], &o.server.sin_addr) != 1)
		errx(EXIT_MISUSE, "%s: not an address", argv[optind + 1]);
	sigaction(SIGTERM, &stops, NULL);
	listener = open_socket((uint16_t)strtoul(argv[optind], NULL, 10));
	puts("ready");
	fflush(stdout);
	run(listener);
	printf("%u passed, %u lost, %u doubled, %u held\n", passed, lost, doubled, held);
	return EXIT_DONE;
}
