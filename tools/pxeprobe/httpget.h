/*
 * httpget - fetches one file by HTTP, or asks whether it is there.
 *
 * Units   milliseconds, octets.
 * Errors  all that goes wrong is a fact: in f->result, f->why and f->status.
 */
#pragma once

#include "tools/pxeprobe/tftpget.h"

void httpget_begin(void); /* once, before any thread */

/* f->url; by HEAD if f->head is set.  Each silence lasts timeout_ms at most. */
void httpget(const struct iface *iface, int64_t timeout_ms, struct fetch *f,
	     struct kept *kept);

/* What a name in a script means, seen from the script's own URL; false if nothing. */
bool url_join(const char *base, const char *name, char out[static FACTS_URL]);
