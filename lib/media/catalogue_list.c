#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/catalogue.h"

static struct catalogue_entry *add(struct catalogue_list *list)
{
	struct catalogue_entry *more =
		realloc(list->entry, (list->count + 1) * sizeof(*more));

	if (!more)
		return NULL;
	list->entry = more;
	more += list->count++;
	*more = (struct catalogue_entry){ 0 };
	return more;
}

/* What has a manifest is a version; drafts and what is being removed begin with a dot. */
static bool is_version(const char *folder, const char *version)
{
	char path[PATH_MAX];
	FILE *manifest;

	if (!image_name_ok(version) || strcmp(version, "current") == 0)
		return false;
	if (snprintf(path, sizeof(path), "%s/%s/MANIFEST", folder, version) >= PATH_MAX)
		return false;
	manifest = fopen(path, "re");
	if (!manifest)
		return errno != ENOENT && errno != ENOTDIR;
	fclose(manifest);
	return true;
}

static bool list_versions(const char *images, const char *name,
			  struct catalogue_list *out, char why[static CATALOGUE_WHY])
{
	char folder[PATH_MAX], current[JOB_NAME] = "", unused[CATALOGUE_WHY];
	struct catalogue_entry *e;
	struct dirent *d;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/%s", images, name);
	dir = opendir(folder);
	if (!dir)
		return catalogue_refuse(why, "%s: %s", folder, strerror(errno));
	catalogue_current(images, name, current, unused);
	while ((d = readdir(dir))) {
		if (!is_version(folder, d->d_name))
			continue;
		e = add(out);
		if (!e)
			break;
		snprintf(e->name, sizeof(e->name), "%s", name);
		memcpy(e->version, d->d_name,
		       strlen(d->d_name) + 1); /* image_name_ok() */
		e->current = strcmp(e->version, current) == 0;
	}
	closedir(dir);
	return !d || catalogue_refuse(why, "not enough memory");
}

static bool list_names(const char *images, struct catalogue_list *out,
		       char why[static CATALOGUE_WHY])
{
	DIR *dir = opendir(images);
	struct dirent *d;
	bool good = true;

	if (!dir)
		return catalogue_refuse(why, "%s: %s", images, strerror(errno));
	while (good && (d = readdir(dir)))
		if (image_name_ok(d->d_name) && d->d_type != DT_REG)
			good = list_versions(images, d->d_name, out, why) ||
			       errno == ENOTDIR || errno == ENOENT;
	closedir(dir);
	return good;
}

static int compare(const void *a, const void *b)
{
	const struct catalogue_entry *x = a, *y = b;
	int names = strcmp(x->name, y->name);

	return names ? names : strverscmp(x->version, y->version);
}

bool catalogue_list(const char *images, const char *name, struct catalogue_list *out,
		    char why[static CATALOGUE_WHY])
{
	bool good;

	*out = (struct catalogue_list){ 0 };
	if (name && !image_name_ok(name))
		return catalogue_refuse(why, "'%.160s' is not the name of an image",
					name);
	good = name ? list_versions(images, name, out, why)
		    : list_names(images, out, why);
	if (good && out->count)
		qsort(out->entry, out->count, sizeof(*out->entry), compare);
	if (!good)
		catalogue_list_free(out);
	return good;
}

void catalogue_list_free(struct catalogue_list *list)
{
	free(list->entry);
	*list = (struct catalogue_list){ 0 };
}
