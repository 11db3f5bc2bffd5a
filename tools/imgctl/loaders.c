#include "config.h"

#include "tools/imgctl/loaders.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"

#define REGISTRY_LARGEST (1 << 20)

static void path_of(const struct loaders *l, const char *name, char path[static PATH_MAX])
{
	if (snprintf(path, PATH_MAX, "%s/%s", l->folder, name) >= PATH_MAX)
		errx(EXIT_FAILED, "%s/%s: is too long", l->folder, name);
}

static int lock_folder(const char *folder)
{
	int fd;

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		err(EXIT_FAILED, "%s", folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		err(EXIT_FAILED, "%s", folder);
	return fd;
}

static void read_registry(struct loaders *l)
{
	char path[PATH_MAX], *text;
	const char *why;
	size_t len, line;

	path_of(l, "MANIFEST", path);
	text = file_read(path, REGISTRY_LARGEST, &len);
	if (!text && errno != ENOENT)
		err(EXIT_FAILED, "%s", path);
	if (text && !image_parse(text, len, &l->registry, &line, &why))
		errx(EXIT_FAILED, "%s:%zu: %s", path, line, why);
	free(text);
}

struct loaders loaders_open(struct imgctl *ctl, bool change)
{
	struct loaders l = { .lock = -1 };

	imgctl_configure(ctl);
	l.folder = ctl->conf->tftp;
	if (change)
		l.lock = lock_folder(l.folder);
	read_registry(&l);
	return l;
}

void loaders_close(struct loaders *l)
{
	image_free(&l->registry);
	if (l->lock >= 0)
		close(l->lock);
}

const struct image_file *loaders_find(const struct loaders *l, const char *name)
{
	for (size_t i = 0; i < l->registry.files; i++)
		if (strcmp(l->registry.file[i].name, name) == 0)
			return &l->registry.file[i];
	return NULL;
}

void *loaders_file(const char *path, size_t *len)
{
	void *octets = file_read(path, LOADER_LARGEST, len);

	if (!octets && errno == EFBIG)
		errx(EXIT_FAILED, "%s: is larger than a loader may be (%d MiB)", path,
		     LOADER_LARGEST >> 20);
	if (!octets)
		err(EXIT_FAILED, "%s", path);
	if (!*len)
		errx(EXIT_FAILED, "%s: is empty", path);
	return octets;
}

bool loaders_read(const struct loaders *l, const char *name, struct loader *out)
{
	char path[PATH_MAX];
	void *octets;
	size_t len;

	path_of(l, name, path);
	octets = file_read(path, LOADER_LARGEST, &len);
	if (!octets)
		return false;
	loader_read(octets, len, out);
	free(octets);
	return true;
}

/* ---- changes ---- */

/* The manifest as of an image, and for people what each file is. */
static void write_registry(struct loaders *l)
{
	char path[PATH_MAX], form[LOADER_FORM], signers[LOADER_SIGNERS], *text;
	char *manifest = image_print(&l->registry);
	struct loader loader;
	size_t len;
	FILE *out;

	if (!manifest || !(out = open_memstream(&text, &len)))
		err(EXIT_FAILED, "MANIFEST");
	fputs(manifest, out);
	for (size_t i = 0; i < l->registry.files; i++) {
		if (!loaders_read(l, l->registry.file[i].name, &loader))
			continue;
		loader_form(&loader, form);
		loader_signers(&loader, signers);
		fprintf(out, "# loader: %s: %s%s%s\n", l->registry.file[i].name, form,
			*signers ? ", " : "", signers);
	}
	if (fclose(out) != 0)
		err(EXIT_FAILED, "MANIFEST");
	path_of(l, "MANIFEST", path);
	if (file_replace(path, text, len, 0644) < 0)
		err(EXIT_FAILED, "%s", path);
	free(manifest);
	free(text);
}

static void make_folders(const char *path)
{
	char folder[PATH_MAX];

	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		memcpy(folder, path, (size_t)(p - path));
		folder[p - path] = '\0';
		if (mkdir(folder, 0755) < 0 && errno != EEXIST)
			err(EXIT_FAILED, "%s", folder);
	}
}

static void enter(struct loaders *l, const char *name, const struct loader *loader)
{
	struct image_file *known = NULL;
	struct image_file file = { .size = loader->size };

	for (size_t i = 0; i < l->registry.files; i++)
		if (strcmp(l->registry.file[i].name, name) == 0)
			known = &l->registry.file[i];
	snprintf(file.name, sizeof(file.name), "%s", name);
	memcpy(file.sha256, loader->sha256, sizeof(file.sha256));
	if (known)
		*known = file;
	else if (!image_add_file(&l->registry, &file))
		errx(EXIT_FAILED, "%s/MANIFEST: there are too many loaders", l->folder);
	snprintf(l->registry.name, sizeof(l->registry.name), "loaders");
	snprintf(l->registry.version, sizeof(l->registry.version), "1");
	l->registry.kind = IMAGE_EFI;
}

/* The file first: if we are killed in between, check sees the difference. */
bool loaders_put(struct loaders *l, const char *name, const void *octets, size_t len)
{
	const struct image_file *known = loaders_find(l, name);
	char path[PATH_MAX];
	struct loader loader;
	bool same;

	path_of(l, name, path);
	loader_read(octets, len, &loader);
	same = file_holds(path, octets, len);
	if (same && known && strcmp(known->sha256, loader.sha256) == 0)
		return false;
	make_folders(path);
	if (!same && file_replace(path, octets, len, 0644) < 0)
		err(EXIT_FAILED, "%s", path);
	enter(l, name, &loader);
	write_registry(l);
	return true;
}

void loaders_drop(struct loaders *l, const char *name)
{
	struct image *r = &l->registry;
	char path[PATH_MAX];

	path_of(l, name, path);
	for (size_t i = 0; i < r->files; i++)
		if (strcmp(r->file[i].name, name) == 0) {
			memmove(&r->file[i], &r->file[i + 1],
				(--r->files - i) * sizeof(r->file[0]));
			break;
		}
	if (r->files)
		write_registry(l);
	if (unlink(path) < 0 && errno != ENOENT)
		err(EXIT_FAILED, "%s", path);
	path_of(l, "MANIFEST", path);
	if (!r->files && unlink(path) < 0)
		err(EXIT_FAILED, "%s", path);
}
