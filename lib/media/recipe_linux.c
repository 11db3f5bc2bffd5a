/* Linux: installers and live systems on discs and in folders, kernels. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/recipe_parts.h"

/* Where kernel and initrd lie; the first pair that is there counts. */
static const struct layout {
	const char *kernel, *initrd, *arch;
} layouts[] = {
	/* Debian's installer and its live systems */
	{ "install.amd/vmlinuz", "install.amd/initrd.gz", "x86_64" },
	{ "install.a64/vmlinuz", "install.a64/initrd.gz", "aarch64" },
	{ "install.386/vmlinuz", "install.386/initrd.gz", "i386" },
	{ "debian-installer/amd64/linux", "debian-installer/amd64/initrd.gz", "x86_64" },
	{ "live/vmlinuz", "live/initrd.img", NULL },
	{ "live/vmlinuz", "live/initrd", NULL },
	/* Ubuntu and what is made of it */
	{ "casper/vmlinuz", "casper/initrd", NULL },
	{ "casper/vmlinuz", "casper/initrd.gz", NULL },
	{ "casper/vmlinuz", "casper/initrd.lz", NULL },
	/* Fedora, RHEL, Rocky, Alma */
	{ "images/pxeboot/vmlinuz", "images/pxeboot/initrd.img", NULL },
	/* SUSE */
	{ "boot/x86_64/loader/linux", "boot/x86_64/loader/initrd", "x86_64" },
	/* Arch, Alpine */
	{ "arch/boot/x86_64/vmlinuz-linux", "arch/boot/x86_64/initramfs-linux.img",
	  "x86_64" },
	{ "boot/vmlinuz-lts", "boot/initramfs-lts", NULL },
	{ "boot/vmlinuz-virt", "boot/initramfs-virt", NULL },
	/* a folder with just these */
	{ "vmlinuz", "initrd.img", NULL },
	{ "vmlinuz", "initrd.gz", NULL },
	{ "vmlinuz", "initrd", NULL },
	{ "linux", "initrd.gz", NULL },
	{ "linux", "initrd.img", NULL },
	{ "linux", "initrd", NULL },
	{ "vmlinuz", "initramfs.img", NULL },
};

bool recipe_is_kernel(const uint8_t *head, size_t len, const char **arch)
{
	if (len >= 0x206 && memcmp(head + 0x202, "HdrS", 4) == 0) {
		*arch = "x86_64";
		return true;
	}
	if (len >= 0x40 && memcmp(head + 0x38, "ARM\x64", 4) == 0) {
		*arch = "aarch64";
		return true;
	}
	return false;
}

/* The first word that begins with a digit, if it could be a version. */
static void take_version(const char *text, char out[static JOB_NAME])
{
	char word[JOB_NAME];
	size_t len;

	while (*text) {
		text += strspn(text, " \t\r\n=\"");
		len = strcspn(text, " \t\r\n=\"");
		if (isdigit((unsigned char)*text) && len < sizeof(word)) {
			memcpy(word, text, len);
			word[len] = '\0';
			if (image_name_ok(word)) {
				memcpy(out, word, len + 1);
				return;
			}
		}
		text += len;
	}
}

/* What a disc says of itself, in one line. */
static bool read_note(const struct source *s, const char *path, char *out, size_t size,
		      char why[static CATALOGUE_WHY])
{
	const struct source_entry *e = source_find(s, path);
	ssize_t n = e ? source_peek(s, e, 0, out, size - 1, why) : 0;

	if (n < 0)
		return false;
	out[n] = '\0';
	return true;
}

static void put_comment(struct image *image, const char *text)
{
	size_t len = 0;

	for (; *text && *text != '\n' && len + 1 < sizeof(image->comment); text++)
		if ((unsigned char)*text >= 0x20 && *text != 0x7f)
			image->comment[len++] = *text;
	image->comment[len] = '\0';
}

static bool say_what_it_is(struct image *image, const struct source *s,
			   char why[static CATALOGUE_WHY])
{
	char note[1024];
	const char *version;

	put_comment(image, s->label);
	if (!read_note(s, ".disk/info", note, sizeof(note), why))
		return false;
	if (*note) {
		put_comment(image, note);
		take_version(image->comment, image->version);
		return true;
	}
	if (!read_note(s, ".treeinfo", note, sizeof(note), why))
		return false;
	version = strstr(note, "\nversion =");
	if (version)
		take_version(version + 10, image->version);
	return true;
}

static bool say_arch(struct recipe *r, const struct source *s,
		     const struct source_entry *kernel, const char *arch,
		     char why[static CATALOGUE_WHY])
{
	uint8_t head[1024];
	ssize_t n = source_peek(s, kernel, 0, head, sizeof(head), why);
	const char *seen;

	if (n < 0)
		return false;
	if (!recipe_is_kernel(head, (size_t)n, &seen))
		return catalogue_refuse(
			why, "%s: %s: is no kernel of Linux that iPXE could start",
			s->path, kernel->path);
	snprintf(r->image.arch, sizeof(r->image.arch), "%s", arch ? arch : seen);
	return true;
}

static const char *initrd_name(const char *path)
{
	size_t len = strlen(path);

	return len > 3 && strcmp(path + len - 3, ".gz") == 0 ? "initrd.gz" : "initrd.img";
}

/* The disc itself is what the installer fetches its packages or its system from. */
static bool add_disc(struct recipe *r, const struct source *s,
		     char why[static CATALOGUE_WHY])
{
	return s->kind == SOURCE_FOLDER || recipe_add(r, s, NULL, "image.iso", why);
}

bool recipe_linux(struct recipe *r, const struct source *s, bool *taken,
		  char why[static CATALOGUE_WHY])
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		const struct source_entry *kernel = source_find(s, layouts[i].kernel);
		const struct source_entry *initrd = source_find(s, layouts[i].initrd);

		if (!kernel || !initrd)
			continue;
		*taken = true;
		r->image.kind = IMAGE_LINUX;
		return say_arch(r, s, kernel, layouts[i].arch, why) &&
		       say_what_it_is(&r->image, s, why) &&
		       recipe_add(r, s, kernel, "vmlinuz", why) &&
		       recipe_add(r, s, initrd, initrd_name(layouts[i].initrd), why) &&
		       add_disc(r, s, why);
	}
	*taken = false;
	return true;
}
