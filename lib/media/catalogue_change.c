#include "config.h"

#include "lib/media/catalogue_change.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/sys/file.h"

#define HISTORY 64 /* versions that are remembered */
#define HISTORY_OCTETS (HISTORY * (JOB_NAME + 1))
#define REMOVED ".removed-"

/* ---- the folder of one image, locked among writers ---- */

static int lock_folder(const char *images, const char *name,
		       char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", images, name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	catalogue_refuse(why, "%s: %s", path,
			 errno == ENOENT ? "there is no such image" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool has_version(int folder, const char *version)
{
	char path[JOB_NAME + 16];

	snprintf(path, sizeof(path), "%s/MANIFEST", version);
	return image_name_ok(version) && faccessat(folder, path, F_OK, 0) == 0;
}

/* ---- the history ---- */

struct history {
	char version[HISTORY][JOB_NAME];
	size_t count;
};

static void push(struct history *h, const char *version)
{
	if (!image_name_ok(version))
		return;
	if (h->count == HISTORY) {
		memmove(h->version[0], h->version[1], sizeof(h->version[0]) * --h->count);
	}
	snprintf(h->version[h->count++], JOB_NAME, "%s", version);
}

static void history_path(const char *images, const char *name, char path[static PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s/.history", images, name);
}

/* One version a line; what is no version is passed over. */
static void read_history(const char *images, const char *name, struct history *h)
{
	char path[PATH_MAX], *text, *line, *rest;
	size_t len;

	h->count = 0;
	history_path(images, name, path);
	text = file_read(path, HISTORY_OCTETS, &len);
	for (rest = text; rest && (line = strsep(&rest, "\n"));)
		push(h, line);
	free(text);
}

static bool write_history(const char *images, const char *name, const struct history *h,
			  char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX], text[HISTORY_OCTETS + 1];
	size_t len = 0;

	history_path(images, name, path);
	for (size_t i = 0; i < h->count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s\n",
					h->version[i]);
	if (file_replace(path, text, len, 0644) == 0)
		return true;
	return catalogue_refuse(why, "%s: %s", path, strerror(errno));
}

/* Drops what is gone or current already from the end, so that the last one is "back". */
static void trim(struct history *h, int folder, const char *current)
{
	while (h->count && (strcmp(h->version[h->count - 1], current) == 0 ||
			    !has_version(folder, h->version[h->count - 1])))
		h->count--;
}

/* What was done is done, whether they hear of it now or after the next change. */
static void tell_others(const char *images)
{
	char unused[CATALOGUE_WHY];

	catalogue_index(images, unused);
}

/* ---- current ---- */

static bool point(int folder, const char *name, const char *version,
		  char why[static CATALOGUE_WHY])
{
	char draft[64];

	snprintf(draft, sizeof(draft), ".current-%ld", (long)getpid());
	unlinkat(folder, draft, 0);
	if (symlinkat(version, folder, draft) == 0 &&
	    renameat(folder, draft, folder, "current") == 0 && fsync(folder) == 0)
		return true;
	catalogue_refuse(why, "%s/current: %s", name, strerror(errno));
	unlinkat(folder, draft, 0);
	return false;
}

static void current_of(const char *images, const char *name, char out[static JOB_NAME])
{
	char unused[CATALOGUE_WHY];

	if (!catalogue_current(images, name, out, unused))
		*out = '\0';
}

/* The history first: what is in it twice after a power cut is dropped by trim(). */
static bool switch_locked(const char *images, const char *name, const char *version,
			  int folder, char before[static JOB_NAME],
			  char why[static CATALOGUE_WHY])
{
	struct history h;

	current_of(images, name, before);
	if (strcmp(before, version) == 0)
		return true;
	if (!has_version(folder, version))
		return catalogue_refuse(why, "%s@%s: there is no such version", name,
					version);
	read_history(images, name, &h);
	push(&h, before);
	return write_history(images, name, &h, why) && point(folder, name, version, why);
}

bool catalogue_switch(const char *images, const char *name, const char *version,
		      char before[static JOB_NAME], char why[static CATALOGUE_WHY])
{
	int folder = lock_folder(images, name, why);
	bool good;

	if (folder < 0)
		return false;
	good = switch_locked(images, name, version, folder, before, why);
	close(folder);
	tell_others(images);
	return good;
}

static bool last_of(struct history *h, const char *images, const char *name, int folder,
		    char before[static JOB_NAME], char version[static JOB_NAME],
		    char why[static CATALOGUE_WHY])
{
	current_of(images, name, before);
	read_history(images, name, h);
	trim(h, folder, before);
	if (!h->count)
		return catalogue_refuse(why, "%s: no other version was current before",
					name);
	memcpy(version, h->version[--h->count], JOB_NAME);
	return true;
}

bool catalogue_previous(const char *images, const char *name,
			char version[static JOB_NAME], char why[static CATALOGUE_WHY])
{
	int folder = lock_folder(images, name, why);
	char before[JOB_NAME];
	struct history h;
	bool good;

	if (folder < 0)
		return false;
	good = last_of(&h, images, name, folder, before, version, why);
	close(folder);
	return good;
}

bool catalogue_switch_back(const char *images, const char *name,
			   char version[static JOB_NAME], char before[static JOB_NAME],
			   char why[static CATALOGUE_WHY])
{
	int folder = lock_folder(images, name, why);
	struct history h;
	bool good;

	if (folder < 0)
		return false;
	good = last_of(&h, images, name, folder, before, version, why) &&
	       point(folder, name, version, why) && write_history(images, name, &h, why);
	close(folder);
	tell_others(images);
	return good;
}

/* ---- removal ---- */

static int delete_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static bool delete_tree(const char *path, char why[static CATALOGUE_WHY])
{
	if (nftw(path, delete_one, 16, FTW_DEPTH | FTW_PHYS) == 0)
		return true;
	return catalogue_refuse(why, "%s: %s", path, strerror(errno));
}

/* This removal, and those that were interrupted. */
static bool delete_removed(const char *images, const char *name,
			   char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];
	struct dirent *d;
	bool good = true;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", images, name);
	dir = opendir(path);
	while (dir && good && (d = readdir(dir))) {
		if (strncmp(d->d_name, REMOVED, strlen(REMOVED)) != 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s/%s", images, name, d->d_name) >=
		    PATH_MAX)
			continue;
		good = delete_tree(path, why);
	}
	if (dir)
		closedir(dir);
	return good;
}

/* Who verifies the version holds a lock on its folder. */
static bool is_in_use(int folder, const char *version)
{
	int fd = openat(folder, version, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool used = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	return used;
}

static bool set_aside(const char *images, const char *name, const char *version,
		      int folder, char why[static CATALOGUE_WHY])
{
	char aside[JOB_NAME + 64], side[JOB_NAME + 16], current[JOB_NAME];

	snprintf(aside, sizeof(aside), REMOVED "%s-%ld", version, (long)getpid());
	snprintf(side, sizeof(side), ".%s.verified", version);
	current_of(images, name, current);
	if (strcmp(current, version) == 0 && unlinkat(folder, "current", 0) < 0)
		return catalogue_refuse(why, "%s/%s/current: %s", images, name,
					strerror(errno));
	if (renameat(folder, version, folder, aside) < 0)
		return catalogue_refuse(why, "%s/%s/%s: %s", images, name, version,
					strerror(errno));
	unlinkat(folder, side, 0);
	fsync(folder);
	return true;
}

/* An image without versions has no folder: rmdir() fails if something else is there. */
static void remove_empty(const char *images, const char *name)
{
	char path[PATH_MAX], unused[CATALOGUE_WHY];
	struct catalogue_list left;

	if (!catalogue_list(images, name, &left, unused))
		return;
	if (!left.count) {
		history_path(images, name, path);
		unlink(path);
		snprintf(path, sizeof(path), "%s/%s", images, name);
		rmdir(path);
	}
	catalogue_list_free(&left);
}

bool catalogue_remove(const char *images, const char *name, const char *version,
		      bool *busy, char why[static CATALOGUE_WHY])
{
	int folder = lock_folder(images, name, why);
	bool good;

	*busy = false;
	if (folder < 0)
		return false;
	if (!has_version(folder, version)) {
		good = catalogue_refuse(why, "%s@%s: there is no such version", name,
					version);
	} else if (is_in_use(folder, version)) {
		*busy = true;
		good = catalogue_refuse(why, "%s@%s: is being verified", name, version);
	} else
		good = set_aside(images, name, version, folder, why) &&
		       delete_removed(images, name, why);
	if (good)
		remove_empty(images, name);
	close(folder);
	tell_others(images);
	return good;
}
