/* The files of a UDF disc, by the reader that imports such discs. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/media/isofiles_disc.h"
#include "lib/media/source.h"

#define BLOCK 65536

_Static_assert(ISOFILES_WHY == CATALOGUE_WHY, "the reasons of both readers are as long");

bool isofiles_list_udf(struct isofiles *files, char why[static ISOFILES_WHY])
{
	struct source *disc = source_open(files->source, why);
	struct stat st;
	bool good = disc != NULL;

	if (good && stat(files->source, &st) < 0)
		good = isofiles_refuse(why, "%s: %s", files->source, strerror(errno));
	for (size_t i = 0; good && i < disc->entries; i++)
		good = isofiles_add(files, strdup(disc->entry[i].path), NULL,
				    disc->entry[i].size, isofiles_ns(&st.st_mtim), why);
	source_close(disc);
	return good;
}

static bool copy(const struct isofiles_reading *r, const struct source *disc,
		 const struct source_entry *entry, size_t index)
{
	struct source_reader *reader = source_reader(disc, entry, r->why);
	char *block = malloc(BLOCK);
	ssize_t n = -1;
	bool good = reader && block;

	while (good && (n = source_read(reader, block, BLOCK, r->why)) > 0)
		good = r->take(r->arg, index, block, (size_t)n);
	free(block);
	source_reader_free(reader);
	return good && n == 0 && r->take(r->arg, index, NULL, 0);
}

/* The disc may be another one by now, so each file is looked for by its name. */
bool isofiles_read_udf(const struct isofiles_reading *r)
{
	struct source *disc = source_open(r->files->source, r->why);
	bool good = disc != NULL;

	for (size_t i = 0; good && i < r->files->count; i++) {
		const struct isofile *file = &r->files->file[i];
		const struct source_entry *entry;

		if (!r->wanted[i])
			continue;
		entry = source_find(disc, file->path);
		good = entry && entry->size == file->size
			       ? copy(r, disc, entry, i)
			       : isofiles_refuse(r->why, "%s: has changed", disc->path);
	}
	source_close(disc);
	return good;
}
