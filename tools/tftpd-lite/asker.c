#include "config.h"

#include "tools/tftpd-lite/asker.h"

#include <stdlib.h>
#include <string.h>

struct network *networks_find(const struct networks *all, const char *name)
{
	struct network *n;

	SLIST_FOREACH(n, all, next)
	if (strcmp(n->name, name) == 0)
		return n;
	return NULL;
}

void networks_drop(struct networks *all)
{
	struct network *n;

	while ((n = SLIST_FIRST(all))) {
		SLIST_REMOVE_HEAD(all, next);
		free(n->name);
		free(n);
	}
}

static struct network *add(struct networks *all, const char *name)
{
	struct network *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->name = strdup(name);
	if (!n->name) {
		free(n);
		return NULL;
	}
	SLIST_INSERT_HEAD(all, n, next);
	return n;
}

bool networks_take(struct networks *all, const struct conf *conf)
{
	for (size_t i = 0; i < conf->networks; i++) {
		const struct conf_network *from = &conf->network[i];
		struct network *n = networks_find(all, from->name);

		if (!n)
			n = add(all, from->name);
		if (!n)
			return false;
		n->transfers_max = from->tftp_transfers;
		n->pace.rate = from->tftp_rate;
	}
	return true;
}

static bool is_ours(const char *interface)
{
	return strcmp(interface, "lo") == 0;
}

static bool is_on(const struct conf_network *n, const char *interface)
{
	return !*n->interface || is_ours(interface) ||
	       strcmp(n->interface, interface) == 0;
}

/* The longest prefix of those that face this interface. */
static const struct conf_network *network_of(const struct conf *conf, uint32_t address,
					     const char *interface)
{
	const struct conf_network *best = NULL;

	for (size_t i = 0; i < conf->networks; i++) {
		const struct conf_network *n = &conf->network[i];

		if ((address & n->mask) == n->subnet && is_on(n, interface) &&
		    (!best || n->mask > best->mask))
			best = n;
	}
	return best;
}

static bool faces_all(const struct conf *conf)
{
	for (size_t i = 0; i < conf->networks; i++)
		if (!*conf->network[i].interface)
			return true;
	return false;
}

bool asker_is_served(const struct conf *conf, const struct peer *peer,
		     const char *interface, const struct conf_network **network)
{
	uint32_t address;

	if (peer_address4(peer, &address)) {
		*network = network_of(conf, address, interface);
		return *network || is_ours(interface);
	}
	*network = conf_network_on(conf, interface);
	return *network || is_ours(interface) || faces_all(conf);
}

bool asker_wants_interface(const struct conf *conf)
{
	for (size_t i = 0; i < conf->networks; i++)
		if (*conf->network[i].interface || conf->network[i].mask)
			return true;
	return false;
}
