/*
 * waiting - the events that stand in standard output and that nobody has taken from there
 * yet: what an earlier run of a daemon has said, and jobctl ingest has not read.  Nothing
 * is taken out.
 *
 * A pipe is looked into by tee(2), for which we must be allowed to read it; of a file its
 * last WAITING_OCTETS are read; where else standard output leads, nothing waits.
 *
 * Errors  waiting_open() returns -1 with errno; then there is nothing to close.
 * Memory  waiting_close() frees what waiting_open() has read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/event.h"

#define WAITING_OCTETS (1 << 20) /* what a pipe holds at most */

struct waiting {
	char *octets;
	size_t at, len;
};

int waiting_open(struct waiting *w);

/* The next line that is an event; false: there is none left. */
bool waiting_next(struct waiting *w, struct event *out);
void waiting_close(struct waiting *w);
