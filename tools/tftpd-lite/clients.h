/*
 * clients - how many transfers each address has, of those whose client has proved to
 * be there: so nobody can use up another's by forged requests.
 *
 * Memory  clients_join() allocates for the first, clients_leave() frees with the last.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "tools/tftpd-lite/peer.h"

#define CLIENTS_BUCKETS 1024

struct client {
	LIST_ENTRY(client) same_bucket;
	struct in6_addr host;
	unsigned live;
};

struct clients {
	LIST_HEAD(clients_bucket, client) bucket[CLIENTS_BUCKETS];
};

unsigned clients_live(const struct clients *all, const struct peer *peer);

/* NULL: no memory; such a one is not counted. */
struct client *clients_join(struct clients *all, const struct peer *peer);
void clients_leave(struct client *client);
