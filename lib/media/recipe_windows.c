/* Windows: discs, folders, WIM, ESD and SWM files. */
#include "config.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/recipe_parts.h"
#include "lib/media/wimxml.h"

#define PARTS_MAX 100 /* of a set of SWM files */

static bool read_header(const struct source *s, const struct source_entry *entry,
			struct wimxml_header *out, char why[static CATALOGUE_WHY])
{
	uint8_t head[WIMXML_HEADER];
	const char *reason;
	ssize_t n = source_peek(s, entry, 0, head, sizeof(head), why);

	if (n < 0)
		return false;
	if (n < WIMXML_HEADER)
		return catalogue_refuse(why, "%s: %s: is too short for a WIM", s->path,
					entry->path);
	if (!wimxml_header(head, out, &reason))
		return catalogue_refuse(why, "%s: %s: %s", s->path, entry->path, reason);
	if (out->ends > entry->size)
		return catalogue_refuse(
			why, "%s: %s: is truncated: it has %lld octets and says %lld",
			s->path, entry->path, (long long)entry->size,
			(long long)out->ends);
	return true;
}

static bool read_editions(struct image *image, const struct source *s,
			  const struct source_entry *entry, const struct wimxml_header *h,
			  int *service, char why[static CATALOGUE_WHY])
{
	uint8_t *xml = NULL;
	const char *reason = NULL;
	bool good;

	if (h->xml_len > WIMXML_LARGEST)
		return catalogue_refuse(why, "%s: %s: its XML is too long", s->path,
					entry->path);
	xml = malloc((size_t)h->xml_len + 1);
	if (!xml)
		return catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
	good = source_peek(s, entry, h->xml_at, xml, (size_t)h->xml_len, why) ==
	       (ssize_t)h->xml_len;
	if (!good)
		catalogue_refuse(why, "%s: %s: its XML cannot be read", s->path,
				 entry->path);
	else if (!wimxml_editions(xml, (size_t)h->xml_len, image, service, &reason))
		good = catalogue_refuse(why, "%s: %s: %s", s->path, entry->path, reason);
	else if (image->editions != h->images)
		good = catalogue_refuse(why, "%s: %s: has %u images, and %zu in its XML",
					s->path, entry->path, h->images, image->editions);
	free(xml);
	return good;
}

/* Windows counts processors in its way, Linux and manifests in another. */
static const char *processor(const char *arch)
{
	return strcmp(arch, "amd64") == 0   ? "x86_64"
	       : strcmp(arch, "x86") == 0   ? "i386"
	       : strcmp(arch, "arm64") == 0 ? "aarch64"
					    : arch;
}

bool recipe_wim_facts(struct image *image, const struct source *s,
		      const struct source_entry *entry, char why[static CATALOGUE_WHY])
{
	const struct image_edition *e;
	struct wimxml_header h = { 0 };
	int service = 0;

	if (!read_header(s, entry, &h, why) ||
	    !read_editions(image, s, entry, &h, &service, why))
		return false;
	if (!image->editions)
		return true;
	e = image->edition;
	snprintf(image->arch, sizeof(image->arch), "%s", processor(e->arch));
	if (!*image->version && e->build)
		snprintf(image->version, sizeof(image->version), service ? "%d.%d" : "%d",
			 e->build, service);
	snprintf(image->comment, sizeof(image->comment), "%s%s", e->name,
		 image->editions > 1 ? " and others" : "");
	return true;
}

/* Room for the largest edition, for updates and the pagefile. */
static void say_min_disk(struct image *image)
{
	int64_t largest = 0;

	for (size_t i = 0; i < image->editions; i++)
		if (image->edition[i].size > largest)
			largest = image->edition[i].size;
	if (largest && largest < INT64_MAX / 4)
		image->min_disk = largest * 2 + ((int64_t)4 << 30);
}

/* install.swm, install2.swm ...: all of them. */
static bool add_swm(struct recipe *r, const struct source *s, bool *added,
		    char why[static CATALOGUE_WHY])
{
	const struct source_entry *first = source_find(s, "sources/install.swm");
	struct wimxml_header h = { 0 };
	char path[64];
	bool found = true;

	if (!first)
		return true;
	if (!read_header(s, first, &h, why) ||
	    !recipe_add(r, s, first, "install.swm", why))
		return false;
	if (h.part != 1 || h.parts > PARTS_MAX)
		return catalogue_refuse(why,
					"%s: %s: is part %u of %u, and %d are the most",
					s->path, first->path, h.part, h.parts, PARTS_MAX);
	for (unsigned i = 2; i <= h.parts; i++) {
		snprintf(path, sizeof(path), "sources/install%u.swm", i);
		if (!recipe_add_found(r, s, path, strchr(path, '/') + 1, &found, why))
			return false;
		if (!found)
			return catalogue_refuse(why, "%s: has no %s, part %u of %u",
						s->path, path, i, h.parts);
		found = false;
	}
	*added = true;
	return recipe_wim_facts(&r->image, s, first, why);
}

/* Files that wimboot can do without on today's media, and needs on old ones. */
static bool add_boot_files(struct recipe *r, const struct source *s,
			   char why[static CATALOGUE_WHY])
{
	static const char *const paths[] = {
		"bootmgr",
		"bootmgr.efi",
		"boot/bcd",
		"boot/boot.sdi",
		"efi/boot/bootx64.efi",
		"efi/boot/bootaa64.efi",
		"efi/boot/bootia32.efi",
		"efi/microsoft/boot/bcd",
	};
	bool found;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!recipe_add_found(r, s, paths[i], paths[i], &found, why))
			return false;
	return true;
}

static bool add_install(struct recipe *r, const struct source *s, bool *added,
			char why[static CATALOGUE_WHY])
{
	static const char *const names[] = { "install.wim", "install.esd" };
	char path[64];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "sources/%s", names[i]);
		if (!source_find(s, path))
			continue;
		*added = true;
		return recipe_add(r, s, source_find(s, path), names[i], why) &&
		       recipe_wim_facts(&r->image, s, source_find(s, path), why);
	}
	return add_swm(r, s, added, why);
}

bool recipe_windows(struct recipe *r, const struct source *s, bool *taken,
		    char why[static CATALOGUE_WHY])
{
	const struct source_entry *boot = source_find(s, "sources/boot.wim");
	struct wimxml_header h = { 0 };
	bool install = false;

	*taken = boot || source_find(s, "sources/install.wim") ||
		 source_find(s, "sources/install.esd") ||
		 source_find(s, "sources/install.swm");
	if (!*taken)
		return true;
	r->image.kind = IMAGE_WIM;
	if (boot &&
	    (!read_header(s, boot, &h, why) || !recipe_add(r, s, boot, "boot.wim", why)))
		return false;
	if (!add_install(r, s, &install, why) || !add_boot_files(r, s, why))
		return false;
	if (install)
		say_min_disk(&r->image);
	else if (boot && !recipe_wim_facts(&r->image, s, boot, why))
		return false;
	return true;
}

/* ---- single files ---- */

/* NAME.swm, NAME2.swm ... in the folder of the first. */
static bool part_path(const char *first, unsigned part, char *out, size_t size)
{
	size_t len = strlen(first);

	return len > 4 && strcasecmp(first + len - 4, ".swm") == 0 &&
	       snprintf(out, size, "%.*s%u%s", (int)(len - 4), first, part,
			first + len - 4) < (int)size;
}

static bool add_parts(struct recipe *r, const struct source *first,
		      const struct wimxml_header *h, char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX], name[32];
	struct wimxml_header part = { 0 };
	const struct source *s;

	for (unsigned i = 2; i <= h->parts; i++) {
		if (i > PARTS_MAX || !part_path(first->path, i, path, sizeof(path)))
			return catalogue_refuse(
				why,
				"%s: is part 1 of %u, and its name does not end in "
				".swm",
				first->path, h->parts);
		s = recipe_open(r, path, why);
		if (!s || !read_header(s, s->entry, &part, why))
			return false;
		if (memcmp(part.guid, h->guid, sizeof(part.guid)) != 0 || part.part != i)
			return catalogue_refuse(why, "%s: is not part %u of %s", path, i,
						first->path);
		snprintf(name, sizeof(name), "install%u.swm", i);
		if (!recipe_add(r, s, s->entry, name, why))
			return false;
	}
	return true;
}

/* A WinPE has nothing to install, but can be booted. */
static bool is_boot_wim(const struct image *image, const struct wimxml_header *h)
{
	for (size_t i = 0; i < image->editions; i++)
		if (strcmp(image->edition[i].type, "WindowsPE") != 0)
			return false;
	return image->editions && h->boot_index && !h->solid;
}

bool recipe_wim(struct recipe *r, const struct source *s, char why[static CATALOGUE_WHY])
{
	struct wimxml_header h = { 0 };
	const char *name;

	r->image.kind = IMAGE_WIM;
	if (!read_header(s, s->entry, &h, why))
		return false;
	if (h.part != 1)
		return catalogue_refuse(why, "%s: is part %u of %u: name part 1", s->path,
					h.part, h.parts);
	if (!recipe_wim_facts(&r->image, s, s->entry, why))
		return false;
	name = h.parts > 1                  ? "install.swm"
	       : is_boot_wim(&r->image, &h) ? "boot.wim"
	       : h.solid                    ? "install.esd"
					    : "install.wim";
	if (strcmp(name, "boot.wim") != 0)
		say_min_disk(&r->image);
	return recipe_add(r, s, s->entry, name, why) && add_parts(r, s, &h, why);
}
