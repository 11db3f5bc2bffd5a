/*
 * What takes its time, and so runs beside the other cases: how often a server repeats
 * itself to a client that is silent.  The transfer's event says when that is over.
 * Then the floods.
 */
#include "config.h"

#include "tests/integration/tftp_torture.h"

#include <err.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define EVENT_TRIES 600 /* of a tenth of a second */
#define FLOOD 3000

/*
 * What the client does with what it hears at first: as in tftp_torture_plays.c, aN an
 * ACK and e an ERROR; then it only listens.  want: the packets in the end, and the
 * action of the event.
 */
static const struct late {
	const char *name, *file, *options, *steps, *want;
} lates[] = {
	{ "T27 a probe, and silence", "late27", "tsize 0", "e", "1 packets, probe" },
	{ "T33 an ERROR, and silence", "late33", "blksize 100", "a0 a1 e",
	  "3 packets, aborted" },
	{ "T37 the last ACK never comes", "late37", "blksize 1000", "a0",
	  "8 packets, unconfirmed" },
	{ "T38 a request with options, and no ACK", "late38", "blksize 1468", "",
	  "3 packets, unanswered" },
	{ "T39 a plain request, and no ACK", "late39", "", "", "1 packets, unanswered" },
};

static struct talk talks[ARRAY_LEN(lates)];

static int64_t received_us(struct msghdr *msg)
{
	struct timespec ts = { 0 };

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* When the kernel got the next packet, however late we are to read it. */
static int64_t next_us(struct talk *t)
{
	struct pollfd pfd = { .fd = t->fd, .events = POLLIN };
	_Alignas(struct cmsghdr) char control[256];
	struct iovec iov = { t->octets, sizeof(t->octets) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t len;

	if (poll(&pfd, 1, PATIENCE_MS) <= 0)
		return 0;
	len = recvmsg(t->fd, &msg, 0);
	t->len = len < 0 ? 0 : (size_t)len;
	return len < 0 ? 0 : received_us(&msg);
}

/*
 * A timeout that was agreed on is what the server waits, and not its own guess, which
 * is never more than a second.  (Nothing can make the second packet come sooner.)
 */
static struct talk agreed;

static void agreed_begin(void)
{
	uint8_t rrq[256];
	int on = 1;

	talk_begin(&agreed);
	setsockopt(agreed.fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	ask(&agreed, rrq, request(rrq, sizeof(rrq), "f1024", "timeout 3"));
	hear(&agreed, PATIENCE_MS);
	reply_ack(&agreed, 0);
}

static void agreed_end(void)
{
	int64_t first_us = next_us(&agreed), second_us = next_us(&agreed);
	char said[SAID], got[2 * SAID];

	describe(&agreed, said);
	snprintf(got, sizeof(got), "%s %s", said,
		 second_us - first_us < 2250000 ? "too soon" : "in time");
	result("T19 timeout 3 is what passes before DATA 1 is repeated", got,
	       "DATA 1 512 in time");
	talk_end(&agreed);
}

static void late_begin(const struct late *l, struct talk *t)
{
	char steps[64], *save, *word;
	uint8_t rrq[256];

	talk_begin(t);
	ask(t, rrq, request(rrq, sizeof(rrq), l->file, l->options));
	snprintf(steps, sizeof(steps), "%s", l->steps);
	for (word = strtok_r(steps, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		hear(t, PATIENCE_MS);
		if (*word == 'a')
			reply_ack(t, (uint16_t)strtoul(word + 1, NULL, 10));
		else
			reply(t, PACKET("\0\5\0\10User aborted\0"));
	}
}

/* The action of the event about file; "" if there is none yet. */
static void action_of(const char *file, char action[static 32])
{
	FILE *f = fopen(server.events, "r");
	char line[4096], sought[64];
	const char *at;

	*action = '\0';
	snprintf(sought, sizeof(sought), "\"file\":\"%s\"", file);
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, sought) && (at = strstr(line, "\"action\":\"")))
			sscanf(at, "\"action\":\"%31[a-z]", action);
	if (f)
		fclose(f);
}

static void await_action(const char *file, char action[static 32])
{
	const struct timespec tenth = { .tv_nsec = 100000000 };

	for (int i = 0; i < EVENT_TRIES; i++) {
		action_of(file, action);
		if (*action)
			return;
		nanosleep(&tenth, NULL);
	}
}

static void late_end(const struct late *l, struct talk *t)
{
	char action[32], got[SAID];
	unsigned packets = 0;

	await_action(l->file, action);
	for (const char *c = l->steps; *c; c++)
		packets += *c == 'a' || *c == 'e';
	while (hear(t, SILENCE_MS))
		packets++;
	snprintf(got, sizeof(got), "%u packets, %s", packets, action);
	result(l->name, got, l->want);
	talk_end(t);
}

/* An ACK of block 0 from a port that is closed already. */
static void ack_from_nowhere(int raw, uint16_t port, const struct sockaddr_in *tid)
{
	struct udphdr udp = { .source = port,
			      .dest = tid->sin_port,
			      .len = htons(sizeof(udp) + TFTP_HEADER) };
	uint8_t octets[sizeof(udp) + TFTP_HEADER] = { 0 };

	memcpy(octets, &udp, sizeof(udp));
	octets[sizeof(udp) + 1] = TFTP_ACK;
	send_to(raw, tid, octets, sizeof(octets));
}

/* How many packets came for the port; raw sees them all. */
static unsigned seen_by(int raw, uint16_t port)
{
	struct pollfd pfd = { .fd = raw, .events = POLLIN };
	uint8_t octets[2048];
	unsigned count = 0;

	while (poll(&pfd, 1, SILENCE_MS) > 0) {
		ssize_t len = recv(raw, octets, sizeof(octets), 0);
		size_t ip = len > 20 ? 4 * (size_t)(octets[0] & 15) : 0;

		if (ip && (size_t)len >= ip + 4)
			count += memcmp(octets + ip + 2, &port, 2) == 0;
	}
	return count;
}

/* T40: one DATA goes out, ICMP says that its port is closed, and that was all. */
static void closed_port(void)
{
	static struct talk t;
	struct sockaddr_in self;
	socklen_t self_len = sizeof(self);
	char action[32], got[SAID];
	uint8_t rrq[256];
	int raw;

	talk_begin(&t);
	ask(&t, rrq, request(rrq, sizeof(rrq), "late40", "blksize 8"));
	hear(&t, PATIENCE_MS);
	getsockname(t.fd, (struct sockaddr *)&self, &self_len);
	close(t.fd);
	raw = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	if (raw < 0)
		err(EXIT_FAILED, "a raw socket");
	ack_from_nowhere(raw, self.sin_port, &t.tid);
	await_action("late40", action);
	snprintf(got, sizeof(got), "%u packets, %s", seen_by(raw, self.sin_port), action);
	result("T40 the client's port is closed", got, "1 packets, unreachable");
	close(raw);
}

void torture_late_begin(void)
{
	agreed_begin();
	for (size_t i = 0; i < ARRAY_LEN(lates); i++)
		late_begin(&lates[i], &talks[i]);
}

void torture_late_end(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lates); i++)
		late_end(&lates[i], &talks[i]);
	agreed_end();
	closed_port();
}

/* So many requests, each from a port of its own; nothing is ever acknowledged. */
static void flood(const char *name, size_t count)
{
	static int fds[FLOOD];
	const uint8_t *rrq = (const uint8_t *)"\0\1f1024\0octet\0tsize\0000\0";

	for (size_t i = 0; i < count; i++) {
		fds[i] = socket(AF_INET, SOCK_DGRAM, 0);
		if (fds[i] < 0)
			err(EXIT_FAILED, "socket");
		send_to(fds[i], &server.address, rrq, 22);
	}
	first_answer(name, PACKET("\0\1f1000\0octet\0"), "DATA 1 512");
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

static void more_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* 20000 packets that were good once; some go to a transfer. */
static void mutations(void)
{
	static struct talk t;
	uint8_t octets[128];

	talk_begin(&t);
	ask(&t, octets,
	    request(octets, sizeof(octets), "f1024", "blksize 8 windowsize 4"));
	hear(&t, PATIENCE_MS);
	srandom(7);
	for (int i = 0; i < 20000; i++) {
		size_t len = request(octets, sizeof(octets), "f1024",
				     "blksize 8 windowsize 4");

		for (long n = random() % 8; n >= 0; n--)
			octets[(size_t)random() % len] = (uint8_t)random();
		octets[0] = 0;
		octets[1] = (uint8_t)(random() % 8);
		len = (size_t)random() % (len + 1);
		send_to(t.fd, i % 2 ? &server.address : &t.tid, octets, len);
	}
	close(t.fd);
	first_answer("T82 served after 20000 mutated packets",
		     PACKET("\0\1f1000\0octet\0"), "DATA 1 512");
}

void torture_floods(void)
{
	more_descriptors();
	flood("T78 a client behind 60 that acknowledge nothing", 60);
	flood("T79 a client behind 3000 that acknowledge nothing", FLOOD);
	mutations();
}
