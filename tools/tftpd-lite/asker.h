/*
 * asker - whose request it is: the machine's MAC and the network of pxekit.conf that
 * it is on, and so whether it is served at all.
 *
 * Served are the addresses of the networks, on the interfaces that these name; what
 * this machine asks itself always is.  An IPv6 address is in the network of its
 * interface, as networks have IPv4 addresses only.
 *
 * Memory  an asker borrows peer; the networks live as long as the process, so that a
 *         transfer may point to its own through a new configuration.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "lib/core/mac.h"
#include "lib/sys/conf.h"
#include "tools/tftpd-lite/pace.h"
#include "tools/tftpd-lite/peer.h"

/* A network of pxekit.conf, and what runs in it. */
struct network {
	SLIST_ENTRY(network) next;
	char *name;
	unsigned transfers_max, live; /* 0: no bound; at once */
	struct pace pace;
};

SLIST_HEAD(networks, network);

struct asker {
	const struct peer *peer;
	struct network *network; /* NULL: none */
	struct mac mac;
	bool has_mac;
};

/* Learns of new networks and of what has changed in the old ones; false: no memory. */
bool networks_take(struct networks *all, const struct conf *conf);

/*
 * Whether this one is served, and its network of pxekit.conf, NULL if it is of none.
 * interface: the name of the one that the request came in on, "" if not known.
 */
bool asker_is_served(const struct conf *conf, const struct peer *peer,
		     const char *interface, const struct conf_network **network);

/* Whether the names of interfaces matter at all. */
bool asker_wants_interface(const struct conf *conf);

/* For tests: no transfer may be left. */
void networks_drop(struct networks *all);

struct network *networks_find(const struct networks *all, const char *name);
