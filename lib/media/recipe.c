#include "config.h"

#include "lib/media/recipe.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/recipe_parts.h"

#define HEAD 4096

/* ---- parts ---- */

bool recipe_add(struct recipe *r, const struct source *from,
		const struct source_entry *entry, const char *name,
		char why[static CATALOGUE_WHY])
{
	struct recipe_file *more;

	for (size_t i = 0; i < r->files; i++)
		if (strcmp(r->file[i].name, name) == 0)
			return catalogue_refuse(why,
						"%s: would be a second %s of the image",
						from->path, name);
	more = realloc(r->file, (r->files + 1) * sizeof(*more));
	if (!more)
		return catalogue_refuse(why, "%s: %s", from->path, strerror(errno));
	r->file = more;
	more += r->files++;
	*more = (struct recipe_file){ .from = from, .entry = entry };
	snprintf(more->name, sizeof(more->name), "%s", name);
	return true;
}

bool recipe_add_found(struct recipe *r, const struct source *from, const char *path,
		      const char *name, bool *added, char why[static CATALOGUE_WHY])
{
	const struct source_entry *e = source_find(from, path);

	*added = e != NULL;
	return !e || recipe_add(r, from, e, name, why);
}

struct source *recipe_open(struct recipe *r, const char *path,
			   char why[static CATALOGUE_WHY])
{
	struct source **more =
		realloc(r->source, (r->sources + 1) * sizeof(struct source *));
	struct source *s;

	if (!more) {
		catalogue_refuse(why, "%s: %s", path, strerror(errno));
		return NULL;
	}
	r->source = more;
	s = source_open(path, why);
	if (s)
		more[r->sources++] = s;
	return s;
}

static int64_t size_of(const struct recipe_file *f)
{
	return f->entry ? f->entry->size : f->from->size;
}

int64_t recipe_octets(const struct recipe *r)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->files; i++)
		sum += size_of(&r->file[i]);
	return sum;
}

/* Holes stay holes. */
int64_t recipe_need(const struct recipe *r)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->files; i++) {
		const struct recipe_file *f = &r->file[i];

		sum += !f->entry || f->from->kind == SOURCE_FILE ? f->from->on_disk
								 : f->entry->size;
	}
	return sum;
}

/* ---- single files ---- */

enum what { UNKNOWN, WIM, DISC, KERNEL, EFI, TARBALL, INITRD };

struct look {
	enum what what;
	const char *arch;    /* of a kernel */
	const char *tarball; /* its name in the image */
};

/* The machine is at 4 behind the offset that is at 0x3c. */
static bool is_efi(const uint8_t *head, size_t len, const char **arch)
{
	size_t at;

	if (len < 0x40 || memcmp(head, "MZ", 2) != 0)
		return false;
	at = head[0x3c] | (size_t)head[0x3d] << 8;
	if (at + 6 > len || memcmp(head + at, "PE\0", 4) != 0)
		return false;
	switch (head[at + 4] | head[at + 5] << 8) {
	case 0x8664:
		*arch = "x86_64";
		return true;
	case 0xaa64:
		*arch = "aarch64";
		return true;
	case 0x14c:
		*arch = "i386";
		return true;
	default:
		return false;
	}
}

static bool is_initrd(const uint8_t *head, size_t len)
{
	static const struct {
		const char *magic;
		size_t len;
	} magics[] = { { "070701", 6 },
		       { "\x1f\x8b", 2 },
		       { "\xfd"
			 "7zXZ",
			 5 },
		       { "\x28\xb5\x2f\xfd", 4 },
		       { "\x5d\0\0", 3 },
		       { "\x02\x21\x4c\x18", 4 },
		       { "\x89LZO", 4 },
		       { "BZh", 3 } };

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (len >= magics[i].len &&
		    memcmp(head, magics[i].magic, magics[i].len) == 0)
			return true;
	return false;
}

/* The name of a tarball by its filter, NULL if it is no tarball. */
static const char *tarball_name(const struct source *s)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	const char *name = NULL;

	if (!a)
		return NULL;
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_tar(a);
	if (archive_read_open_filename(a, s->path, 65536) == ARCHIVE_OK &&
	    archive_read_next_header(a, &e) == ARCHIVE_OK)
		switch (archive_filter_code(a, 0)) {
		case ARCHIVE_FILTER_NONE:
			name = "rootfs.tar";
			break;
		case ARCHIVE_FILTER_GZIP:
			name = "rootfs.tar.gz";
			break;
		case ARCHIVE_FILTER_XZ:
			name = "rootfs.tar.xz";
			break;
		case ARCHIVE_FILTER_ZSTD:
			name = "rootfs.tar.zst";
			break;
		default:
			break;
		}
	archive_read_free(a);
	return name;
}

static bool ends_in(const char *path, const char *end)
{
	size_t len = strlen(path), n = strlen(end);

	return len >= n && strcasecmp(path + len - n, end) == 0;
}

static bool look_at(const struct source *s, struct look *out,
		    char why[static CATALOGUE_WHY])
{
	uint8_t head[HEAD];
	ssize_t n;
	const char *arch = NULL;
	bool kernel, efi;

	*out = (struct look){ .what = DISC };
	if (s->kind == SOURCE_UDF || s->kind == SOURCE_ISO)
		return true;
	n = source_peek(s, s->entry, 0, head, sizeof(head), why);
	if (n < 0)
		return false;
	efi = is_efi(head, (size_t)n, &arch);
	kernel = recipe_is_kernel(head, (size_t)n, &arch);
	out->arch = arch;
	/* A kernel can be a program for EFI as well; memtest's comes as both. */
	if (n >= 8 && memcmp(head, "MSWIM\0\0", 8) == 0)
		out->what = WIM;
	else if (efi && (!kernel || ends_in(s->path, ".efi")))
		out->what = EFI;
	else if (kernel)
		out->what = KERNEL;
	else if ((out->tarball = tarball_name(s)) != NULL)
		out->what = TARBALL;
	else
		out->what = is_initrd(head, (size_t)n) ? INITRD : UNKNOWN;
	return true;
}

static void say_arch(struct recipe *r, const char *arch)
{
	if (arch)
		snprintf(r->image.arch, sizeof(r->image.arch), "%s", arch);
}

static bool take_tarball(struct recipe *r, const struct source *s,
			 const struct source_entry *e, const char *name,
			 char why[static CATALOGUE_WHY])
{
	r->image.kind = IMAGE_ROOTFS;
	if (!recipe_add(r, s, e, name, why))
		return false;
	r->tarball = &r->file[r->files - 1];
	return true;
}

static bool take_file(struct recipe *r, const struct source *s, const struct look *look,
		      char why[static CATALOGUE_WHY])
{
	switch (look->what) {
	case WIM:
		return recipe_wim(r, s, why);
	case TARBALL:
		return take_tarball(r, s, s->entry, look->tarball, why);
	case KERNEL:
		say_arch(r, look->arch);
		r->image.kind = IMAGE_LINUX;
		return recipe_add(r, s, s->entry, "vmlinuz", why);
	case EFI:
		say_arch(r, look->arch);
		r->image.kind = IMAGE_EFI;
		return recipe_add(r, s, s->entry, "boot.efi", why);
	case INITRD:
		return catalogue_refuse(why, "%s: is an initrd: name its kernel, too",
					s->path);
	default:
		return catalogue_refuse(
			why,
			"%s: is none of what can be imported: disc, WIM, kernel, "
			"tarball, program for EFI",
			s->path);
	}
}

/* ---- discs and folders ---- */

static bool take_rootfs_in(struct recipe *r, const struct source *s, bool *taken,
			   char why[static CATALOGUE_WHY])
{
	static const char *const names[] = { "rootfs.tar.zst", "rootfs.tar.gz",
					     "rootfs.tar.xz", "rootfs.tar" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (source_find(s, names[i])) {
			*taken = true;
			return take_tarball(r, s, source_find(s, names[i]), names[i],
					    why);
		}
	return true;
}

static bool take_whole(struct recipe *r, const struct source *s,
		       char why[static CATALOGUE_WHY])
{
	r->image.kind = IMAGE_ISO;
	snprintf(r->image.comment, sizeof(r->image.comment), "%s", s->label);
	return recipe_add(r, s, NULL, "image.iso", why);
}

static bool take_tree(struct recipe *r, const struct source *s,
		      char why[static CATALOGUE_WHY])
{
	bool taken = false;

	if (!recipe_windows(r, s, &taken, why))
		return false;
	if (!taken && !recipe_linux(r, s, &taken, why))
		return false;
	if (!taken && s->kind == SOURCE_FOLDER && !take_rootfs_in(r, s, &taken, why))
		return false;
	if (!taken && s->kind == SOURCE_FOLDER && source_find(s, "boot.efi")) {
		r->image.kind = IMAGE_EFI;
		return recipe_add(r, s, source_find(s, "boot.efi"), "boot.efi", why);
	}
	if (taken)
		return true;
	if (s->kind == SOURCE_ISO)
		return take_whole(r, s, why);
	return catalogue_refuse(
		why,
		"%s: has neither sources/boot.wim nor a kernel and initrd where "
		"any installer known here has them%s",
		s->path,
		s->kind == SOURCE_UDF ? " (--kind iso takes the disc as it is)" : "");
}

/* ---- what the user named ---- */

/* Two files belong together: kernel and initrd, or memtest for both firmwares. */
static bool take_two(struct recipe *r, const struct look look[static 2],
		     char why[static CATALOGUE_WHY])
{
	size_t first = look[0].what == KERNEL ? 0 : 1, other = 1 - first;
	const struct source *s = r->source[other];

	if (look[first].what != KERNEL ||
	    (look[other].what != EFI && look[other].what != INITRD))
		return catalogue_refuse(
			why,
			"%s, %s: two files are a kernel and its initrd, or a "
			"kernel and a program for EFI",
			r->source[0]->path, r->source[1]->path);
	if (!take_file(r, r->source[first], &look[first], why))
		return false;
	if (look[other].what == INITRD)
		return recipe_add(r, s, s->entry,
				  ends_in(s->path, ".gz") ? "initrd.gz" : "initrd.img",
				  why);
	return take_file(r, s, &look[other], why);
}

static bool is_tree(const struct source *s)
{
	return s->kind != SOURCE_FILE;
}

static bool take_one(struct recipe *r, const struct source *s, const struct look *look,
		     enum image_kind kind, char why[static CATALOGUE_WHY])
{
	bool good;

	if (kind == IMAGE_ISO && s->kind != SOURCE_FOLDER)
		return take_whole(r, s, why);
	if (kind == IMAGE_EFI && look->what == KERNEL && s->kind == SOURCE_FILE) {
		say_arch(r, look->arch);
		r->image.kind = kind;
		return recipe_add(r, s, s->entry, "boot.efi", why);
	}
	if (kind == IMAGE_LINUX && look->what == EFI) {
		say_arch(r, look->arch);
		r->image.kind = kind;
		return recipe_add(r, s, s->entry, "vmlinuz", why);
	}
	good = is_tree(s) ? take_tree(r, s, why) : take_file(r, s, look, why);
	if (good && kind != IMAGE_KINDS && r->image.kind != kind)
		return catalogue_refuse(why, "%s: is of kind %s, not %s", s->path,
					image_kind_name(r->image.kind),
					image_kind_name(kind));
	return good;
}

bool recipe_make(struct recipe *r, const char *const paths[], size_t count,
		 enum image_kind kind, char why[static CATALOGUE_WHY])
{
	struct look look[2] = { 0 };
	bool good = true;

	*r = (struct recipe){ .any_tarball = kind == IMAGE_ROOTFS };
	for (size_t i = 0; good && i < count && i < 2; i++) {
		const struct source *s = recipe_open(r, paths[i], why);

		good = s && (s->kind == SOURCE_FOLDER || look_at(s, &look[i], why));
		if (good && count > 1 && is_tree(s))
			good = catalogue_refuse(why, "%s: is to be named alone", s->path);
	}
	if (good)
		good = count == 1 ? take_one(r, r->source[0], &look[0], kind, why)
				  : take_two(r, look, why);
	if (!good)
		recipe_free(r);
	return good;
}

void recipe_free(struct recipe *r)
{
	for (size_t i = 0; i < r->sources; i++)
		source_close(r->source[i]);
	free(r->source);
	free(r->file);
	image_free(&r->image);
	*r = (struct recipe){ 0 };
}

bool recipe_editions(const char *path, struct image *image,
		     char why[static CATALOGUE_WHY])
{
	struct recipe r;

	*image = (struct image){ 0 };
	if (!recipe_make(&r, &path, 1, IMAGE_KINDS, why))
		return false;
	if (r.image.kind != IMAGE_WIM) {
		recipe_free(&r);
		return catalogue_refuse(why, "%s: holds no Windows", path);
	}
	*image = r.image;
	r.image = (struct image){ 0 };
	recipe_free(&r);
	return true;
}
