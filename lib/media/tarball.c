#include "config.h"

#include "lib/media/tarball.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * Symbolic links so far, by the hash of their names: a member below one would be
 * written where the link leads.  A hash that two names share refuses too much,
 * once in 2^64 / links; it never lets through.
 */
struct tarball {
	const char *path;
	uint64_t *link; /* open addressing; 0 is free */
	size_t links, size;
	bool etc, usr;
};

struct tarball *tarball_new(const char *path)
{
	struct tarball *t = calloc(1, sizeof(*t));

	if (t)
		t->path = path;
	return t;
}

void tarball_free(struct tarball *t)
{
	if (t)
		free(t->link);
	free(t);
}

/* FNV-1a */
static uint64_t hash_of(const char *name, size_t len)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3;
	return h ? h : 1;
}

static size_t place_of(const struct tarball *t, uint64_t hash)
{
	size_t i = hash % t->size;

	while (t->link[i] && t->link[i] != hash)
		i = (i + 1) % t->size;
	return i;
}

static bool is_link(const struct tarball *t, const char *name, size_t len)
{
	return t->size && t->link[place_of(t, hash_of(name, len))];
}

static bool grow(struct tarball *t)
{
	struct tarball more = { .size = t->size ? t->size * 2 : 1024 };

	more.link = calloc(more.size, sizeof(*more.link));
	if (!more.link)
		return false;
	for (size_t i = 0; i < t->size; i++)
		if (t->link[i])
			more.link[place_of(&more, t->link[i])] = t->link[i];
	free(t->link);
	t->link = more.link;
	t->size = more.size;
	return true;
}

static bool keep_link(struct tarball *t, const char *name, size_t len)
{
	uint64_t hash = hash_of(name, len);

	if (t->links * 2 >= t->size && !grow(t))
		return false;
	t->link[place_of(t, hash)] = hash;
	t->links++;
	return true;
}

/* "./usr//bin/" as "usr/bin"; false if it leaves. */
static bool plain_name(const char *name, char *out, size_t size)
{
	size_t len = 0;

	if (*name == '/')
		return false;
	while (*name) {
		size_t part = strcspn(name, "/");

		if (part == 2 && name[0] == '.' && name[1] == '.')
			return false;
		if (part && !(part == 1 && *name == '.')) {
			if (len + part + 2 > size)
				return false;
			if (len)
				out[len++] = '/';
			memcpy(out + len, name, part);
			len += part;
		}
		name += part;
		name += strspn(name, "/");
	}
	out[len] = '\0';
	return true;
}

static bool goes_through_link(const struct tarball *t, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
		if (is_link(t, name, (size_t)(slash - name)))
			return true;
	return false;
}

bool tarball_member(struct tarball *t, const char *name, const char *link, bool symbolic,
		    char why[static CATALOGUE_WHY])
{
	char plain[PATH_MAX] = "", target[PATH_MAX] = "";

	if (!plain_name(name, plain, sizeof(plain)) ||
	    (link && !symbolic && !plain_name(link, target, sizeof(target))))
		return catalogue_refuse(
			why, "%s: holds '%.200s', which would leave the folder", t->path,
			name);
	if (goes_through_link(t, plain) ||
	    (link && !symbolic && goes_through_link(t, target)))
		return catalogue_refuse(
			why,
			"%s: holds '%.200s', which would be written through a "
			"symbolic link",
			t->path, name);
	t->etc = t->etc || strcmp(plain, "etc") == 0 || strncmp(plain, "etc/", 4) == 0;
	t->usr = t->usr || strcmp(plain, "usr") == 0 || strncmp(plain, "usr/", 4) == 0 ||
		 strncmp(plain, "bin/", 4) == 0;
	/* A hard link to a symbolic one is one, too. */
	symbolic = symbolic || (link && is_link(t, target, strlen(target)));
	if (symbolic && *plain && !keep_link(t, plain, strlen(plain)))
		return catalogue_refuse(why, "%s: %s", t->path, strerror(errno));
	return true;
}

bool tarball_is_system(const struct tarball *t)
{
	return t->etc && t->usr;
}
