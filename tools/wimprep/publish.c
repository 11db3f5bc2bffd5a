#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/catalogue.h"
#include "lib/media/catalogue_change.h"
#include "lib/media/catalogue_verify.h"
#include "lib/media/publish.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "tools/wimprep/manifest.h"
#include "tools/wimprep/place.h"
#include "tools/wimprep/version.h"

#define MANIFEST_LARGEST (1 << 20)

static void sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		err(EXIT_FAILED, "%s", path);
	close(fd);
}

static void sync_folder_of(const char *path)
{
	char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;

	if (!folder)
		err(EXIT_FAILED, "%s", path);
	if (slash)
		slash[slash == folder] = '\0';
	sync_path(slash ? folder : ".");
	free(folder);
}

/* ---- a file ---- */

/* The old file keeps a name; then the new one takes its place, in one step. */
static void keep_original(const struct place *p)
{
	char draft[PATH_MAX];

	if (strcmp(p->source, p->original) == 0)
		return; /* it is kept already */
	snprintf(draft, sizeof(draft), "%.*s/original", PATH_MAX - 10, p->work);
	unlink(draft);
	if (link(p->source, draft) < 0 || rename(draft, p->original) < 0)
		err(EXIT_FAILED, "%s: cannot be kept (write to another file with -o)",
		    p->original);
}

static void replace_file(struct place *p)
{
	if (*p->original)
		keep_original(p);
	if (rename(p->draft, p->output) < 0)
		err(EXIT_FAILED, "%s", p->output);
	sync_folder_of(p->output);
	if (*p->original) /* where the next run will find it */
		memcpy(p->source, p->original, sizeof(p->source));
}

/* ---- an image ---- */

/* The large files are the same ones under another name. */
static bool bring_files(const struct place *p, struct publish *to,
			char why[static CATALOGUE_WHY])
{
	char reference[2 * JOB_NAME + 2], from[PATH_MAX];
	struct image image;
	bool good = true;

	snprintf(reference, sizeof(reference), "%s@%s", p->name, p->base);
	if (!catalogue_load(p->images, reference, &image, why))
		return false;
	for (size_t i = 0; good && i < image.files; i++) {
		const char *name = image.file[i].name;

		if (strcmp(name, p->boot_name) == 0)
			good = publish_move(to, name, p->draft, why);
		else if (snprintf(from, sizeof(from), "%s/%s/%s/%s", p->images, p->name,
				  p->base, name) < PATH_MAX)
			good = publish_link(to, name, from, why);
		else
			good = catalogue_refuse(why, "%s: the path is too long", name);
	}
	image_free(&image);
	return good;
}

static bool sum_draft(const struct place *p, struct manifest_change *change,
		      char sha256[static IMAGE_SHA256], char why[static CATALOGUE_WHY])
{
	int fd = open(p->draft, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && verify_sum(fd, sha256, &change->size) == 0;

	if (!good)
		catalogue_refuse(why, "%s: %s", p->draft, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

/* The new manifest, to be freed; NULL with why. */
static char *make_manifest(const struct place *p, const char *version, const char *marker,
			   char why[static CATALOGUE_WHY])
{
	struct manifest_change change = { .version = version,
					  .file = p->boot_name,
					  .marker = marker };
	char base[PATH_MAX], sha256[IMAGE_SHA256], *text, *made;
	size_t len;

	if (!sum_draft(p, &change, sha256, why))
		return NULL;
	change.sha256 = sha256;
	snprintf(base, sizeof(base), "%.*s/%s/%s/MANIFEST", PATH_MAX / 2, p->images,
		 p->name, p->base);
	text = file_read(base, MANIFEST_LARGEST, &len);
	made = text ? manifest_change(text, &change) : NULL;
	if (!made)
		catalogue_refuse(why, "%s: %s", base, strerror(errno));
	free(text);
	return made;
}

static void publish_version(struct place *p, const char *marker)
{
	char next[JOB_NAME], why[CATALOGUE_WHY], *manifest;
	struct publish to;
	bool good;

	if (!version_next(p->base, p->made, next))
		errx(EXIT_FAILED, "%s: the name of the next version is too long",
		     p->base);
	if (!publish_begin(&to, p->images, p->name, next, 0, why))
		errx(EXIT_FAILED, "%s", why);
	manifest = make_manifest(p, next, marker, why);
	good = manifest && bring_files(p, &to, why) && publish_end(&to, manifest, why);
	publish_abort(&to);
	free(manifest);
	if (!good)
		errx(EXIT_FAILED, "%s", why);
	snprintf(p->made, sizeof(p->made), "%s", next);
	if (snprintf(p->output, sizeof(p->output), "%s/%s/%s/%s", p->images, p->name,
		     next, p->boot_name) >= PATH_MAX)
		errx(EXIT_FAILED, "%s: the path is too long", p->boot_name);
}

void place_publish(struct place *p, const char *marker)
{
	if (p->catalogue)
		publish_version(p, marker);
	else
		replace_file(p);
}

bool place_switch(const struct place *p)
{
	char before[JOB_NAME], why[CATALOGUE_WHY];

	if (catalogue_current(p->images, p->name, before, why) &&
	    strcmp(before, p->made) == 0)
		return false;
	if (!catalogue_switch(p->images, p->name, p->made, before, why))
		errx(EXIT_FAILED, "%s", why);
	return true;
}
