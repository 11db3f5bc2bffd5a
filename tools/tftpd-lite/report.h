/*
 * report - what happened, as events.
 *
 * Every transfer whose client was there is one event.  What anybody can cause by
 * one forged packet (a refused, malformed or never acknowledged request) is told
 * at most REPORT_FORGEABLE times a second; how many were left out is told with
 * the next.
 *
 * Units   times are microseconds; octets.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/wire/tftp.h"
#include "tools/tftpd-lite/transfers.h"

#define REPORT_FORGEABLE 50

struct report {
	int64_t second_us; /* the one that is being counted */
	unsigned told;
	uint64_t left_out;
};

/* note: what there is to add, or NULL. */
void report_transfer(struct report *r, const struct transfer *t, const char *note,
		     int64_t now_us);

void report_refused(struct report *r, const struct asker *asker, const char *name,
		    enum tftp_code code, const char *why, int64_t now_us);

void report_malformed(struct report *r, const struct peer *peer, const char *why,
		      int64_t now_us);
