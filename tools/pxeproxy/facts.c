#include "config.h"

#include "tools/pxeproxy/facts.h"

#include <string.h>

#include "lib/wire/arch.h"

#define ETHERNET 1

static bool is_one_card(const uint8_t mac[static 6])
{
	static const uint8_t none[6];

	return !(mac[0] & 1) && memcmp(mac, none, sizeof(none)) != 0;
}

/* EDK2 can be told to put a GUID into chaddr; then hlen is 16 and it is no MAC. */
struct machine_key facts_key(const struct dhcp *request)
{
	const struct dhcp_octets *id = &request->machine_id;
	struct machine_key key = { 0 };

	if (request->hlen == sizeof(key.mac.octet) && request->htype == ETHERNET &&
	    is_one_card(request->chaddr)) {
		memcpy(key.mac.octet, request->chaddr, sizeof(key.mac.octet));
		key.has_mac = true;
	}
	if (id->len != 17 || id->octet[0] != 0 ||
	    !machine_uuid_wire(id->octet + 1, key.uuid))
		key.uuid[0] = '\0';
	return key;
}

/* ---- the network ---- */

static const struct conf_network *network_of_relay(const struct conf *conf,
						   uint32_t giaddr)
{
	for (size_t i = 0; i < conf->networks; i++)
		for (size_t k = 0; k < conf->network[i].relays; k++)
			if (conf->network[i].relay[k] == giaddr)
				return &conf->network[i];
	return NULL;
}

static bool fits(const struct conf_network *n, const char *interface, uint32_t address)
{
	return n && (!*n->interface || strcmp(n->interface, interface) == 0) &&
	       (address & n->mask) == n->subnet;
}

/* from is 0 for a broadcast: whatever it says, that comes from the wire it is on. */
static const struct conf_network *network_of_wire(const struct conf *conf,
						  const char *interface, uint32_t local,
						  uint32_t from)
{
	const struct conf_network *on = conf_network_on(conf, interface), *of;

	of = from ? conf_network_of(conf, from) : NULL;
	if (fits(of, interface, from))
		return of;
	if (on && *on->interface)
		return on;
	of = conf_network_of(conf, local);
	if (fits(of, interface, local))
		return of;
	return fits(on, interface, local) ? on : NULL;
}

static void find_network(const struct sources *s, const struct dhcp *request,
			 const struct arrival *via, struct facts *out)
{
	const char *interface = ifaces_name(s->ifaces, via->interface);
	uint32_t local = ifaces_address(s->ifaces, via->interface, 0, 0);
	struct answer_facts *a = &out->answer;
	uint32_t from = via->port == DHCP_PXE_PORT ? via->from : 0;
	const struct conf_network *n;

	if (request->giaddr)
		n = network_of_relay(s->conf, request->giaddr);
	else
		n = network_of_wire(s->conf, interface, local, from);
	out->network = n;
	out->local = local;
	a->network = n != NULL;
	a->relay_allowed = n && request->giaddr;
	a->url = n ? n->url : "";
	if (n && !request->giaddr)
		out->local =
			ifaces_address(s->ifaces, via->interface, n->subnet, n->mask);
	if (n)
		a->server = n->server ? n->server : out->local;
	if (ifaces_is_ours(s->ifaces, via->to))
		out->local = via->to;
}

/* ---- the plan ---- */

static const struct plan no_database = {
	.action = PLAN_SILENT,
	.rule = "database",
	.why = "the database cannot be read",
};

static const struct plan no_identity = {
	.action = PLAN_SILENT,
	.rule = "no-identity",
	.why = "it says neither a MAC address nor a UUID",
};

static struct plan make_plan(const struct sources *s, const struct conf_network *n,
			     struct facts *out, struct store_about *about)
{
	struct plan_facts pf = { 0 };
	struct plan plan;

	conf_policy(s->conf, n, &pf);
	if (!out->key.has_mac && !*out->key.uuid)
		return no_identity;
	if (!database_facts(s->database, &out->key, s->monotonic_ms, &pf, about))
		return no_database;
	plan = plan_for(&pf, s->now_ms);
	out->attempt = plan.job ? pf.job.attempt : 0;
	return plan;
}

/* ---- the way ---- */

static void find_way(const struct sources *s, const struct dhcp *request,
		     const struct store_about *about, struct facts *out)
{
	static const uint16_t raspberry = ARCH_RASPBERRY;
	const bool is_raspberry = dhcp_is_raspberry(request);
	const struct conf_asker asker = { .mac = out->key.has_mac ? &out->key.mac : NULL,
					  .uuid = out->key.uuid,
					  .manufacturer = about->manufacturer,
					  .product = about->product,
					  .platform = about->platform,
					  .arch = is_raspberry ? &raspberry
							       : request->arch,
					  .archs = is_raspberry ? 1 : request->archs,
					  .network = out->network };

	out->way = conf_way(s->conf, &asker);
	out->answer.route = out->way.route;
	out->answer.loader = out->way.loader ? out->way.loader->file : NULL;
	out->answer.style = out->way.style;
	if (out->way.style == STYLE_AUTO && request->type == DHCP_DISCOVER &&
	    !dhcp_is_ipxe(request))
		out->answer.style = turns_style(s->turns, request, s->monotonic_ms);
}

void facts_of(const struct sources *s, const struct dhcp *request,
	      const struct arrival *via, struct facts *out)
{
	struct store_about about = { 0 };

	*out = (struct facts){ .key = facts_key(request) };
	out->answer.port = via->port;
	find_network(s, request, via, out);
	out->answer.plan = make_plan(s, out->network, out, &about);
	find_way(s, request, &about, out);
}
