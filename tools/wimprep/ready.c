#include "config.h"

#include "tools/wimprep/ready.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/catalogue_verify.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "tools/wimprep/inspect.h"

#define LARGEST (64 << 20) /* of all but the boot.wim */
#define COPY_STEP (1 << 20)
#define FONTS "/Windows/Boot/Fonts"

/* Where each file comes from: the first place that has it. */
static const struct part {
	const char *name, *wim[2], *media;
	bool needed;
} parts[] = {
	{ "BCD", { "/Windows/Boot/DVD/PCAT/BCD" }, "boot/bcd", true },
	{ "boot.sdi",
	  { "/Windows/Boot/DVD/PCAT/boot.sdi", "/Windows/Boot/DVD/EFI/boot.sdi" },
	  "boot/boot.sdi",
	  true },
	{ "efi/BCD", { "/Windows/Boot/DVD/EFI/BCD" }, "efi/microsoft/boot/bcd", false },
	{ "bootmgr.exe", { "/Windows/Boot/PXE/bootmgr.exe" }, NULL, false },
	{ "bootmgfw.efi", { "/Windows/Boot/EFI/bootmgfw.efi" }, NULL, false },
	{ "bootmgfw_EX.efi", { "/Windows/Boot/EFI_EX/bootmgfw_EX.efi" }, NULL, false },
	{ "boot.stl", { "/Windows/Boot/EFI/boot.stl" }, NULL, false },
};

/* wimboot finds all it needs in the boot.wim; names are relative to the script. */
static const char script[] =
	"#!ipxe\n"
	"imgfree ||\n"
	"kernel --name wimboot --timeout 60000 wimboot wimboot || exit 1\n"
	"initrd --name boot.wim --timeout 60000 boot.wim boot.wim || exit 1\n"
	"boot || exit 1\n";

struct layout {
	const struct build *build;
	struct wim *wim;
	unsigned image;
	bool changed;
	char scratch[PATH_MAX];
};

__attribute__((format(printf, 2, 3))) static void path_set(char out[static PATH_MAX],
							   const char *format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(out, PATH_MAX, format, ap);
	va_end(ap);
	if (len >= PATH_MAX)
		errx(EXIT_FAILED, "%.200s...: the path is too long", out);
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		err(EXIT_FAILED, "%s", path);
}

void ready_begin(struct build *b)
{
	char path[PATH_MAX];

	path_set(path, "%s/wimboot", b->conf->tftp);
	if (access(path, R_OK) < 0)
		err(EXIT_FAILED, "%s: wimboot is wanted there (imgctl loader add FILE)",
		    path);
	if (!b->dry)
		make_folder(b->ready);
	if (b->file && asprintf(&b->ready_wim, "%s/boot.wim", b->ready) < 0)
		err(EXIT_FAILED, "%s", b->ready);
	if (b->file)
		b->output = b->ready_wim;
}

static void put(struct layout *l, const char *name, const void *octets, size_t len)
{
	char path[PATH_MAX];

	path_set(path, "%s/%s", l->build->ready, name);
	if (file_holds(path, octets, len))
		return;
	if (file_replace(path, octets, len, 0644) < 0)
		err(EXIT_FAILED, "%s", path);
	l->changed = true;
}

static void put_file(struct layout *l, const char *name, const char *from)
{
	size_t len;
	char *octets = file_read(from, LARGEST, &len);

	if (!octets)
		err(EXIT_FAILED, "%s", from);
	put(l, name, octets, len);
	free(octets);
}

static bool from_wim(struct layout *l, const struct part *part)
{
	char why[WIM_WHY], *octets;
	size_t len;

	for (size_t i = 0; i < 2 && part->wim[i]; i++) {
		if (!wim_find(l->wim, l->image, part->wim[i], NULL))
			continue;
		octets = wim_read(l->wim, l->image, part->wim[i], l->scratch, LARGEST,
				  &len, why);
		if (!octets)
			errx(EXIT_FAILED, "%s: %s", l->build->wish.shown, why);
		put(l, part->name, octets, len);
		free(octets);
		return true;
	}
	return false;
}

/* The entry of a folder in any case; "" if there is none. */
static void find_name(const char *folder, const char *name, char out[static PATH_MAX])
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	*out = '\0';
	while (dir && (d = readdir(dir)))
		if (strcasecmp(d->d_name, name) == 0)
			path_set(out, "%s/%s", folder, d->d_name);
	if (dir)
		closedir(dir);
}

/* Beside the boot.wim as imgctl lays it, or one folder up as on the disc. */
static bool from_media(struct layout *l, const struct part *part)
{
	char folder[PATH_MAX], next[PATH_MAX], name[64];
	const char *source = l->build->place.source, *slash = strrchr(source, '/');

	for (int up = 0; part->media && up < 2; up++) {
		const char *rest = part->media;

		path_set(folder, "%.*s%s", (int)(slash - source), source,
			 up ? "/.." : "");
		while (*rest && *folder) {
			size_t len = strcspn(rest, "/");

			snprintf(name, sizeof(name), "%.*s", (int)len, rest);
			find_name(folder, name, next);
			memcpy(folder, next, sizeof(folder));
			rest += len + (rest[len] == '/');
		}
		if (*folder) {
			put_file(l, part->name, folder);
			return true;
		}
	}
	return false;
}

static void put_fonts(struct layout *l)
{
	char why[WIM_WHY], folder[PATH_MAX], from[PATH_MAX], name[PATH_MAX];
	struct dirent *d;
	DIR *dir;

	if (!wim_find(l->wim, l->image, FONTS, NULL))
		return;
	if (!wim_extract(l->wim, l->image, FONTS, l->scratch, why))
		errx(EXIT_FAILED, "%s: %s", l->build->wish.shown, why);
	find_name(l->scratch, "fonts", folder);
	path_set(name, "%s/fonts", l->build->ready);
	make_folder(name);
	dir = opendir(folder);
	if (!dir)
		err(EXIT_FAILED, "%s", folder);
	while ((d = readdir(dir))) {
		if (*d->d_name == '.')
			continue;
		path_set(from, "%s/%s", folder, d->d_name);
		path_set(name, "fonts/%s", d->d_name);
		put_file(l, name, from);
	}
	closedir(dir);
}

/* Its time is kept: by that the next run sees that it is the same. */
static void copy_octets(int from, int to, const char *path)
{
	struct timespec when[2];
	struct stat st;
	ssize_t n;

	while ((n = copy_file_range(from, NULL, to, NULL, COPY_STEP, 0)) > 0)
		;
	if (n < 0 || fstat(from, &st) < 0)
		err(EXIT_FAILED, "%s", path);
	when[0] = st.st_atim;
	when[1] = st.st_mtim;
	if (futimens(to, when) < 0 || fsync(to) < 0)
		err(EXIT_FAILED, "%s", path);
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (in < 0)
		err(EXIT_FAILED, "%s", from);
	if (out < 0)
		err(EXIT_FAILED, "%s", to);
	copy_octets(in, out, to);
	close(in);
	close(out);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 &&
	       ((x.st_dev == y.st_dev && x.st_ino == y.st_ino) ||
		(x.st_size == y.st_size && x.st_mtim.tv_sec == y.st_mtim.tv_sec &&
		 x.st_mtim.tv_nsec == y.st_mtim.tv_nsec));
}

/* An image's: the same file under another name, or a copy on another file system. */
static void put_wim(struct layout *l)
{
	const char *from = l->build->place.output;
	char path[PATH_MAX], draft[PATH_MAX];

	path_set(path, "%s/boot.wim", l->build->ready);
	if (same_file(from, path))
		return;
	path_set(draft, "%s/.boot.wim.%ld", l->build->ready, (long)getpid());
	unlink(draft);
	if (link(from, draft) < 0)
		copy_file(from, draft);
	if (rename(draft, path) < 0)
		err(EXIT_FAILED, "%s", path);
	l->changed = true;
}

/* ---- the sums ---- */

static void add_sum(FILE *out, const char *ready, const char *name)
{
	char path[PATH_MAX], sha256[IMAGE_SHA256];
	int64_t size;
	int fd;

	path_set(path, "%s/%s", ready, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || verify_sum(fd, sha256, &size) < 0)
		err(EXIT_FAILED, "%s", path);
	close(fd);
	fprintf(out, "%s  %s\n", sha256, name);
}

static int is_wanted(const struct dirent *d)
{
	return *d->d_name != '.' && strcmp(d->d_name, "SHA256SUMS") != 0;
}

static void add_sums(FILE *out, const char *ready, const char *below)
{
	char path[PATH_MAX], name[PATH_MAX];
	struct dirent **list;
	struct stat st;
	int n;

	path_set(path, "%s/%s", ready, below);
	n = scandir(path, &list, is_wanted, alphasort);
	if (n < 0)
		err(EXIT_FAILED, "%s", path);
	for (int i = 0; i < n; i++) {
		path_set(name, "%s%s", below, list[i]->d_name);
		path_set(path, "%s/%s", ready, name);
		if (stat(path, &st) < 0)
			err(EXIT_FAILED, "%s", path);
		if (!S_ISDIR(st.st_mode)) {
			add_sum(out, ready, name);
		} else if (!*below) {
			path_set(name, "%s/", list[i]->d_name);
			add_sums(out, ready, name);
		}
		free(list[i]);
	}
	free(list);
}

static void put_sums(struct layout *l)
{
	char path[PATH_MAX], *text = NULL;
	size_t len;
	FILE *out;

	path_set(path, "%s/SHA256SUMS", l->build->ready);
	if (!l->changed && access(path, F_OK) == 0)
		return;
	out = open_memstream(&text, &len);
	if (!out)
		err(EXIT_FAILED, "%s", path);
	add_sums(out, l->build->ready, "");
	if (fclose(out) != 0)
		err(EXIT_FAILED, "%s", path);
	put(l, "SHA256SUMS", text, len);
	free(text);
}

/* ---- all of it ---- */

static void open_wim(struct layout *l)
{
	const struct build *b = l->build;
	char why[WIM_WHY];

	l->wim = wim_open(b->place.output, NULL, why);
	if (!l->wim || !inspect_image(wim_facts(l->wim), 0, &l->image, why))
		errx(EXIT_FAILED, "%s: %s", b->wish.shown, why);
	place_scratch(&b->place, l->scratch);
}

static void put_parts(struct layout *l)
{
	char path[PATH_MAX];

	path_set(path, "%s/efi", l->build->ready);
	make_folder(path);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!from_wim(l, &parts[i]) && !from_media(l, &parts[i]) &&
		    parts[i].needed)
			errx(EXIT_FAILED,
			     "%s: has no %s, and there is no %s beside it: take it from "
			     "the media",
			     l->build->wish.shown, parts[i].wim[0] + 1, parts[i].media);
	path_set(path, "%s/wimboot", l->build->conf->tftp);
	put_file(l, "wimboot", path);
	put(l, "boot.ipxe", script, sizeof(script) - 1);
}

void ready_lay_out(const struct build *b)
{
	struct layout l = { .build = b };

	open_wim(&l);
	put_parts(&l);
	put_fonts(&l);
	wim_close(l.wim);
	put_wim(&l);
	put_sums(&l);
	printf("%s: %s\n", b->ready, l.changed ? "is ready" : "unchanged");
}
