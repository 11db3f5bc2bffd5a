#include "config.h"

#include "lib/order/order_wake.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sys/udp.h"

#define CARDS_MAX 16
#define PORT 9 /* discard: nobody listens, and the card looks at every frame */

/* ---- the way ---- */

/* Of its job, else where it was seen, else the only one there is. */
static const struct conf_network *network_of(const struct conf *conf, struct store *store,
					     const struct machine *machine)
{
	struct machine_key key = { .mac = machine->mac, .has_mac = true };
	const struct conf_network *network = NULL;
	struct plan_facts facts = { 0 };

	if (store_facts(store, &key, &facts, NULL) == STORE_DONE && facts.has_job)
		network = conf_network_named(conf, facts.job.network);
	if (!network)
		network = conf_network_named(conf, machine->network);
	if (!network && conf->networks == 1)
		network = conf->network;
	return network;
}

static bool choose(const struct order_wake *wake, const struct conf_network *network,
		   struct order_way *out)
{
	const char *interface = network ? network->interface : "";

	*out = (struct order_way){ .to = INADDR_BROADCAST };
	if (wake->interface)
		interface = wake->interface;
	else if (network && network->mask)
		out->to = network->subnet | ~network->mask;
	snprintf(out->interface, sizeof(out->interface), "%s", interface);
	return *interface || out->to != INADDR_BROADCAST;
}

static void describe(struct order_way *way)
{
	const struct in_addr to = { htonl(way->to) };
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &to, text, sizeof(text));
	snprintf(way->text, sizeof(way->text), "to %s%s%s", text,
		 *way->interface ? " through " : "", way->interface);
}

bool order_wake_way(const struct conf *conf, struct store *store,
		    const struct order_wake *wake, const struct machine *machine,
		    struct order_way *out, char why[static ORDER_WAKE_WHY])
{
	const struct conf_network *network =
		wake->network ? wake->network : network_of(conf, store, machine);
	char mac[MAC_TEXT];

	if (mac_equal(&machine->mac, &(struct mac){ 0 })) {
		snprintf(why, ORDER_WAKE_WHY, "machine %lld: no MAC of it is known",
			 (long long)machine->id);
		return false;
	}
	if (!choose(wake, network, out)) {
		mac_format(&machine->mac, ':', mac);
		snprintf(why, ORDER_WAKE_WHY,
			 "%s: nothing says through which interface: --interface NAME, or "
			 "interface or subnet in its network of pxekit.conf",
			 mac);
		return false;
	}
	describe(out);
	return true;
}

enum store_result order_wake_note(struct store *store, const struct machine *machine,
				  const struct order_way *way, const char *actor)
{
	return store_machine_note(store, machine->id, "wake", way->text, actor);
}

/* ---- sending ---- */

static bool send_to(int fd, const struct order_way *way, const struct mac *mac,
		    const struct wake_password *password)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(PORT),
					.sin_addr.s_addr = htonl(way->to) };
	uint8_t packet[WAKE_OCTETS];
	size_t len = wake_packet(mac->octet, password, packet);

	return sendto(fd, packet, len, 0, (const struct sockaddr *)&to, sizeof(to)) ==
	       (ssize_t)len;
}

/* All of its cards: nobody knows which of them listens while it sleeps. */
bool order_wake_send(struct store *store, const struct order_wake *wake,
		     const struct machine *machine, const struct order_way *way,
		     size_t *sent, char why[static ORDER_WAKE_WHY])
{
	struct mac mac[CARDS_MAX];
	size_t count = store_machine_macs(store, machine->id, mac, CARDS_MAX);
	char text[MAC_TEXT];
	int fd = udp_broadcast(way->interface);

	*sent = 0;
	if (fd < 0) {
		snprintf(why, ORDER_WAKE_WHY, "%s: %s",
			 *way->interface ? way->interface : "socket", strerror(errno));
		return false;
	}
	while (*sent < count && send_to(fd, way, &mac[*sent], &wake->password))
		++*sent;
	if (*sent < count) {
		mac_format(&mac[*sent], ':', text);
		snprintf(why, ORDER_WAKE_WHY, "%s: cannot send %s: %s", text, way->text,
			 strerror(errno));
	}
	close(fd);
	return *sent == count;
}
