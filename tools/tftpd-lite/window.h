/*
 * window - which blocks of a file are on their way, and what an ACK changes.
 *
 * A repeated ACK is answered by at most one repeat of the window until there is
 * progress, and in lockstep never: so no client, however many ACKs it sends for
 * one block, makes a storm (RFC 1350's Sorcerer's Apprentice; EDK2, which
 * acknowledges every unexpected block).
 *
 * Units   blocks, counted from 1 without roll-over; on the wire 16 bits of it.
 * Source  RFC 1350, RFC 7440.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_UNKNOWN UINT64_MAX

struct window {
	uint64_t acked; /* the client has all up to this one */
	uint64_t sent;  /* the last one sent, since we last went back */
	uint64_t high;  /* the last one ever sent */
	uint64_t last;  /* the file's last one, WINDOW_UNKNOWN if not known yet */
	uint32_t size;  /* how many may be on their way */
	bool answered;  /* the repeated ACK has had its answer */
};

enum window_news {
	WINDOW_NOTHING, /* an old or impossible ACK */
	WINDOW_REPEAT,  /* it asks once more for what it did not get: went back */
	WINDOW_AGAIN,   /* the same, but not to be answered */
	WINDOW_MOVED,   /* the next blocks may go */
	WINDOW_DONE,    /* all has arrived */
};

struct window window_new(uint64_t last, uint32_t size);

/* may_repeat: a repeated ACK can already be an answer to what was sent last. */
enum window_news window_ack(struct window *w, uint16_t block, bool may_repeat);

/* How many blocks may be sent now, from sent + 1 on. */
uint64_t window_room(const struct window *w);

/* They have been sent. */
void window_sent(struct window *w, uint64_t blocks);

/* Nothing was heard: what was not acknowledged is sent again. */
void window_back(struct window *w);
