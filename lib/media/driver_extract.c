#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/media/driver_set.h"

/* A file to be written, and which one of the source it is. */
struct copy {
	size_t index;
	char *path;
	FILE *f;
};

struct extraction {
	struct copy *copy; /* sorted by index */
	size_t count;
	bool *wanted;
	char *why;
};

/* Makes the folders of path below its first skip octets. */
static bool make_parents(char *path, size_t skip)
{
	for (char *slash = strchr(path + skip, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		bool good;

		*slash = '\0';
		good = mkdir(path, 0755) == 0 || errno == EEXIST;
		*slash = '/';
		if (!good)
			return false;
	}
	return true;
}

static bool add(struct extraction *x, size_t index, const char *folder,
		const struct driver_chosen *chosen, const struct driver_piece *piece)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s/%s", folder, chosen->folder, piece->to) < 0)
		return driver_refuse(x->why, "there is not enough memory");
	x->wanted[index] = true;
	x->copy[x->count++] = (struct copy){ index, path, NULL };
	return make_parents(path, strlen(folder) + 1) ||
	       driver_refuse(x->why, "%s: %s", path, strerror(errno));
}

/* All that comes from this source. */
static bool add_source(struct extraction *x, const struct isofiles *files, size_t source,
		       const struct driver_choice *choice, const char *folder)
{
	for (size_t i = 0; i < choice->count; i++) {
		const struct driver_chosen *c = &choice->chosen[i];

		if (c->package->source != source)
			continue;
		for (size_t k = 0; k < c->pieces; k++) {
			const struct isofile *f = isofiles_find(files, c->piece[k].from);

			if (!f)
				return driver_refuse(x->why, "%s: is not there",
						     c->piece[k].from);
			if (!add(x, (size_t)(f - files->file), folder, c, &c->piece[k]))
				return false;
		}
	}
	return true;
}

static int by_index(const void *a, const void *b)
{
	const struct copy *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static bool write_copy(struct extraction *x, struct copy *copy, const void *octets,
		       size_t len)
{
	bool good;

	if (!copy->f)
		copy->f = fopen(copy->path, "we");
	good = copy->f && (len == 0 || fwrite(octets, 1, len, copy->f) == len);
	if (good && len == 0) {
		good = fclose(copy->f) == 0;
		copy->f = NULL;
	}
	return good || driver_refuse(x->why, "%s: %s", copy->path, strerror(errno));
}

static bool take(void *arg, size_t index, const void *octets, size_t len)
{
	struct extraction *x = arg;
	struct copy key = { .index = index };
	struct copy *copy = bsearch(&key, x->copy, x->count, sizeof(key), by_index);

	while (copy > x->copy && copy[-1].index == index)
		copy--;
	for (; copy < x->copy + x->count && copy->index == index; copy++)
		if (!write_copy(x, copy, octets, len))
			return false;
	return true;
}

static void forget(struct extraction *x)
{
	for (size_t i = 0; i < x->count; i++) {
		if (x->copy[i].f)
			fclose(x->copy[i].f);
		free(x->copy[i].path);
	}
	free(x->copy);
	free(x->wanted);
}

static bool extract_source(const struct driver_set *set, size_t source,
			   const struct driver_choice *choice, const char *folder,
			   char why[static DRIVER_WHY])
{
	const struct isofiles *files = set->source[source].files;
	struct extraction x = { .why = why };
	char reason[ISOFILES_WHY];
	size_t pieces = 1;
	bool good;

	for (size_t i = 0; i < choice->count; i++)
		pieces += choice->chosen[i].pieces;
	x.copy = calloc(pieces, sizeof(*x.copy));
	x.wanted = calloc(files->count + 1, sizeof(*x.wanted));
	driver_refuse(why, "there is not enough memory");
	good = x.copy && x.wanted && add_source(&x, files, source, choice, folder);
	if (good && x.count > 0) {
		qsort(x.copy, x.count, sizeof(*x.copy), by_index);
		*why = '\0';
		good = isofiles_read(files, x.wanted, take, &x, reason);
		if (!good && !*why)
			driver_refuse(why, "%s", reason);
	}
	forget(&x);
	return good;
}

bool driver_extract(const struct driver_set *set, const struct driver_choice *choice,
		    const char *folder, char why[static DRIVER_WHY])
{
	for (size_t i = 0; i < set->sources; i++)
		if (!extract_source(set, i, choice, folder, why))
			return false;
	return true;
}
