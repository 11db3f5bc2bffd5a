/* ISO 9660 discs by libarchive, and reading an entry of any disc from its beginning. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <udfread/udfread.h>

#include "lib/media/source_disc.h"

struct source_reader {
	const struct source *source;
	const struct source_entry *entry;
	struct archive *iso;
	UDFFILE *udf;
};

static struct archive *open_iso(const struct source *s, char why[static CATALOGUE_WHY])
{
	struct archive *a = archive_read_new();

	if (a && archive_read_support_format_iso9660(a) == ARCHIVE_OK &&
	    archive_read_open_filename(a, s->path, 65536) == ARCHIVE_OK)
		return a;
	catalogue_refuse(why, "%s: %s", s->path,
			 a ? archive_error_string(a) : strerror(errno));
	archive_read_free(a);
	return NULL;
}

/* A name that leaves the disc's top is not a mistake of anybody's. */
static bool stays_inside(const char *path)
{
	if (*path == '/')
		return false;
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (p[0] == '.' && p[1] == '.' && (!p[2] || p[2] == '/'))
			return false;
	}
	return true;
}

/* The second name of the same octets comes as a hard link without a size. */
static int64_t size_of(const struct source *s, struct archive_entry *e)
{
	const char *target = archive_entry_hardlink(e);
	const struct source_entry *first = target ? source_find(s, target) : NULL;

	return first ? first->size : archive_entry_size(e);
}

bool source_list_iso(struct source *s, char why[static CATALOGUE_WHY])
{
	struct archive *a = open_iso(s, why);
	struct archive_entry *e;
	int result = ARCHIVE_OK;
	bool good = a != NULL;

	while (good && (result = archive_read_next_header(a, &e)) >= ARCHIVE_WARN &&
	       result != ARCHIVE_EOF) {
		const char *path = archive_entry_pathname(e);

		if (!path || archive_entry_filetype(e) != AE_IFREG)
			continue;
		if (!stays_inside(path))
			good = catalogue_refuse(
				why, "%s: holds '%.200s', which would leave the folder",
				s->path, path);
		else
			good = source_add(s, path, size_of(s, e), why);
	}
	if (good && result < ARCHIVE_WARN)
		good = catalogue_refuse(why, "%s: is damaged or truncated: %s", s->path,
					archive_error_string(a));
	archive_read_free(a);
	return good;
}

/* ---- reading ---- */

/* The name under which the octets themselves come. */
static bool is_entry(const struct source_reader *r, struct archive_entry *e,
		     char **linked)
{
	const char *path = archive_entry_pathname(e), *target = archive_entry_hardlink(e);
	const char *wanted = *linked ? *linked : r->entry->path;

	if (!path || strcmp(path, wanted) != 0)
		return false;
	if (!target)
		return true;
	free(*linked);
	*linked = strdup(target);
	return false;
}

/*
 * Entries come in the order of their octets; a hard link comes behind its first
 * name, which needs another turn.
 */
static bool find_iso(struct source_reader *r, char why[static CATALOGUE_WHY])
{
	struct archive_entry *e;
	char *linked = NULL;
	int result;

	for (int turn = 0; turn < 2; turn++) {
		r->iso = open_iso(r->source, why);
		if (!r->iso)
			break;
		while ((result = archive_read_next_header(r->iso, &e)) >= ARCHIVE_WARN &&
		       result != ARCHIVE_EOF)
			if (is_entry(r, e, &linked)) {
				free(linked);
				return true;
			}
		archive_read_free(r->iso);
		r->iso = NULL;
		catalogue_refuse(why, "%s: %s: is not found again", r->source->path,
				 r->entry->path);
		if (!linked)
			break;
	}
	free(linked);
	return false;
}

struct source_reader *source_reader(const struct source *s,
				    const struct source_entry *entry,
				    char why[static CATALOGUE_WHY])
{
	struct source_reader *r = calloc(1, sizeof(*r));
	bool good;

	if (!r) {
		catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
		return NULL;
	}
	r->source = s;
	r->entry = entry;
	if (s->kind == SOURCE_UDF) {
		r->udf = source_file_udf(s, entry, why);
		good = r->udf != NULL;
	} else
		good = find_iso(r, why);
	if (good)
		return r;
	source_reader_free(r);
	return NULL;
}

ssize_t source_read(struct source_reader *r, void *out, size_t len,
		    char why[static CATALOGUE_WHY])
{
	ssize_t n = r->udf ? udfread_file_read(r->udf, out, len)
			   : archive_read_data(r->iso, out, len);

	if (n < 0)
		catalogue_refuse(
			why, "%s: %s: cannot be read: the disc is damaged or truncated",
			r->source->path, r->entry->path);
	return n < 0 ? -1 : n;
}

void source_reader_free(struct source_reader *r)
{
	if (!r)
		return;
	if (r->udf)
		udfread_file_close(r->udf);
	archive_read_free(r->iso);
	free(r);
}
