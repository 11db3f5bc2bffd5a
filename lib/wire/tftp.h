/*
 * tftp - TFTP's packets as values, and what a server grants of what is asked.
 *
 * Units   octets; timeouts are seconds; a window is counted in blocks.
 * Errors  tftp_get() returns false and points *why at a constant text.  Options
 *         are never an error: one that is unknown, malformed, cut off or given
 *         twice is passed over, as if it had not been there.
 * Memory  name, data and text point into the packet that was read.
 * Source  RFC 1350, 2347 (options), 2348 (blksize), 2349 (timeout, tsize), 7440
 *         (windowsize); msftwindow is the Windows boot manager's own: an ACK then
 *         carries a fifth octet, the size of the next window.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/wire/pkt.h"

#define TFTP_PORT 69
#define TFTP_HEADER 4 /* opcode and block number of a DATA packet */
#define TFTP_BLKSIZE_DEFAULT 512
#define TFTP_BLKSIZE_MIN 8
#define TFTP_BLKSIZE_MAX 65464
#define TFTP_WINDOWSIZE_MAX 65535
#define TFTP_TIMEOUT_MAX 255
#define TFTP_MSFTWINDOW_ASKED 31416
#define TFTP_MSFTWINDOW_GRANTED 27182
#define TFTP_OACK_SIZE 128 /* holds any OACK that tftp_negotiate() makes */

enum tftp_op {
	TFTP_RRQ = 1,
	TFTP_WRQ,
	TFTP_DATA,
	TFTP_ACK,
	TFTP_ERROR,
	TFTP_OACK,
};

enum tftp_code {
	TFTP_NOT_DEFINED,
	TFTP_NOT_FOUND,
	TFTP_ACCESS,
	TFTP_DISK_FULL,
	TFTP_ILLEGAL,
	TFTP_UNKNOWN_TID,
	TFTP_EXISTS,
	TFTP_NO_USER,
	TFTP_OPTIONS_REFUSED,
	TFTP_CODES,
};

enum tftp_mode {
	TFTP_OCTET,
	TFTP_NETASCII,
};

enum tftp_option {
	TFTP_BLKSIZE,
	TFTP_TSIZE,
	TFTP_TIMEOUT,
	TFTP_WINDOWSIZE,
	TFTP_MSFTWINDOW,
	TFTP_OPTIONS,
};

/* Each option at most once, in the order in which they stand. */
struct tftp_options {
	enum tftp_option order[TFTP_OPTIONS];
	size_t count;
	uint64_t value[TFTP_OPTIONS];
};

struct tftp_packet {
	enum tftp_op op;
	const char *name;            /* RRQ, WRQ */
	enum tftp_mode mode;         /* RRQ, WRQ */
	struct tftp_options options; /* RRQ, WRQ, OACK */
	uint16_t block;              /* DATA, ACK */
	uint8_t next_window;         /* ACK: its fifth octet, 0 if there is none */
	uint16_t code;               /* ERROR */
	struct pkt_rd data;          /* DATA; the text of an ERROR, without its NUL */
};

MUST_CHECK bool tftp_get(const void *octets, size_t len, struct tftp_packet *out,
			 const char **why);

/* The opcode alone, 0 if the packet is too short for one. */
uint16_t tftp_peek(const void *octets, size_t len);

void tftp_put_request(struct pkt_wr *wr, enum tftp_op op, const char *name,
		      enum tftp_mode mode, const struct tftp_options *options);
void tftp_put_data(struct pkt_wr *wr, uint16_t block, const void *octets, size_t len);
void tftp_put_ack(struct pkt_wr *wr, uint16_t block);
void tftp_put_error(struct pkt_wr *wr, enum tftp_code code, const char *text);
void tftp_put_oack(struct pkt_wr *wr, const struct tftp_options *options);

/* The option's name in lower case. */
const char *tftp_option_name(enum tftp_option option);

bool tftp_has(const struct tftp_options *options, enum tftp_option option);

/* Adds it at the end, if it is not there yet. */
void tftp_add(struct tftp_options *options, enum tftp_option option, uint64_t value);

/* What this server is ready to do. */
struct tftp_limits {
	uint16_t blksize;       /* largest block, at least TFTP_BLKSIZE_MIN */
	uint16_t windowsize;    /* most blocks before an ACK; 0 and 1: no windows */
	uint32_t window_octets; /* most octets of blocks before an ACK */
	bool msftwindow;
};

/* How one transfer is done.  An empty oack: none is sent, DATA 1 is the answer. */
struct tftp_grant {
	uint16_t blksize, windowsize;
	uint8_t timeout_s; /* 0: not agreed on */
	bool msftwindow;
	struct tftp_options oack;
};

/*
 * Grants at most what is asked, in the order of the request, and nothing that
 * is out of range.  size is the file's, -1 if not known: then there is no tsize.
 * netascii has neither tsize (the text's length on the wire is another one) nor
 * windows.
 */
struct tftp_grant tftp_negotiate(const struct tftp_packet *request,
				 const struct tftp_limits *limits, int64_t size);
