#include "config.h"

#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/verify.h"

#define FOLDER "/pxekit/drivers"
#define LIST FOLDER "/list.txt"
#define LIST_LARGEST (1 << 20)

static struct verify_driver *add_driver(struct verify *v, const struct driver_package *p)
{
	struct verify_driver *more = realloc(v->driver, (v->drivers + 1) * sizeof(*more));
	const char *slash = strrchr(p->inf, '/');
	const char *base = slash ? slash + 1 : p->inf;
	const char *catalogue = p->catalogue[v->target.arch];

	if (!more)
		err(EXIT_FAILED, "drivers");
	v->driver = more;
	more += v->drivers++;
	*more = (struct verify_driver){ 0 };
	if (!catalogue || !*catalogue)
		catalogue = p->catalogue[DRIVER_ANY_ARCH];
	snprintf(more->name, sizeof(more->name), "%.*s", (int)strcspn(base, "."), base);
	snprintf(more->class, sizeof(more->class), "%s", p->class ? p->class : "");
	snprintf(more->version, sizeof(more->version), "%s",
		 p->version ? p->version : "");
	snprintf(more->inf, sizeof(more->inf), "%s", p->inf);
	snprintf(more->catalogue, sizeof(more->catalogue), "%s",
		 catalogue ? catalogue : "");
	return more;
}

/* X:\pxekit\drivers\a\a.inf as it stands in list.txt. */
static bool is_listed(const char *list, const char *inf)
{
	size_t len = strlen(inf);

	for (const char *line = list; line && *line; line = strchr(line, '\n')) {
		const char *name = line + (*line == '\n'), *p = name;
		size_t i = 0;

		p += strncasecmp(p, "X:\\pxekit\\drivers\\", 18) == 0 ? 18 : 0;
		while (p > name && i < len &&
		       (p[i] == inf[i] || (p[i] == '\\' && inf[i] == '/')))
			i++;
		if (p > name && i == len && (p[i] == '\r' || p[i] == '\n' || !p[i]))
			return true;
		line = name;
	}
	return false;
}

static void check_package(struct verify *v, const struct driver_set *set,
			  const struct driver_package *p, const char *list)
{
	struct driver_choice one = { .chosen = calloc(1, sizeof(*one.chosen)),
				     .count = 1 };
	struct verify_driver *d = add_driver(v, p);
	char why[DRIVER_WHY];

	if (!one.chosen)
		err(EXIT_FAILED, "drivers");
	d->whole = driver_take(set, p, &v->target, one.chosen, why);
	if (!d->whole) {
		verify_say(v, "driver", VERIFY_FAILED, "%s", why);
		free(one.chosen);
		return;
	}
	if (!is_listed(list, p->inf))
		verify_say(v, "driver", VERIFY_WARNING,
			   "%s: is not in list.txt, so startnet.cmd does not load it",
			   p->inf);
	else
		verify_say(v, "driver", VERIFY_OK, "%s: %s %s, %zu files, %s", d->name,
			   *d->class ? d->class : "no class", d->version,
			   one.chosen->pieces, d->catalogue);
	driver_choice_free(&one);
}

/* What startnet.cmd would load, and is not there. */
static void check_list(struct verify *v, const char *list)
{
	const char *line = list;

	while (*line) {
		size_t len = strcspn(line, "\r\n");
		char path[PATH_MAX];

		if (len > 2 && len < sizeof(path)) {
			snprintf(path, sizeof(path), "%.*s", (int)len - 2, line + 2);
			for (char *p = path; *p; p++)
				*p = *p == '\\' ? '/' : *p;
			if (!wim_find(v->wim, v->image, path, NULL))
				verify_say(v, "driver", VERIFY_FAILED,
					   "%.*s: is in list.txt, but not in the image",
					   (int)len, line);
		}
		line += len;
		line += strspn(line, "\r\n");
	}
}

static bool has(const struct verify *v, const char *name)
{
	for (size_t i = 0; i < v->drivers; i++)
		if (strcasecmp(v->driver[i].name, name) == 0)
			return true;
	return false;
}

static void check_traps(struct verify *v)
{
	if (has(v, "viostor") && !has(v, "vioscsi"))
		verify_say(v, "driver", VERIFY_WARNING,
			   "viostor without vioscsi: a disk behind virtio-scsi is not "
			   "seen");
	if (has(v, "vioscsi") && !has(v, "viostor"))
		verify_say(v, "driver", VERIFY_WARNING,
			   "vioscsi without viostor: a virtio-blk disk is not seen");
	if ((has(v, "vioscsi") || has(v, "viostor")) && !has(v, "netkvm"))
		verify_say(v, "driver", VERIFY_WARNING,
			   "a disk's driver without netkvm: a virtio network card is "
			   "not seen");
}

static void check_folder(struct verify *v, const char *list)
{
	char why[DRIVER_WHY], folder[PATH_MAX];
	const char *const paths[] = { folder };
	struct driver_set *set;

	if (snprintf(folder, sizeof(folder), "%s/drivers", v->scratch) >= PATH_MAX)
		return;
	set = driver_open(paths, 1, NULL, why);
	if (!set) {
		verify_say(v, "driver", VERIFY_FAILED, "%s", why);
		return;
	}
	for (size_t i = 0; i < driver_count(set); i++)
		check_package(v, set, driver_at(set, i), list);
	driver_close(set);
	check_traps(v);
}

void verify_drivers(struct verify *v)
{
	char why[WIM_WHY], *list;
	size_t len;

	if (!wim_find(v->wim, v->image, FOLDER, NULL)) {
		verify_say(v, "driver", VERIFY_WARNING,
			   "none was put in: only what Windows PE brings");
		return;
	}
	list = wim_read(v->wim, v->image, LIST, v->scratch, LIST_LARGEST, &len, why);
	if (!list || !wim_extract(v->wim, v->image, FOLDER, v->scratch, why)) {
		verify_say(v, "driver", VERIFY_FAILED, "%s", why);
	} else {
		check_list(v, list);
		check_folder(v, list);
	}
	free(list);
}
