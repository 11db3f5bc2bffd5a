/*
 * session - one transfer, as a machine that is told what happened and says what
 * to do.  It knows no socket, no file and no clock.
 *
 * Units   times are microseconds of a clock that only runs forward; octets.
 * Source  RFC 1350, 2347-2349, 7440; the timer is Karn's and Jacobson's (RFC 6298)
 *         with a bound below (10 ms) and above (1 s), unless a timeout was agreed on.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/wire/tftp.h"
#include "tools/tftpd-lite/window.h"

#define SESSION_US 1000000 /* one second */
#define SESSION_RTO_MIN_US 10000
#define SESSION_RTO_MAX_US SESSION_US
#define SESSION_RTO_FIRST_US 500000 /* before anything was measured */
#define SESSION_TRIES 6             /* repeats of one window, then silence */
#define SESSION_TRIES_OFFER 2       /* repeats of an OACK that nobody has answered */
#define SESSION_UNHEARD_US                                                               \
	(5 * SESSION_US)          /* how long a first answer stands without an ACK */
#define SESSION_RESTART_US 250000 /* a request repeated sooner than this is an echo */

enum session_phase {
	SESSION_OFFERED, /* the OACK is out */
	SESSION_SENDING,
	SESSION_OVER,
};

enum session_end {
	SESSION_DONE,        /* the last block was acknowledged */
	SESSION_UNCONFIRMED, /* all was sent, and the last ACK is missing */
	SESSION_PROBE,       /* the client only wanted to know the size */
	SESSION_ABORTED,     /* the client sent an ERROR */
	SESSION_SILENT,      /* the client sent no more ACK */
	SESSION_UNANSWERED,  /* it never sent one */
	SESSION_UNREACHABLE, /* its port is closed */
	SESSION_REPLACED,    /* it asked for something else from the same port */
	SESSION_CHANGED,     /* the file is no longer what it was */
	SESSION_FAILED,      /* the system would not send */
	SESSION_STOPPED,     /* the server ends */
	SESSION_REFUSED,     /* the request got an ERROR */
	SESSION_ENDS,
};

enum session_do {
	SESSION_WAIT,
	SESSION_SEND_OACK,
	SESSION_SEND_BLOCKS,
	SESSION_FINISH, /* it is over; ->end says how */
};

struct session {
	struct tftp_grant grant;
	struct window window;
	uint64_t octets; /* of the whole file */
	enum session_phase phase;
	enum session_end end;
	bool heard;      /* the client has acknowledged something: its address is real */
	bool clean;      /* what is on its way was sent just once, so it may be timed */
	unsigned tries;  /* repeats since there was progress */
	int64_t idle_us; /* how long a client may be silent */
	int64_t started_us, progress_us, sent_us;
	int64_t due_us;  /* when session_due() wants to be called */
	int64_t srtt_us; /* 0: not measured yet */
	int64_t rttvar_us;
	int64_t rto_us;
	uint32_t burst;   /* blocks that go at once: less than a window after losses */
	int64_t pause_us; /* between bursts, where a round trip is too short */
	unsigned whole;   /* windows since the last loss that arrived as a whole */
	uint64_t sends, repeats; /* blocks, for the report */
	unsigned timeouts;
};

const char *session_end_name(enum session_end end);

/* octets -1: not known before the end (netascii). */
enum session_do session_start(struct session *s, const struct tftp_grant *grant,
			      int64_t octets, int64_t idle_us, int64_t now_us);

/* A packet that came from the client's address and port. */
enum session_do session_packet(struct session *s, const struct tftp_packet *packet,
			       int64_t now_us);

/* The client's first request came once more. */
enum session_do session_again(struct session *s, int64_t now_us);

/* The time due_us has come. */
enum session_do session_due(struct session *s, int64_t now_us);

/* How many blocks may be sent now, from window.sent + 1 on. */
uint64_t session_room(const struct session *s);

/*
 * How many of them may go at once, and how long to wait before the next of them.
 * Where a window gets lost, a switch on the way may be too slow for so many at once:
 * then they go by half as many each, and by more again once windows arrive.
 */
uint64_t session_turn(const struct session *s);
int64_t session_pause_us(const struct session *s);

/* They (or the OACK: 0 blocks) have been sent. */
void session_sent(struct session *s, uint64_t blocks, int64_t now_us);

void session_finish(struct session *s, enum session_end end);

/* What the client has acknowledged. */
uint64_t session_octets(const struct session *s);
