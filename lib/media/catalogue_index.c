/* IMAGES/INDEX, by which other sites know what there is. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/core/image_index.h"
#include "lib/media/catalogue_verify.h"
#include "lib/sys/file.h"

/* A version that is just being removed is none. */
static bool fill(const char *images, struct image_index *out,
		 char why[static CATALOGUE_WHY])
{
	struct catalogue_list list;
	bool good = catalogue_list(images, NULL, &list, why);

	for (size_t i = 0; good && i < list.count; i++) {
		struct image_index_entry e = { .current = list.entry[i].current };

		memcpy(e.name, list.entry[i].name, sizeof(e.name));
		memcpy(e.version, list.entry[i].version, sizeof(e.version));
		if (catalogue_manifest_sum(images, e.name, e.version, e.sha256) &&
		    !image_index_add(out, &e))
			good = catalogue_refuse(why, "%s: there are too many versions",
						images);
	}
	catalogue_list_free(&list);
	return good;
}

static bool put(const char *images, const struct image_index *index,
		char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX], *text;
	bool good;

	snprintf(path, sizeof(path), "%s/INDEX", images);
	if (!index->count && (unlink(path) == 0 || errno == ENOENT))
		return true;
	text = image_index_print(index);
	good = text && (file_holds(path, text, strlen(text)) ||
			file_replace(path, text, strlen(text), 0644) == 0);
	if (!good)
		catalogue_refuse(why, "%s: %s", path, strerror(errno));
	free(text);
	return good;
}

/* Two that look and write take turns, so that the last one has seen all. */
bool catalogue_index(const char *images, char why[static CATALOGUE_WHY])
{
	int dir = open(images, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct image_index index = { 0 };
	bool good = dir >= 0 && flock(dir, LOCK_EX) == 0;

	if (good)
		good = fill(images, &index, why) && put(images, &index, why);
	else
		catalogue_refuse(why, "%s: %s", images, strerror(errno));
	if (dir >= 0)
		close(dir);
	image_index_free(&index);
	return good;
}
