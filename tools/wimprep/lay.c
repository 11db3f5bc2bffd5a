#include "config.h"

#include "tools/wimprep/lay.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "tools/wimprep/place.h"

#define LARGEST (64 << 20) /* of all but the boot.wim */
#define COPY_STEP (1 << 20)
#define FONTS "/Windows/Boot/Fonts"

/* ---- one file ---- */

bool lay_begin(const struct lay *l, const char *name, char path[static PATH_MAX])
{
	place_path(path, "%s/%s", l->folder, name);
	if (l->tell)
		puts(name);
	for (char *slash = path + strlen(l->folder) + 1;
	     !l->dry && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err(EXIT_FAILED, "%s", path);
		*slash = '/';
	}
	return !l->dry;
}

void lay_octets(struct lay *l, const char *name, const void *octets, size_t len)
{
	char path[PATH_MAX];

	if (!lay_begin(l, name, path) || file_holds(path, octets, len))
		return;
	if (file_replace(path, octets, len, 0644) < 0)
		err(EXIT_FAILED, "%s", path);
	l->changed = true;
}

void lay_file(struct lay *l, const char *name, const char *from)
{
	size_t len = 0;
	char *octets = l->dry ? NULL : file_read(from, LARGEST, &len);

	if (!octets && !l->dry)
		err(EXIT_FAILED, "%s", from);
	lay_octets(l, name, octets, len);
	free(octets);
}

static void unpack(struct lay *l, const char *name, const char *from)
{
	char why[WIM_WHY], *octets = NULL;
	size_t len = 0;

	if (!l->dry)
		octets = wim_read(l->wim, l->image, from, l->scratch, LARGEST, &len, why);
	if (!octets && !l->dry)
		errx(EXIT_FAILED, "%s: %s", l->shown, why);
	lay_octets(l, name, octets, len);
	free(octets);
}

/* ---- where it comes from ---- */

static bool from_wim(struct lay *l, const struct lay_part *part)
{
	for (size_t i = 0; i < 2 && part->wim[i]; i++)
		if (wim_find(l->wim, l->image, part->wim[i], NULL)) {
			unpack(l, part->name, part->wim[i]);
			return true;
		}
	return false;
}

/* The entry of a folder in any case; "" if there is none. */
static void find_name(const char *folder, const char *name, char out[static PATH_MAX])
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	*out = '\0';
	while (dir && (d = readdir(dir)))
		if (strcasecmp(d->d_name, name) == 0)
			place_path(out, "%s/%s", folder, d->d_name);
	if (dir)
		closedir(dir);
}

/* Beside the boot.wim as imgctl lays it, or one folder up as on the disc. */
static bool from_media(struct lay *l, const struct lay_part *part)
{
	char folder[PATH_MAX], next[PATH_MAX], name[64];
	const char *slash = strrchr(l->source, '/');

	for (int up = 0; part->media && up < 2; up++) {
		const char *rest = part->media;

		place_path(folder, "%.*s%s", (int)(slash - l->source), l->source,
			   up ? "/.." : "");
		while (*rest && *folder) {
			size_t len = strcspn(rest, "/");

			snprintf(name, sizeof(name), "%.*s", (int)len, rest);
			find_name(folder, name, next);
			memcpy(folder, next, sizeof(folder));
			rest += len + (rest[len] == '/');
		}
		if (*folder) {
			lay_file(l, part->name, folder);
			return true;
		}
	}
	return false;
}

static bool is_there(const struct lay *l, const char *name)
{
	char path[PATH_MAX];

	place_path(path, "%s/%s", l->folder, name);
	return access(path, F_OK) == 0;
}

static noreturn void lacks(const struct lay *l, const struct lay_part *part)
{
	if (part->media)
		errx(EXIT_FAILED,
		     "%s: has no %s, and there is no %s beside it: take it from the "
		     "media",
		     l->shown, part->wim[0] + 1, part->media);
	errx(EXIT_FAILED, "%s: has no %s, and there is no %s/%s", l->shown,
	     part->wim[0] + 1, l->folder, part->name);
}

void lay_parts(struct lay *l, const struct lay_part *part, size_t parts)
{
	for (; parts > 0; parts--, part++)
		if (!(part->keep && is_there(l, part->name)) && !from_wim(l, part) &&
		    !from_media(l, part) && part->needed)
			lacks(l, part);
}

/* ---- fonts ---- */

struct fonts {
	struct lay *lay;
	const char *into;
	bool keep;
};

/* A WIM may hold any name; one that leads elsewhere is no font's. */
static bool take_font(const struct wim_entry *e, void *arg)
{
	const struct fonts *fonts = arg;
	char name[PATH_MAX], from[PATH_MAX];

	if (e->folder || strchr(e->name, '/'))
		return true;
	place_path(name, "%s/%s", fonts->into, e->name);
	place_path(from, "%s", e->path); /* which does not outlive another look */
	if (!fonts->keep || !is_there(fonts->lay, name))
		unpack(fonts->lay, name, from);
	return true;
}

void lay_fonts(struct lay *l, const char *into, bool keep)
{
	struct fonts fonts = { l, into, keep };
	char why[WIM_WHY];

	if (!wim_walk(l->wim, l->image, FONTS, take_font, &fonts, why))
		errx(EXIT_FAILED, "%s: %s", l->shown, why);
}

/* ---- the large one ---- */

/* Its time is kept: by that the next run sees that it is the same. */
static void copy_octets(int from, int to, const char *path)
{
	struct timespec when[2];
	struct stat st;
	ssize_t n;

	while ((n = copy_file_range(from, NULL, to, NULL, COPY_STEP, 0)) > 0)
		;
	if (n < 0 || fstat(from, &st) < 0)
		err(EXIT_FAILED, "%s", path);
	when[0] = st.st_atim;
	when[1] = st.st_mtim;
	if (fchmod(to, 0644) < 0 || futimens(to, when) < 0 || fsync(to) < 0)
		err(EXIT_FAILED, "%s", path);
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (in < 0)
		err(EXIT_FAILED, "%s", from);
	if (out < 0)
		err(EXIT_FAILED, "%s", to);
	copy_octets(in, out, to);
	close(in);
	close(out);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 &&
	       ((x.st_dev == y.st_dev && x.st_ino == y.st_ino) ||
		(x.st_size == y.st_size && x.st_mtim.tv_sec == y.st_mtim.tv_sec &&
		 x.st_mtim.tv_nsec == y.st_mtim.tv_nsec));
}

void lay_link(struct lay *l, const char *name, const char *from)
{
	char path[PATH_MAX], draft[PATH_MAX];

	if (!lay_begin(l, name, path) || same_file(from, path))
		return;
	place_path(draft, "%s.new", path);
	unlink(draft); /* of a run that was killed */
	if (link(from, draft) < 0)
		copy_file(from, draft);
	if (rename(draft, path) < 0)
		err(EXIT_FAILED, "%s", path);
	l->changed = true;
}
