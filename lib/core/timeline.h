/*
 * timeline - the phases of one attempt, out of the events it left behind.
 *
 * What happens at once (a packet, a script) lasts until whatever comes next;
 * what took time of its own (a transfer) lasts as long as it said; a step that
 * a machine reports lasts until its next report.  The same thing several times
 * in a row is one phase with a count.
 *
 * Units   times are milliseconds since 1970 UTC; octets.
 * Errors  false if memory ran out.
 * Memory  timeline_free() frees the phases.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/event.h"

struct phase {
	char name[3 * JOB_NAME];    /* "ProxyDHCP offer", "install: fetch" */
	char source[JOB_NAME];      /* the program that said it */
	char detail[JOB_TEXT];      /* file, step text, rule; "" if nothing is worth it */
	int64_t began_ms, ended_ms; /* ended_ms 0: it still lasts */
	int64_t octets;             /* -1 if not said */
	unsigned count;
	bool step;   /* reported by the machine */
	bool timed;  /* it said itself how long it took */
	bool failed; /* a refusal, a cut transfer, a failure */
};

struct timeline {
	struct phase *phase;
	size_t count;
};

/* Events come in the order of their arrival; those that are no phase are passed over. */
bool timeline_add(struct timeline *t, const struct event *ev);

/* Sorts the phases and ends each where the next begins. */
void timeline_finish(struct timeline *t);

/* From the first phase's beginning to the last one's; 0 if there is none. */
int64_t timeline_total_ms(const struct timeline *t);

void timeline_free(struct timeline *t);
