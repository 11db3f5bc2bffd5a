#include "config.h"

#include "lib/sys/conf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/wire/arch.h"

static void network_text(const struct conf_network *n, char out[static 160])
{
	const struct in_addr subnet = { htonl(n->subnet) }, server = { htonl(n->server) };
	char a[INET_ADDRSTRLEN] = "-", b[INET_ADDRSTRLEN] = "-", bits[4] = "";

	if (n->mask) {
		inet_ntop(AF_INET, &subnet, a, sizeof(a));
		snprintf(bits, sizeof(bits), "/%d", __builtin_popcount(n->mask));
	}
	if (n->server)
		inet_ntop(AF_INET, &server, b, sizeof(b));
	snprintf(out, 160, "%s %s%s %s", n->name, a, bits, b);
}

void conf_networks_text(const struct conf *conf, char *out, size_t size)
{
	size_t used = 0;
	char one[160];

	*out = '\0';
	for (size_t i = 0; i < conf->networks; i++) {
		network_text(&conf->network[i], one);
		if (used + strlen(one) + 3 > size)
			return;
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "",
					 one);
	}
}

const struct conf_network *conf_network_of(const struct conf *conf, uint32_t address)
{
	const struct conf_network *best = NULL;

	for (size_t i = 0; i < conf->networks; i++) {
		const struct conf_network *n = &conf->network[i];

		if ((address & n->mask) == n->subnet && (!best || n->mask > best->mask))
			best = n;
	}
	return best;
}

/* Of several networks that name no interface none is better than the others. */
const struct conf_network *conf_network_on(const struct conf *conf, const char *interface)
{
	const struct conf_network *any = NULL;
	size_t anys = 0;

	for (size_t i = 0; i < conf->networks; i++) {
		const struct conf_network *n = &conf->network[i];

		if (strcmp(n->interface, interface) == 0)
			return n;
		if (!*n->interface) {
			any = n;
			anys++;
		}
	}
	return anys == 1 ? any : NULL;
}

const struct conf_network *conf_network_named(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->networks; i++)
		if (strcmp(conf->network[i].name, name) == 0)
			return &conf->network[i];
	return NULL;
}

const struct conf_platform *conf_platform_named(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->platforms; i++)
		if (strcmp(conf->platform[i].name, name) == 0)
			return &conf->platform[i];
	return NULL;
}

const struct conf_profile *conf_profile_named(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->profiles; i++)
		if (strcmp(conf->profile[i].name, name) == 0)
			return &conf->profile[i];
	return NULL;
}

const struct conf_pack *conf_pack_named(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->packs; i++)
		if (strcmp(conf->pack[i].name, name) == 0)
			return &conf->pack[i];
	return NULL;
}

void conf_policy(const struct conf *conf, const struct conf_network *network,
		 struct plan_facts *facts)
{
	facts->policy = network ? network->policy : PLAN_JOBS;
	facts->unknown = network ? network->unknown : PLAN_SILENT;
	facts->attempts_max = conf->attempts_max;
	facts->agreement = conf->hook_pre_install;
}

static const struct conf_loader *loader_with(const struct conf *conf,
					     enum boot_route route, unsigned arch)
{
	for (size_t i = 0; i < conf->loaders; i++)
		for (size_t k = 0; k < conf->loader[i].archs; k++)
			if (conf->loader[i].route == route &&
			    conf->loader[i].arch[k] == arch)
				return &conf->loader[i];
	return NULL;
}

const struct conf_loader *conf_loader_on(const struct conf *conf, enum boot_route route,
					 unsigned arch)
{
	const struct conf_loader *l = loader_with(conf, route, arch);

	if (!l)
		l = loader_with(conf, route, arch_plain(arch));
	if (!l && arch_plain(arch) == 7)
		l = loader_with(conf, route, 9);
	return l ? l : loader_with(conf, route, CONF_ANY_ARCH);
}

const struct conf_loader *conf_loader_for(const struct conf *conf, unsigned arch)
{
	return conf_loader_on(conf, ROUTE_IPXE, arch);
}

static void free_network(struct conf_network *n)
{
	free(n->name);
	free(n->interface);
	free(n->url);
	free(n->relay);
	free(n->platform);
	free(n->profile);
	free(n->default_job);
}

static void free_words(struct conf_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
}

static void free_machine(struct conf_machine *m)
{
	free(m->name);
	free(m->mac);
	free_words(&m->uuids);
	free(m->manufacturer);
	free(m->product);
}

static void free_people(struct conf *conf)
{
	for (size_t i = 0; i < conf->roles; i++) {
		free(conf->role[i].name);
		free_words(&conf->role[i].user);
		free_words(&conf->role[i].group);
	}
	free(conf->role);
	free(conf->admin.user);
	free(conf->admin.www);
	free(conf->admin.certificate);
	free(conf->admin.certificate_key);
	free(conf->admin.user_header);
	free(conf->admin.groups_header);
	free(conf->admin.front);
}

static void free_menu(struct conf_menu *m)
{
	free(m->name);
	free(m->title);
	free(m->image);
	free(m->url);
	free(m->arguments);
	free(m->firmware);
	free_words(&m->machines);
}

static void free_sections(struct conf *conf)
{
	for (size_t i = 0; i < conf->networks; i++)
		free_network(&conf->network[i]);
	for (size_t i = 0; i < conf->loaders; i++) {
		free(conf->loader[i].name);
		free(conf->loader[i].file);
		free(conf->loader[i].second);
	}
	for (size_t i = 0; i < conf->platforms; i++) {
		free(conf->platform[i].name);
		free(conf->platform[i].console);
		free(conf->platform[i].disk);
	}
	for (size_t i = 0; i < conf->profiles; i++) {
		free(conf->profile[i].name);
		settings_free(&conf->profile[i].settings);
		settings_free(&conf->profile[i].files);
	}
	for (size_t i = 0; i < conf->machines; i++)
		free_machine(&conf->machine[i]);
	for (size_t i = 0; i < conf->aliases; i++) {
		free(conf->alias[i].name);
		free(conf->alias[i].pattern);
		free(conf->alias[i].file);
	}
	for (size_t i = 0; i < conf->packs; i++) {
		free(conf->pack[i].name);
		free(conf->pack[i].manufacturer);
		free(conf->pack[i].product);
		free(conf->pack[i].folder);
	}
	for (size_t i = 0; i < conf->menus; i++)
		free_menu(&conf->menu[i]);
	free(conf->network);
	free(conf->machine);
	free(conf->pack);
	free(conf->menu);
	free(conf->alias);
	free(conf->loader);
	free(conf->platform);
	free(conf->profile);
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	free_sections(conf);
	free_people(conf);
	free(conf->site);
	free(conf->url);
	free(conf->database);
	free(conf->images);
	free(conf->tftp);
	free(conf->templates);
	free(conf->deploy);
	free(conf->key);
	free(conf->hooks);
	free(conf->user);
	free(conf->smb_share);
	free(conf->smb_user);
	free(conf);
}
