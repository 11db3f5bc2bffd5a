/*
 * conns - the open connections and until when each must have said what it wants.
 *
 * libmicrohttpd's own time-out counts from the last octet, so a client that
 * sends one octet at a time would hold its connection for ever.
 *
 * Units   milliseconds of the clock that only runs forward.
 * Memory  conns_open() allocates what conns_close() frees.
 */
#pragma once

#include <pthread.h>
#include <stdint.h>

#define CONNS_REQUEST_MS 20000 /* for a whole request, and for the wait for the next */

struct conn {
	struct conn *next, **back;
	int fd;
	int64_t deadline_ms; /* 0: an answer is under way */
};

struct conns {
	pthread_mutex_t lock;
	struct conn *first;
};

struct conn *conns_open(struct conns *conns, int fd);
void conns_close(struct conns *conns, struct conn *conn);

#define CONNS_LARGE_MS 300000 /* for one with a large body */

/* A new term for the request, or none while it is answered. */
void conns_expect(struct conns *conns, struct conn *conn);
void conns_expect_large(struct conns *conns, struct conn *conn);
void conns_answering(struct conns *conns, struct conn *conn);

/* Shuts down those whose term is over. */
void conns_expire(struct conns *conns, int64_t now);
