#include "config.h"

#include "lib/sys/conf_way.h"

#include <fnmatch.h>
#include <string.h>

static bool fits_text(const char *pattern, const char *text)
{
	return !*pattern || (*text && fnmatch(pattern, text, FNM_CASEFOLD) == 0);
}

static bool fits_mac(const struct conf_machine *m, const struct mac *mac)
{
	for (size_t i = 0; mac && i < m->macs; i++)
		if (memcmp(m->mac[i].octet, mac->octet, m->mac[i].len) == 0)
			return true;
	return m->macs == 0;
}

static bool fits_arch(const struct conf_machine *m, const struct conf_asker *a)
{
	for (size_t i = 0; i < m->archs; i++)
		for (size_t k = 0; k < a->archs; k++)
			if (m->arch[i] == a->arch[k])
				return true;
	return m->archs == 0;
}

static bool fits_uuid(const struct conf_machine *m, const char *uuid)
{
	for (size_t i = 0; uuid && *uuid && i < m->uuids.count; i++)
		if (strncasecmp(m->uuids.word[i], uuid, strlen(m->uuids.word[i])) == 0)
			return true;
	return m->uuids.count == 0;
}

bool conf_machine_fits(const struct conf_machine *m, const struct conf_asker *a)
{
	return fits_mac(m, a->mac) && fits_uuid(m, a->uuid) && fits_arch(m, a) &&
	       fits_text(m->product, a->product) &&
	       fits_text(m->manufacturer, a->manufacturer);
}

/* One without both is there for menus. */
static const struct conf_machine *machine_of(const struct conf *conf,
					     const struct conf_asker *a)
{
	for (size_t i = 0; i < conf->machines; i++) {
		const struct conf_machine *m = &conf->machine[i];

		if ((m->route || m->style) && conf_machine_fits(m, a))
			return m;
	}
	return NULL;
}

bool conf_menu_is_for(const struct conf *conf, const struct conf_menu *menu,
		      const struct conf_asker *a)
{
	for (size_t i = 0; i < menu->machines.count; i++)
		for (size_t k = 0; k < conf->machines; k++)
			if (strcmp(conf->machine[k].name, menu->machines.word[i]) == 0 &&
			    conf_machine_fits(&conf->machine[k], a))
				return true;
	return menu->machines.count == 0;
}

static enum boot_route platform_route(const struct conf *conf, const struct conf_asker *a)
{
	const char *name = a->platform;
	const struct conf_platform *p;

	if (!*name && a->network)
		name = a->network->platform;
	p = *name ? conf_platform_named(conf, name) : NULL;
	return p ? p->route : ROUTE_UNSAID;
}

/* Of a list the first number that has a loader of its own counts. */
static const struct conf_loader *loader_of(const struct conf *conf, enum boot_route route,
					   const struct conf_asker *a)
{
	const struct conf_loader *any = conf_loader_on(conf, route, CONF_ANY_ARCH);
	const struct conf_loader *l = any;

	for (size_t i = 0; l == any && i < a->archs; i++)
		l = conf_loader_on(conf, route, a->arch[i]);
	return l;
}

struct conf_way conf_way(const struct conf *conf, const struct conf_asker *a)
{
	const struct conf_machine *m = machine_of(conf, a);
	struct conf_way way = { .machine = m ? m->name : "" };

	if (m) {
		way.route = m->route;
		way.style = m->style;
	}
	if (!way.route)
		way.route = platform_route(conf, a);
	if (!way.route && a->network)
		way.route = a->network->route;
	if (!way.route)
		way.route = ROUTE_IPXE;
	way.loader = loader_of(conf, way.route, a);
	if (!way.style && a->network)
		way.style = a->network->style;
	if (!way.style && way.loader)
		way.style = way.loader->style;
	if (!way.style)
		way.style = STYLE_DIRECT;
	return way;
}

bool conf_way_by_product(const struct conf *conf)
{
	for (size_t i = 0; i < conf->machines; i++)
		if (*conf->machine[i].product || *conf->machine[i].manufacturer)
			return true;
	return false;
}

const struct conf_pack *conf_pack_for(const struct conf *conf, const char *manufacturer,
				      const char *product)
{
	for (size_t i = 0; i < conf->packs; i++) {
		const struct conf_pack *p = &conf->pack[i];

		if (fits_text(p->product, product) &&
		    fits_text(p->manufacturer, manufacturer))
			return p;
	}
	return NULL;
}
