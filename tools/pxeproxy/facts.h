/*
 * facts - what the configuration, the interfaces and the database know about
 * the sender of one request.
 *
 * Units   addresses are in host byte order; now_ms as in lib/sys/now.h.
 * Memory  a struct facts points into the configuration it was made from.
 */
#pragma once

#include "lib/sys/conf_way.h"
#include "tools/pxeproxy/answer.h"
#include "tools/pxeproxy/database.h"
#include "tools/pxeproxy/iface.h"
#include "tools/pxeproxy/turn.h"

/* How a datagram came. */
struct arrival {
	int interface; /* its index */
	bool ethernet; /* and it is known to have addresses of six octets */
	uint32_t from, to;
	uint16_t from_port, port;
};

/* Where facts come from. */
struct sources {
	const struct conf *conf;
	struct ifaces *ifaces;
	struct database *database;
	struct turns *turns;
	int64_t now_ms, monotonic_ms;
};

struct facts {
	struct answer_facts answer;
	const struct conf_network *network; /* NULL: none */
	uint32_t local; /* our address to send from: the one asked, or the interface's */
	struct machine_key key;
	int64_t attempt; /* of the job, if there is one */
	struct conf_way way;
};

void facts_of(const struct sources *s, const struct dhcp *request,
	      const struct arrival *via, struct facts *out);

/* Who asks; without a MAC if chaddr holds none. */
struct machine_key facts_key(const struct dhcp *request);
