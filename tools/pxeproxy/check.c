#include "config.h"

#include "tools/pxeproxy/check.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_ROOM 2048

unsigned check_urls(const struct conf *conf)
{
	unsigned found = 0;

	for (size_t i = 0; i < conf->networks; i++) {
		if (*conf->network[i].url)
			continue;
		warnx("network %s: has no url: iPXE and HTTP Boot clients get no answer",
		      conf->network[i].name);
		found++;
	}
	return found;
}

/* A URL is somebody else's to have; Microsoft's loaders ask with backslashes. */
static bool is_there(const struct conf *conf, const char *file)
{
	char path[PATH_ROOM];

	if (strstr(file, "://"))
		return true;
	snprintf(path, sizeof(path), "%s/%s", conf->tftp, file);
	for (char *p = path; *p; p++)
		if (*p == '\\')
			*p = '/';
	return access(path, F_OK) == 0;
}

static unsigned check_file(const struct conf *conf, const struct conf_loader *l,
			   const char *key, const char *file)
{
	if (!*file || is_there(conf, file))
		return 0;
	warnx("loader %s: %s '%s' is not below %s", l->name, key, file, conf->tftp);
	return 1;
}

static unsigned check_said(const struct conf *conf)
{
	unsigned found = 0;

	for (size_t i = 0; i < conf->loaders_said; i++) {
		const struct conf_loader *l = &conf->loader[i];

		found += check_file(conf, l, "file", l->file);
		found += check_file(conf, l, "second", l->second);
	}
	return found;
}

/* Whether some loader of the route could be fetched. */
static bool route_leads_on(const struct conf *conf, enum boot_route route)
{
	for (size_t i = 0; i < conf->loaders; i++)
		if (conf->loader[i].route == route &&
		    is_there(conf, conf->loader[i].file))
			return true;
	return false;
}

/* what and name are the section that wants the route; "" if it is everybody's. */
static unsigned check_route(const struct conf *conf, const char *what, const char *name,
			    enum boot_route route)
{
	if (!route || route_leads_on(conf, route))
		return 0;
	warnx("%s%s%sroute %s: none of its loaders is below %s", what, name,
	      *what ? ": " : "", route_name(route), conf->tftp);
	return 1;
}

static unsigned check_machine(const struct conf *conf, const struct conf_machine *m)
{
	enum boot_route route = m->route ? m->route : ROUTE_IPXE;
	unsigned found = 0;

	for (size_t i = 0; i < m->archs; i++) {
		if (conf_loader_on(conf, route, m->arch[i]))
			continue;
		warnx("machine %s: route %s has no loader for arch %u", m->name,
		      route_name(route), m->arch[i]);
		found++;
	}
	return found + check_route(conf, "machine ", m->name, m->route);
}

unsigned check_loaders(const struct conf *conf)
{
	unsigned found;

	if (access(conf->tftp, F_OK) < 0) {
		warn("%s", conf->tftp);
		return 1;
	}
	found = check_said(conf) + check_route(conf, "", "", ROUTE_IPXE);
	for (size_t i = 0; i < conf->networks; i++)
		found += check_route(conf, "network ", conf->network[i].name,
				     conf->network[i].route);
	for (size_t i = 0; i < conf->platforms; i++)
		found += check_route(conf, "platform ", conf->platform[i].name,
				     conf->platform[i].route);
	for (size_t i = 0; i < conf->machines; i++)
		found += check_machine(conf, &conf->machine[i]);
	return found;
}
