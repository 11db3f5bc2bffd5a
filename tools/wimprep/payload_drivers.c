#include "config.h"

#include "tools/wimprep/payload_drivers.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "lib/core/platform.h"
#include "lib/sys/exits.h"

struct gather {
	struct payload *payload;
	const struct payload_wish *wish;
	const struct driver_target *target;
	FILE *marker, *list;
	unsigned folder; /* 0: drivers/, else drivers/N/ */
	char *cache;
};

bool payload_platform(const char *name, const char *drivers[static PAYLOAD_DRIVERS])
{
	const struct platform *p = platform_find(name);
	size_t n = 0;

	for (; p && n < PAYLOAD_DRIVERS - 1 && p->driver[n].name; n++)
		drivers[n] = p->driver[n].name;
	drivers[n] = NULL;
	return p != NULL;
}

/* By the name of its INF: "vioscsi" or "vioscsi.inf". */
static bool is_named(const char *inf, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(inf, name, len) == 0 &&
	       (!inf[len] || strcasecmp(inf + len, ".inf") == 0);
}

static bool has_all(const struct driver_set *set, const char *const *names)
{
	for (; *names; names++) {
		size_t i = 0, n = driver_count(set);

		for (; i < n; i++) {
			const char *inf = driver_at(set, i)->inf;
			const char *slash = strrchr(inf, '/');

			if (is_named(slash ? slash + 1 : inf, *names))
				break;
		}
		if (i == n)
			return false;
	}
	return true;
}

/* One line for people, as wide as fits. */
static void add_summary(struct payload *p, const char *name)
{
	size_t len = strlen(p->summary);

	snprintf(p->summary + len, sizeof(p->summary) - len, "%s%s", len ? ", " : "",
		 name);
}

static void note(struct gather *g, const struct driver_chosen *c)
{
	char folder[16] = "";

	if (g->folder)
		snprintf(folder, sizeof(folder), "%u/", g->folder);
	fprintf(g->list, "X:\\pxekit\\drivers\\%.*s%s%s\\%s\r\n",
		(int)strcspn(folder, "/"), folder, g->folder ? "\\" : "", c->folder,
		c->inf);
	fprintf(g->marker, "# driver: %s %s %s pxekit/drivers/%s%s/%s\n", c->folder,
		*c->package->class ? c->package->class : "-",
		*c->package->version ? c->package->version : "-", folder, c->folder,
		c->inf);
	add_summary(g->payload, c->folder);
	g->payload->drivers++;
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		err(EXIT_FAILED, "%s", path);
}

static void take(struct gather *g, const struct driver_set *set,
		 const char *const names[], size_t count, const char *shown)
{
	struct driver_choice choice;
	char why[DRIVER_WHY], *folder;

	if (!driver_choose(set, g->target, names, count, &choice, why))
		errx(EXIT_FAILED, "%s: %s", shown, why);
	if (asprintf(&folder, "%s/pxekit/drivers/%u", g->payload->tree, g->folder) < 0)
		err(EXIT_FAILED, "drivers");
	if (!g->folder)
		*strrchr(folder, '/') = '\0';
	make_folder(folder);
	if (!driver_extract(set, &choice, folder, why))
		errx(EXIT_FAILED, "%s: %s", shown, why);
	for (size_t i = 0; i < choice.count; i++)
		note(g, &choice.chosen[i]);
	free(folder);
	driver_choice_free(&choice);
}

static size_t length(const char *const *names)
{
	size_t n = 0;

	while (names[n])
		n++;
	return n;
}

static struct driver_set *open_set(const struct gather *g, const char *const paths[],
				   size_t count)
{
	char why[DRIVER_WHY];
	struct driver_set *set = driver_open(paths, count, g->cache, why);

	if (!set)
		errx(EXIT_FAILED, "%s", why);
	return set;
}

/* Exactly these, wherever they are. */
static void take_named(struct gather *g)
{
	const struct payload_wish *w = g->wish;
	struct driver_set *set = open_set(g, w->source, w->sources);

	take(g, set, w->driver, w->drivers, w->source[0]);
	driver_close(set);
}

/* From the source that has them the platform's; of other folders all that suit. */
static void take_sources(struct gather *g, const char *const *platform)
{
	const struct payload_wish *w = g->wish;
	bool found = !*platform;

	for (size_t i = 0; i < w->sources; i++) {
		struct driver_set *set = open_set(g, &w->source[i], 1);
		bool has = *platform && has_all(set, platform);

		g->folder = w->sources > 1 ? (unsigned)i + 1 : 0;
		take(g, set, platform, has ? length(platform) : 0, w->source[i]);
		found = found || has;
		driver_close(set);
	}
	if (!found && w->platform)
		errx(EXIT_FAILED,
		     "%s: platform %s wants the driver %s and its like, and they are not "
		     "there; name what shall go in with --driver",
		     w->source[0], w->platform, platform[0]);
}

/* S0-15: which disks and cards the platform has is known here, and nowhere later. */
static void warn_absent(const struct gather *g, const char *const *platform)
{
	for (; g->wish->platform && *platform; platform++) {
		size_t i = 0;

		while (i < g->wish->drivers && !is_named(g->wish->driver[i], *platform))
			i++;
		if (g->wish->drivers && i == g->wish->drivers)
			warnx("%s: platform %s may want the driver %s, which is not "
			      "among those named",
			      g->wish->shown, g->wish->platform, *platform);
	}
}

void payload_drivers(struct payload *p, const struct payload_wish *wish,
		     const struct driver_target *target, FILE *marker)
{
	struct gather g = { .payload = p,
			    .wish = wish,
			    .target = target,
			    .marker = marker,
			    .cache = driver_cache_folder() };
	const char *platform[PAYLOAD_DRIVERS];
	char *path;

	if (!wish->sources)
		return;
	if (!payload_platform(wish->platform ? wish->platform : "kvm", platform))
		errx(EXIT_MISUSE, "there is no platform %s", wish->platform);
	if (asprintf(&path, "%s/pxekit/drivers", p->tree) < 0)
		err(EXIT_FAILED, "drivers");
	make_folder(path);
	free(path);
	if (asprintf(&path, "%s/pxekit/drivers/list.txt", p->tree) < 0 ||
	    !(g.list = fopen(path, "we")))
		err(EXIT_FAILED, "drivers");
	warn_absent(&g, platform);
	if (wish->drivers)
		take_named(&g);
	else
		take_sources(&g, platform);
	if (fclose(g.list) != 0)
		err(EXIT_FAILED, "%s", path);
	free(path);
	free(g.cache);
}
