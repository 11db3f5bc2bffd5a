#include "config.h"

#include "tools/wimprep/ready.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/catalogue_verify.h"
#include "lib/sys/exits.h"
#include "tools/wimprep/inspect.h"
#include "tools/wimprep/lay.h"

static const struct lay_part parts[] = {
	{ .name = "BCD",
	  .wim = { "/Windows/Boot/DVD/PCAT/BCD" },
	  .media = "boot/bcd",
	  .needed = true },
	{ .name = "boot.sdi",
	  .wim = { "/Windows/Boot/DVD/PCAT/boot.sdi", "/Windows/Boot/DVD/EFI/boot.sdi" },
	  .media = "boot/boot.sdi",
	  .needed = true },
	{ .name = "efi/BCD",
	  .wim = { "/Windows/Boot/DVD/EFI/BCD" },
	  .media = "efi/microsoft/boot/bcd" },
	{ .name = "bootmgr.exe", .wim = { "/Windows/Boot/PXE/bootmgr.exe" } },
	{ .name = "bootmgfw.efi", .wim = { "/Windows/Boot/EFI/bootmgfw.efi" } },
	{ .name = "bootmgfw_EX.efi", .wim = { "/Windows/Boot/EFI_EX/bootmgfw_EX.efi" } },
	{ .name = "boot.stl", .wim = { "/Windows/Boot/EFI/boot.stl" } },
};

/* wimboot finds all it needs in the boot.wim; names are relative to the script. */
static const char script[] =
	"#!ipxe\n"
	"imgfree ||\n"
	"kernel --name wimboot --timeout 60000 wimboot wimboot || exit 1\n"
	"initrd --name boot.wim --timeout 60000 boot.wim boot.wim || exit 1\n"
	"boot || exit 1\n";

void ready_begin(struct build *b)
{
	char path[PATH_MAX];

	place_path(path, "%s/wimboot", b->conf->tftp);
	if (access(path, R_OK) < 0)
		err(EXIT_FAILED, "%s: wimboot is wanted there (imgctl loader add FILE)",
		    path);
	if (!b->dry && mkdir(b->ready, 0755) < 0 && errno != EEXIST)
		err(EXIT_FAILED, "%s", b->ready);
	if (b->file && asprintf(&b->ready_wim, "%s/boot.wim", b->ready) < 0)
		err(EXIT_FAILED, "%s", b->ready);
	if (b->file)
		b->output = b->ready_wim;
}

/* ---- the sums ---- */

static void add_sum(FILE *out, const char *ready, const char *name)
{
	char path[PATH_MAX], sha256[IMAGE_SHA256];
	int64_t size;
	int fd;

	place_path(path, "%s/%s", ready, name);
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

	place_path(path, "%s/%s", ready, below);
	n = scandir(path, &list, is_wanted, alphasort);
	if (n < 0)
		err(EXIT_FAILED, "%s", path);
	for (int i = 0; i < n; i++) {
		place_path(name, "%s%s", below, list[i]->d_name);
		place_path(path, "%s/%s", ready, name);
		if (stat(path, &st) < 0)
			err(EXIT_FAILED, "%s", path);
		if (!S_ISDIR(st.st_mode)) {
			add_sum(out, ready, name);
		} else if (!*below) {
			place_path(name, "%s/", list[i]->d_name);
			add_sums(out, ready, name);
		}
		free(list[i]);
	}
	free(list);
}

static void put_sums(struct lay *l)
{
	char path[PATH_MAX], *text = NULL;
	size_t len;
	FILE *out;

	place_path(path, "%s/SHA256SUMS", l->folder);
	if (!l->changed && access(path, F_OK) == 0)
		return;
	out = open_memstream(&text, &len);
	if (!out)
		err(EXIT_FAILED, "%s", path);
	add_sums(out, l->folder, "");
	if (fclose(out) != 0)
		err(EXIT_FAILED, "%s", path);
	lay_octets(l, "SHA256SUMS", text, len);
	free(text);
}

/* ---- all of it ---- */

static void open_wim(struct lay *l, const struct place *place)
{
	char why[WIM_WHY];

	l->wim = wim_open(place->output, NULL, why);
	if (!l->wim || !inspect_image(wim_facts(l->wim), 0, &l->image, why))
		errx(EXIT_FAILED, "%s: %s", l->shown, why);
	place_scratch(place, l->scratch);
}

void ready_lay_out(const struct build *b)
{
	struct lay l = { .folder = b->ready,
			 .shown = b->wish.shown,
			 .source = b->place.source };
	char wimboot[PATH_MAX];

	place_path(wimboot, "%s/wimboot", b->conf->tftp);
	open_wim(&l, &b->place);
	lay_parts(&l, parts, sizeof(parts) / sizeof(parts[0]));
	lay_file(&l, "wimboot", wimboot);
	lay_octets(&l, "boot.ipxe", script, sizeof(script) - 1);
	lay_fonts(&l, "fonts", false);
	wim_close(l.wim);
	lay_link(&l, "boot.wim", b->place.output);
	put_sums(&l);
	printf("%s: %s\n", b->ready, l.changed ? "is ready" : "unchanged");
}
