#include "config.h"

#include "lib/media/catalogue.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/file.h"

#define MANIFEST_LARGEST (1 << 20)

bool catalogue_refuse(char why[static CATALOGUE_WHY], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, CATALOGUE_WHY, format, ap);
	va_end(ap);
	return false;
}

/* What a person has to do about it. */
static bool has_no_current(const char *images, const char *name,
			   char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];

	if (access(images, X_OK) != 0)
		return catalogue_refuse(why, "%s: %s", images, strerror(errno));
	snprintf(path, sizeof(path), "%s/%s", images, name);
	if (access(path, F_OK) != 0)
		return catalogue_refuse(why, "%s has no image %s (see imgctl list)",
					images, name);
	return catalogue_refuse(why, "%s has no current version (see imgctl current)",
				path);
}

/* current is a link to a name beside it, never a way out of the catalogue. */
bool catalogue_current(const char *images, const char *name,
		       char version[static JOB_NAME], char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/%s/current", images, name);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0 && errno == ENOENT)
		return has_no_current(images, name, why);
	if (len < 0)
		return catalogue_refuse(why, "%s: %s", path,
					errno == EINVAL ? "is not a symbolic link"
							: strerror(errno));
	target[len] = '\0';
	if (!image_name_ok(target))
		return catalogue_refuse(why, "%s: does not point at a version beside it",
					path);
	memcpy(version, target, (size_t)len + 1); /* image_name_ok() bounds it */
	return true;
}

static bool read_manifest(const char *path, struct image *out, struct file_mark *mark,
			  char why[static CATALOGUE_WHY])
{
	size_t len, line;
	const char *reason;
	char *text = file_read_marked(path, MANIFEST_LARGEST, &len, mark);
	bool good;

	if (!text)
		return catalogue_refuse(why, "%s: %s", path, strerror(errno));
	good = image_parse(text, len, out, &line, &reason);
	if (!good)
		catalogue_refuse(why, "%s:%zu: %s", path, line, reason);
	free(text);
	return good;
}

bool catalogue_manifest(const char *images, const char *reference,
			struct catalogue_manifest *out, char why[static CATALOGUE_WHY])
{
	if (!image_reference(reference, out->name, out->version))
		return catalogue_refuse(why, "'%.160s' is not NAME or NAME@VERSION",
					reference);
	if (!*out->version && !catalogue_current(images, out->name, out->version, why))
		return false;
	snprintf(out->path, sizeof(out->path), "%s/%s/%s/MANIFEST", images, out->name,
		 out->version);
	return true;
}

bool catalogue_read(const struct catalogue_manifest *manifest, struct image *out,
		    struct file_mark *mark, char why[static CATALOGUE_WHY])
{
	const char *path = manifest->path;

	if (!read_manifest(path, out, mark, why))
		return false;
	if (strcmp(out->name, manifest->name) == 0 &&
	    strcmp(out->version, manifest->version) == 0)
		return true;
	catalogue_refuse(why, "%s: is the manifest of %s@%s", path, out->name,
			 out->version);
	image_free(out);
	return false;
}

bool catalogue_load(const char *images, const char *reference, struct image *out,
		    char why[static CATALOGUE_WHY])
{
	struct catalogue_manifest manifest;
	struct file_mark mark;

	return catalogue_manifest(images, reference, &manifest, why) &&
	       catalogue_read(&manifest, out, &mark, why);
}

bool catalogue_has(const char *images, const char *reference,
		   char why[static CATALOGUE_WHY])
{
	struct image image;

	if (!catalogue_load(images, reference, &image, why))
		return false;
	image_free(&image);
	return true;
}
