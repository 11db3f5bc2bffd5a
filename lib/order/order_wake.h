/*
 * order_wake - Wake-on-LAN for one machine: the magic packet to each of its cards,
 * through the interface of its network.
 *
 * Errors  false with a sentence in *why, which begins with what it is about.
 * Source  lib/wire/wake.h
 */
#pragma once

#include <net/if.h>

#include "lib/store/store.h"
#include "lib/sys/conf.h"
#include "lib/wire/wake.h"

struct order_wake {
	const struct conf_network *network; /* NULL: where it has a job or was seen */
	const char *interface;              /* NULL: what the network says */
	struct wake_password password;
};

#define ORDER_WAY 160
#define ORDER_WAKE_WHY 384

struct order_way {
	char interface[IF_NAMESIZE]; /* "": as the routes say */
	uint32_t to;                 /* an address in host byte order */
	char text[ORDER_WAY];        /* "to 10.0.0.255 through eth1" */
};

/* Which way the packet goes; nothing is sent. */
bool order_wake_way(const struct conf *conf, struct store *store,
		    const struct order_wake *wake, const struct machine *machine,
		    struct order_way *out, char why[static ORDER_WAKE_WHY]);

/* Puts it on record, and nothing else. */
enum store_result order_wake_note(struct store *store, const struct machine *machine,
				  const struct order_way *way, const char *actor);

/* *sent: how many packets have left. */
bool order_wake_send(struct store *store, const struct order_wake *wake,
		     const struct machine *machine, const struct order_way *way,
		     size_t *sent, char why[static ORDER_WAKE_WHY]);
