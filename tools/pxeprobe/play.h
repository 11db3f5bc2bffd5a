/*
 * play - plays clients on a network, and writes down what happens.
 *
 * Nothing is taken: no address is requested, no report is sent, and a script is
 * read, not run.
 *
 * Units   milliseconds.
 * Errors  -1 with errno set and *what telling what failed; all else is a fact.
 */
#pragma once

#include "tools/pxeprobe/facts.h"
#include "tools/pxeprobe/tftpget.h"

#define PLAY_ARCHS (FACTS_CLIENTS - 1) /* and one iPXE */

struct play {
	unsigned arch[PLAY_ARCHS];
	size_t archs;
	bool all; /* none of them is a must */
	int64_t wait_ms, timeout_ms;
	bool checksum; /* transfer what has a checksum, to compare it */
	void (*script)(const char *url, const char *text, size_t len); /* or NULL */
};

/* f->iface, f->mac and f->limits are set. */
int play(const struct play *p, struct facts *f, const char **what);

/* ---- the steps, for load as well ---- */

/* Chooses among the answers, and asks port 4011 if that is the next step. */
void play_decide(const struct iface *iface, const struct mac *mac, int64_t timeout_ms,
		 struct client *c);

/* The client's file, or NULL if the table is full; it may have been fetched before. */
struct fetch *play_fetch(const struct play *p, struct facts *f, size_t client,
			 enum fetch_kind kind, const char *url, bool head,
			 struct kept *kept);

/* The URL of what a client was told to fetch. */
void play_url(const struct client *c, char out[static FACTS_URL]);
