/*
 * watch - other servers on the wire that keep machines from hearing us.
 *
 * A DHCP server that gives addresses and itself says option 60 = PXEClient is asked
 * for the file, and no proxy is heard; another ProxyDHCP races us.  Their replies are
 * seen when they are broadcast.
 *
 * Units   monotonic_ms as in lib/sys/now.h; addresses in host byte order.
 * Memory  a struct watch holds the last WATCHES servers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/wire/dhcp.h"

#define WATCHES 16

enum watch_fault {
	WATCH_NONE,
	WATCH_SERVER, /* gives an address and says PXEClient */
	WATCH_PROXY,  /* gives none: a second ProxyDHCP */
};

struct watch {
	struct {
		uint32_t server;
		enum watch_fault fault;
		int64_t told_ms;
	} row[WATCHES];
};

enum watch_fault watch_fault_of(const struct dhcp *msg, uint16_t from_port);

/* "" for WATCH_NONE */
const char *watch_rule(enum watch_fault fault);
const char *watch_why(enum watch_fault fault);

/* Whether it is time to say so: once a minute for each server. */
bool watch_due(struct watch *watch, uint32_t server, enum watch_fault fault,
	       int64_t monotonic_ms);
