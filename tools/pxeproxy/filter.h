/*
 * filter - what the kernel drops before it costs us anything.
 *
 * Lets through whole UDP datagrams that came to port 67, and those to port 68 by
 * which other servers give themselves away, if their option 60 begins with PXEC or
 * HTTP; and what it cannot judge: broken options, overload, more options than STEPS.
 *
 * Source  RFC 2131 figure 1 (the options begin after 240 octets); socket(7), bpf(2).
 */
#pragma once

#include <linux/filter.h>
#include <stddef.h>

#define FILTER_STEPS 20
#define FILTER_MOST 600

/* For a SOCK_DGRAM packet socket; returns how many instructions there are. */
size_t filter_make(struct sock_filter out[static FILTER_MOST]);
