/*
 * tftp_torture - a client that misbehaves by intent: its socket, what it hears as
 * words, and the groups of cases that tftp_torture.c runs.
 *
 * Errors  what the system refuses ends the program; what the server does wrong is a
 *         line "not ok".
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define PACKET(text) text, sizeof(text) - 1
#define PATIENCE_MS 20000 /* for what must come */
#define SILENCE_MS 60     /* for what must not: longer finds more, never less */
#define SAID 512

/* The server, and what the command line says of it. */
struct subject {
	struct sockaddr_in address;
	const char *root, *events;
};

extern struct subject server;

/* One client: its socket, and who answered. */
struct talk {
	int fd;
	struct sockaddr_in tid;
	bool answered;
	uint8_t octets[70000];
	size_t len;
};

void result(const char *name, const char *got, const char *want);

void talk_begin(struct talk *t);

/* With an ERROR, so that the server is rid of the transfer. */
void talk_end(struct talk *t);

void send_to(int fd, const struct sockaddr_in *to, const void *octets, size_t len);

/* To the server's port, as requests go, or to where the answers come from. */
void ask(struct talk *t, const void *octets, size_t len);
void reply(struct talk *t, const void *octets, size_t len);
void reply_ack(struct talk *t, uint16_t block);

bool hear(struct talk *t, int ms);

/* DATA 1 512, OACK blksize 8, ERROR 4; what its text must not have is marked. */
void describe(const struct talk *t, char said[static SAID]);

/* A read request; options are words, in which a blank stands for NUL.  Its length. */
size_t request(uint8_t *out, size_t size, const char *file, const char *options);

/* Asks from a new port, and compares the first answer; "" is silence. */
void first_answer(const char *name, const void *octets, size_t len, const char *want);

/* The path of a file of the server; valid until the next call. */
const char *in_root(const char *name);

/* The groups of cases, in the order in which they run. */
void torture_late_begin(void);
void torture_rows(void);
void torture_plays(void);
void torture_whole(void);
void torture_changes(void);
void torture_late_end(void);
void torture_floods(void);
