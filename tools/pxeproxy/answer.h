/*
 * answer - the reply to one request, and the rule that says so.
 *
 * Pure: what it needs to know of the world comes in as facts.
 *
 * Units   addresses are in host byte order.
 * Memory  rule and why are constant texts or the plan's.
 * Source  PXE 2.1 and, where firmware differs from it, what EDK2, iPXE and
 *         real ROMs do; each such place is marked.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/plan.h"
#include "lib/core/route.h"
#include "lib/wire/dhcp.h"

struct answer_facts {
	uint16_t port;      /* that the request came to: 67 or 4011 */
	bool relay_allowed; /* whether giaddr, if there is one, may be answered */
	bool network;       /* whether a network is configured for this client */
	uint32_t server;    /* our address as the client sees it; 0: we have none */
	const char *url;    /* base URL of bootweb for this client; "" if not said */
	const char *loader; /* file or URL for its architecture; NULL: none */
	enum boot_route route;
	enum boot_style style; /* of the OFFER to firmware; STYLE_AUTO is as direct */
	struct plan plan;
};

enum answer_kind {
	ANSWER_NONE,   /* not meant for us: not even an event */
	ANSWER_SILENT, /* meant for us, and refused */
	ANSWER_OFFER,
	ANSWER_ACK,
};

enum answer_to {
	ANSWER_TO_ALL,    /* 255.255.255.255:68, on the wire it came from */
	ANSWER_TO_RELAY,  /* giaddr:67 */
	ANSWER_TO_SENDER, /* its address and port */
};

struct answer {
	enum answer_kind kind;
	enum answer_to to;
	const char *rule, *why;
	struct dhcp reply;
};

/*
 * Whether a packet on this port is one that a boot server may answer at all;
 * the rest of DHCP is the DHCP server's.  Needs no facts, so that ordinary
 * traffic costs no look at the database.
 */
bool answer_wanted(const struct dhcp *request, uint16_t port);

struct answer answer(const struct dhcp *request, const struct answer_facts *facts);
