#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/catalogue.h"
#include "lib/media/catalogue_change.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "tools/wimprep/manifest.h"
#include "tools/wimprep/place.h"
#include "tools/wimprep/version.h"

#define COPY_OCTETS (1 << 16)
#define MANIFEST_LARGEST (1 << 20)

static char *join(const char *a, const char *b)
{
	char *path;

	if (asprintf(&path, "%s/%s", a, b) < 0)
		err(EXIT_FAILED, "%s", a);
	return path;
}

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

static void publish_file(struct place *p)
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

static void make_folders(char *path, size_t from)
{
	for (size_t i = from; path[i]; i++) {
		if (path[i] != '/')
			continue;
		path[i] = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err(EXIT_FAILED, "%s", path);
		path[i] = '/';
	}
}

static void copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	char *buffer = malloc(COPY_OCTETS);
	ssize_t n = -1;

	if (in < 0 || out < 0 || !buffer)
		err(EXIT_FAILED, "%s", in < 0 ? from : to);
	while ((n = read(in, buffer, COPY_OCTETS)) > 0)
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(out, buffer + done, (size_t)(n - done));
			if (m < 0)
				err(EXIT_FAILED, "%s", to);
		}
	if (n < 0 || fsync(out) < 0 || close(out) < 0)
		err(EXIT_FAILED, "%s", n < 0 ? from : to);
	close(in);
	free(buffer);
}

/* The large files are the same ones under another name, where that is allowed. */
static void bring(const char *from, const char *to)
{
	if (link(from, to) == 0)
		return;
	if (errno != EPERM && errno != EMLINK && errno != EXDEV && errno != EOPNOTSUPP)
		err(EXIT_FAILED, "%s", to);
	copy(from, to);
}

static void bring_files(const struct place *p, const char *folder)
{
	char reference[2 * JOB_NAME + 2], why[CATALOGUE_WHY], *base, *from, *to;
	struct image image;

	snprintf(reference, sizeof(reference), "%s@%s", p->name, p->base);
	if (!catalogue_load(p->images, reference, &image, why))
		errx(EXIT_FAILED, "%s", why);
	if (asprintf(&base, "%s/%s/%s", p->images, p->name, p->base) < 0)
		err(EXIT_FAILED, "%s", p->name);
	for (size_t i = 0; i < image.files; i++) {
		from = join(base, image.file[i].name);
		to = join(folder, image.file[i].name);
		make_folders(to, strlen(folder) + 1);
		if (strcmp(image.file[i].name, p->boot_name) != 0)
			bring(from, to);
		else if (rename(p->draft, to) < 0)
			err(EXIT_FAILED, "%s", to);
		free(from);
		free(to);
	}
	free(base);
	image_free(&image);
}

static void hash_file(const char *path, char hex[static IMAGE_SHA256], int64_t *size)
{
	uint8_t digest[SHA256_DIGEST_SIZE], *buffer = malloc(COPY_OCTETS);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct sha256_ctx sha;
	ssize_t n;

	if (fd < 0 || !buffer)
		err(EXIT_FAILED, "%s", path);
	sha256_init(&sha);
	*size = 0;
	while ((n = read(fd, buffer, COPY_OCTETS)) > 0) {
		sha256_update(&sha, (size_t)n, buffer);
		*size += n;
	}
	if (n < 0)
		err(EXIT_FAILED, "%s", path);
	close(fd);
	free(buffer);
	sha256_digest(&sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static void write_manifest(const struct place *p, const char *folder, const char *version)
{
	struct manifest_change change = { .version = version, .file = p->boot_name };
	char base[PATH_MAX], *boot = join(folder, p->boot_name), *text, *path;
	char sha256[IMAGE_SHA256];
	size_t len;

	hash_file(boot, sha256, &change.size);
	change.sha256 = sha256;
	snprintf(base, sizeof(base), "%.*s/%s/%s/MANIFEST", PATH_MAX / 2, p->images,
		 p->name, p->base);
	text = file_read(base, MANIFEST_LARGEST, &len);
	if (!text)
		err(EXIT_FAILED, "%s", base);
	path = join(folder, "MANIFEST");
	if (!manifest_write(path, text, &change))
		err(EXIT_FAILED, "%s", path);
	free(boot);
	free(text);
	free(path);
}

static void publish_version(struct place *p)
{
	char next[JOB_NAME], *folder = join(p->work, "version"), *image, *to;

	if (!version_next(p->base, p->made, next))
		errx(EXIT_FAILED, "%s: the name of the next version is too long",
		     p->base);
	if (mkdir(folder, 0755) < 0)
		err(EXIT_FAILED, "%s", folder);
	bring_files(p, folder);
	write_manifest(p, folder, next);
	sync_path(folder);
	image = join(p->images, p->name);
	to = join(image, next);
	if (rename(folder, to) < 0)
		err(EXIT_FAILED, "%s", to);
	sync_path(image);
	snprintf(p->made, sizeof(p->made), "%s", next);
	snprintf(p->output, sizeof(p->output), "%s/%s", to, p->boot_name);
	free(to);
	free(image);
	free(folder);
}

void place_publish(struct place *p)
{
	if (p->catalogue)
		publish_version(p);
	else
		publish_file(p);
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
