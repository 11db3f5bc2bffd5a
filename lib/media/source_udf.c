/* UDF discs by libudfread: names, and where each file's octets lie. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udfread/udfread.h>

#include "lib/media/source_disc.h"

static bool list_folder(struct source *s, UDFDIR *dir, const char *below, int depth,
			char why[static CATALOGUE_WHY]);

static bool list_file(struct source *s, UDFDIR *dir, const char *name, const char *path,
		      char why[static CATALOGUE_WHY])
{
	UDFFILE *file = udfread_file_openat(dir, name);
	int64_t size;

	if (!file)
		return catalogue_refuse(why,
					"%s: %s: cannot be opened: the disc is damaged",
					s->path, path);
	size = udfread_file_size(file);
	udfread_file_close(file);
	if (size < 0)
		return catalogue_refuse(why, "%s: %s: has no size: the disc is damaged",
					s->path, path);
	return source_add(s, path, size, why);
}

static bool list_name(struct source *s, UDFDIR *dir, const struct udfread_dirent *d,
		      const char *below, int depth, char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];
	UDFDIR *child;
	bool good;

	if (strchr(d->d_name, '/') || !*d->d_name)
		return catalogue_refuse(why, "%s: %s: holds a name with a '/'", s->path,
					below);
	if (snprintf(path, sizeof(path), "%s%s%s", below, *below ? "/" : "", d->d_name) >=
	    (int)sizeof(path))
		return catalogue_refuse(why, "%s: %.200s: has a path too long", s->path,
					below);
	if (d->d_type != UDF_DT_DIR)
		return list_file(s, dir, d->d_name, path, why);
	child = udfread_opendir_at(dir, d->d_name);
	if (!child)
		return catalogue_refuse(why,
					"%s: %s: cannot be opened: the disc is damaged",
					s->path, path);
	good = list_folder(s, child, path, depth + 1, why);
	udfread_closedir(child);
	return good;
}

static bool list_folder(struct source *s, UDFDIR *dir, const char *below, int depth,
			char why[static CATALOGUE_WHY])
{
	struct udfread_dirent d;

	if (!source_enter(s, below, depth, why))
		return false;
	while (udfread_readdir(dir, &d))
		if (strcmp(d.d_name, ".") != 0 && strcmp(d.d_name, "..") != 0 &&
		    !list_name(s, dir, &d, below, depth, why))
			return false;
	return true;
}

/* Every file, not only those that are wanted: a truncated disc is no good one. */
static bool check_files(struct source *s, char why[static CATALOGUE_WHY])
{
	struct source_extent *extent;
	size_t count;

	for (size_t i = 0; i < s->entries; i++) {
		if (!source_map_udf(s, &s->entry[i], &extent, &count, why))
			return false;
		free(extent);
	}
	return true;
}

bool source_open_udf(struct source *s, char why[static CATALOGUE_WHY])
{
	udfread *udf = udfread_init();
	UDFDIR *top;
	bool good;

	s->udf = udf;
	if (!udf || udfread_open(udf, s->path) < 0)
		return catalogue_refuse(
			why,
			"%s: its UDF part cannot be read: it is truncated or "
			"damaged",
			s->path);
	if (udfread_get_volume_id(udf))
		snprintf(s->label, sizeof(s->label), "%s", udfread_get_volume_id(udf));
	top = udfread_opendir(udf, "/");
	if (!top)
		return catalogue_refuse(
			why, "%s: its UDF part has no files: it is damaged", s->path);
	good = list_folder(s, top, "", 0, why);
	udfread_closedir(top);
	return good && check_files(s, why);
}

void source_close_udf(struct source *s)
{
	if (s->udf)
		udfread_close(s->udf);
	s->udf = NULL;
}

void *source_file_udf(const struct source *s, const struct source_entry *entry,
		      char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX + 1];
	UDFFILE *file;

	snprintf(path, sizeof(path), "/%s", entry->path);
	file = udfread_file_open(s->udf, path);
	if (!file)
		catalogue_refuse(why, "%s: %s: cannot be opened: the disc is damaged",
				 s->path, entry->path);
	return file;
}

/* Appends a block to the last run, or begins another. */
static bool add_block(struct source_extent **extent, size_t *count, int64_t at,
		      int64_t len)
{
	struct source_extent *last = *count ? &(*extent)[*count - 1] : NULL, *more;

	if (last && last->at + last->len == at) {
		last->len += len;
		return true;
	}
	more = realloc(*extent, (*count + 1) * sizeof(*more));
	if (!more)
		return false;
	*extent = more;
	more[(*count)++] = (struct source_extent){ at, len };
	return true;
}

/* Block by block; no run at all if the disc does not say where they are (small files lie
 * in their own entry, holes nowhere). */
static bool map_file(UDFFILE *file, int64_t size, struct source_extent **extent,
		     size_t *count)
{
	for (int64_t block = 0; block * UDF_BLOCK_SIZE < size; block++) {
		uint32_t lba = udfread_file_lba(file, (uint32_t)block);
		int64_t left = size - block * UDF_BLOCK_SIZE;

		if (lba == 0) {
			*count = 0;
			return true;
		}
		if (!add_block(extent, count, (int64_t)lba * UDF_BLOCK_SIZE,
			       left < UDF_BLOCK_SIZE ? left : UDF_BLOCK_SIZE))
			return false;
	}
	return true;
}

bool source_map_udf(const struct source *s, const struct source_entry *entry,
		    struct source_extent **extent, size_t *count,
		    char why[static CATALOGUE_WHY])
{
	UDFFILE *file;
	bool good;

	*extent = NULL;
	*count = 0;
	if (entry->size > s->size)
		return catalogue_refuse(why,
					"%s: is truncated: %s is longer than the disc",
					s->path, entry->path);
	file = source_file_udf(s, entry, why);
	if (!file)
		return false;
	good = map_file(file, entry->size, extent, count);
	udfread_file_close(file);
	if (!good)
		catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
	for (size_t i = 0; good && i < *count; i++)
		if ((*extent)[i].at + (*extent)[i].len > s->size)
			good = catalogue_refuse(
				why, "%s: is truncated: %s reaches beyond its end",
				s->path, entry->path);
	if (!good)
		free(*extent);
	return good;
}

ssize_t source_peek_udf(const struct source *s, const struct source_entry *entry,
			int64_t offset, void *out, size_t len,
			char why[static CATALOGUE_WHY])
{
	UDFFILE *file = source_file_udf(s, entry, why);
	size_t got = 0;
	ssize_t n = 0;

	if (!file)
		return -1;
	if (offset > entry->size || udfread_file_seek(file, offset, SEEK_SET) < 0)
		n = -1;
	while (n >= 0 && got < len) {
		n = udfread_file_read(file, (char *)out + got, len - got);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	udfread_file_close(file);
	if (n >= 0)
		return (ssize_t)got;
	catalogue_refuse(why, "%s: %s: cannot be read: the disc is damaged", s->path,
			 entry->path);
	return -1;
}
