/*
 * transfers - the sessions in memory, by the client's address and port, by the
 * time they are due, and by whether their client has proved to be there.
 *
 * Units   times are microseconds.
 * Memory  transfers_add() allocates, transfers_remove() frees.  Never more than
 *         max; those without an ACK never more than max_unheard, of which the
 *         oldest goes first: a flood of forged requests only drops itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "tools/tftpd-lite/asker.h"
#include "tools/tftpd-lite/clients.h"
#include "tools/tftpd-lite/files.h"
#include "tools/tftpd-lite/netascii.h"
#include "tools/tftpd-lite/peer.h"
#include "tools/tftpd-lite/session.h"

struct transfer {
	struct session session;
	struct peer peer;
	struct asker asker;
	int fd;            /* the socket it speaks through */
	struct file *file; /* NULL once it is over */
	uint64_t request;  /* a digest of the request, to know it again */
	int64_t over_us;   /* when it is forgotten, once it is over */

	bool text;                         /* netascii */
	struct netascii place, place_next; /* of the block that is out, and behind it */
	struct client *client;             /* counts it, once the client has been heard */
	struct pace pace;
	uint64_t turn;   /* blocks that go at once, at most */
	bool heard;      /* it counts among those whose client is there */
	bool paid;       /* the paces know of the next turn */
	int64_t hold_us; /* nothing is sent before; 0: it need not wait */
	bool one_by_one; /* UDP_SEGMENT does not work on this way */

	LIST_ENTRY(transfer) same_bucket;
	TAILQ_ENTRY(transfer)
	in_pool; /* of those without an ACK, or those that are over */
	TAILQ_ENTRY(transfer) in_ready;
	bool pooled, ready;
	bool reading;       /* it waits for its file's octets */
	int64_t reading_us; /* since then */
	size_t timer;       /* its place in the heap */
	int64_t wake_us;    /* when the heap looks at it; never later than due */
	char *path;         /* of the file, if that is not what was asked for */
	char name[];
};

TAILQ_HEAD(transfers_list, transfer);

struct transfers {
	size_t max, max_unheard;
	size_t count, pooled;
	size_t live; /* not over yet; the user of this counts */
	LIST_HEAD(transfers_bucket, transfer) * bucket;
	struct transfer **heap;
	struct transfers_list pool;
};

/* -1 with errno set. */
int transfers_begin(struct transfers *all, size_t max, size_t max_unheard);
void transfers_free(struct transfers *all);

struct transfer *transfers_find(const struct transfers *all, int fd,
				const struct peer *peer);

/* Whether this client has a transfer, by whichever socket. */
bool transfers_knows(const struct transfers *all, const struct peer *peer);

/* NULL if there are max.  The new one is in the pool. */
struct transfer *transfers_add(struct transfers *all, int fd, const struct peer *peer,
			       const char *name);
void transfers_remove(struct transfers *all, struct transfer *t);

/* The one that must go before another may come, NULL if none. */
struct transfer *transfers_surplus(const struct transfers *all);

/* Its client is there: no flood can drop it any more. */
void transfers_unpool(struct transfers *all, struct transfer *t);

/* It is over and only remembered: it may be dropped first of all. */
void transfers_pool(struct transfers *all, struct transfer *t);

/* It wants to be looked at then. */
void transfers_wake(struct transfers *all, struct transfer *t, int64_t due_us);

/* The one that is looked at next, NULL if there is none. */
struct transfer *transfers_next(const struct transfers *all);
