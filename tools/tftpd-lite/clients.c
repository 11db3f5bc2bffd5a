#include "config.h"

#include "tools/tftpd-lite/clients.h"

#include <stdlib.h>

static struct client *find(const struct clients *all, const struct in6_addr *host,
			   uint32_t hash)
{
	struct client *c;

	LIST_FOREACH(c, &all->bucket[hash % CLIENTS_BUCKETS], same_bucket)
	if (IN6_ARE_ADDR_EQUAL(&c->host, host))
		return c;
	return NULL;
}

unsigned clients_live(const struct clients *all, const struct peer *peer)
{
	const struct in6_addr host = peer_host(peer);
	const struct client *c = find(all, &host, peer_host_hash(peer));

	return c ? c->live : 0;
}

struct client *clients_join(struct clients *all, const struct peer *peer)
{
	const struct in6_addr host = peer_host(peer);
	uint32_t hash = peer_host_hash(peer);
	struct client *c = find(all, &host, hash);

	if (!c) {
		c = calloc(1, sizeof(*c));
		if (!c)
			return NULL;
		c->host = host;
		LIST_INSERT_HEAD(&all->bucket[hash % CLIENTS_BUCKETS], c, same_bucket);
	}
	c->live++;
	return c;
}

void clients_leave(struct client *client)
{
	if (!client || --client->live)
		return;
	LIST_REMOVE(client, same_bucket);
	free(client);
}
