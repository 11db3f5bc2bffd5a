#include "config.h"

#include "tools/ipxegen/iso_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/artefact.h"

#define MACS_TEXT (ORDER_MACS * MAC_TEXT)

static bool refuse(char why[static ISO_WHY], const char *name, const char *value,
		   const char *reason)
{
	snprintf(why, ISO_WHY, "%s %s: %s", name, value, reason);
	return false;
}

const char *iso_host_complaint(const struct iso_host *host)
{
	for (size_t i = 0; i < host->order.notes; i++)
		if (!host->order.note[i].warning)
			return host->order.note[i].sentence;
	return "";
}

/* As its job would have them. */
static bool inherit(struct iso_host *host, const struct conf *conf,
		    const struct conf_network **network, char why[static ISO_WHY])
{
	struct order *o = &host->order;
	const char *name = o->profile;
	const struct conf_profile *profile;

	*network = *o->network ? conf_network_named(conf, o->network) : NULL;
	if (*o->network && !*network)
		return refuse(why, "network", o->network, "is no network of pxekit.conf");
	if (!*name && *network && (*network)->profile)
		name = (*network)->profile;
	profile = *name ? conf_profile_named(conf, name) : NULL;
	if (*name && !profile)
		return refuse(why, "profile", name, "is no profile of pxekit.conf");
	if (profile && !settings_inherit(&o->settings, &profile->settings))
		return refuse(why, "profile", name, "not enough memory");
	return true;
}

/* Name servers of IPv6 are left to the installed system: iPXE has IPv4 here. */
static bool keep_v4_servers(struct settings *s, char why[static ISO_WHY])
{
	char *list = strdup(settings_get(s, "dns")), *rest = list, *server;
	char **place = &s->value[setting_find("dns") - setting_defs];

	free(*place);
	*place = NULL;
	while (list && (server = strsep(&rest, "\n")))
		if (*server && !strchr(server, ':') && !settings_set(s, "dns", server))
			break;
	if (!list || rest)
		snprintf(why, ISO_WHY, "not enough memory");
	free(list);
	return list && !rest;
}

static bool check_address(struct iso_host *host, char why[static ISO_WHY])
{
	static const char *const names[] = { "address", "gateway" };
	struct settings *s = &host->order.settings;

	host->is_static = *settings_get(s, "address") != '\0';
	if (!host->is_static)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strchr(settings_get(s, names[i]), ':'))
			return refuse(why, names[i], settings_get(s, names[i]),
				      "is IPv6, and a medium knows IPv4 only");
	return keep_v4_servers(s, why);
}

static void name_it(struct iso_host *host)
{
	const char *hostname = settings_get(&host->order.settings, "hostname");

	if (*hostname)
		snprintf(host->name, sizeof(host->name), "%s", hostname);
	else if (host->order.macs)
		mac_format(&host->order.mac[0], '-', host->name);
	else
		snprintf(host->name, sizeof(host->name), "pxekit");
}

static void list_macs(const struct order *o, char out[static MACS_TEXT])
{
	*out = '\0';
	for (size_t i = 0; i < o->macs; i++) {
		mac_format(&o->mac[i], ':', out + i * MAC_TEXT);
		if (i + 1 < o->macs)
			out[(i + 1) * MAC_TEXT - 1] = ' ';
	}
}

static bool render(struct iso_host *host, struct conf conf,
		   const struct conf_network *network, char *base,
		   char why[static ISO_WHY])
{
	struct machine machine = { .mac = host->order.mac[0] };
	char macs[MACS_TEXT], reason[ARTEFACT_WHY];
	struct artefact_facts facts = { .conf = &conf,
					.network = base ? NULL : network,
					.machine = host->order.macs ? &machine : NULL,
					.macs = macs,
					.settings = &host->order.settings };
	bool secret;

	list_macs(&host->order, macs);
	if (base)
		conf.url = base;
	if (!artefact_render(&facts, artefact_find("medium.ipxe"), &host->script,
			     &host->len, &secret, reason)) {
		snprintf(why, ISO_WHY, "%s", reason);
		return false;
	}
	if (secret)
		snprintf(why, ISO_WHY,
			 "medium.ipxe: has a secret in it, which a medium must not have");
	return !secret;
}

bool iso_host_settle(struct iso_host *host, const struct conf *conf, char *base,
		     char why[static ISO_WHY])
{
	const struct conf_network *network;

	if (*iso_host_complaint(host)) {
		snprintf(why, ISO_WHY, "%s", iso_host_complaint(host));
		return false;
	}
	if (!inherit(host, conf, &network, why) || !check_address(host, why))
		return false;
	name_it(host);
	return render(host, *conf, network, base, why);
}

void iso_host_free(struct iso_host *host)
{
	order_free(&host->order);
	free(host->script);
}
