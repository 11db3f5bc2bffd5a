/*
 * tftpget - fetches one file by TFTP, to know that it can be had.
 *
 * Units   milliseconds, octets.
 * Errors  all that goes wrong is a fact: in f->result, f->why and f->status.
 */
#pragma once

#include "tools/pxeprobe/facts.h"

#define TFTPGET_KEEP (256 << 10)

/* The octets that came first. */
struct kept {
	char text[TFTPGET_KEEP];
	size_t len;
};

/*
 * From server (host byte order) through the interface; each silence lasts timeout_ms at
 * most.  kept may be NULL.
 */
void tftpget(const struct iface *iface, uint32_t server, const char *name,
	     int64_t timeout_ms, struct fetch *f, struct kept *kept);
