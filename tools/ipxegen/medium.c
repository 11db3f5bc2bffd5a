#include "config.h"

#include "tools/ipxegen/medium.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/file.h"
#include "tools/ipxegen/medium_build.h"

#define PART_MAX (3u << 20) /* the whole is to stay below 5 MiB */
#define IPXE NULL           /* a file of iPXE's */

/* In the order of struct medium_parts. */
static const struct origin {
	const char *name, *folder, *package;
	bool uefi;
} origins[MEDIUM_PARTS] = {
	[MEDIUM_ISOLINUX] = { "isolinux.bin", "/usr/lib/ISOLINUX", "isolinux", false },
	[MEDIUM_MBR] = { "isohdpfx.bin", "/usr/lib/ISOLINUX", "isolinux", false },
	[MEDIUM_LDLINUX] = { "ldlinux.c32", "/usr/lib/syslinux/modules/bios",
			     "syslinux-common", false },
	[MEDIUM_LKRN] = { "ipxe.lkrn", IPXE, "ipxe", false },
	[MEDIUM_EFI] = { "ipxe.efi", IPXE, "ipxe", true },
};

static bool read_part(struct medium_part *part, const char *folder, const char *name)
{
	int len = snprintf(part->from, sizeof(part->from), "%s/%s", folder, name);

	if (len < 0 || (size_t)len >= sizeof(part->from)) {
		errno = ENAMETOOLONG;
		return false;
	}
	part->octets = file_read(part->from, PART_MAX, &part->len);
	part->name = name;
	return part->octets != NULL;
}

/* What the site's loaders are goes before what Debian's are. */
static bool read_ipxe(struct medium_part *part, const struct conf *conf,
		      const char *folder, const char *name)
{
	if (folder)
		return read_part(part, folder, name);
	if (conf->tftp && *conf->tftp && read_part(part, conf->tftp, name))
		return true;
	return read_part(part, "/usr/lib/ipxe", name);
}

static bool has(const struct medium_part *part, const char *word)
{
	return part->octets && memmem(part->octets, part->len, word, strlen(word));
}

bool medium_find(struct medium_parts *parts, const struct conf *conf, const char *folder,
		 char why[static MEDIUM_WHY])
{
	for (size_t i = 0; i < MEDIUM_PARTS; i++) {
		const struct origin *from = &origins[i];
		struct medium_part *part = &parts->part[i];
		bool found;

		if (!from->name || !(from->uefi ? parts->uefi : parts->bios))
			continue;
		found = from->folder ? read_part(part, from->folder, from->name)
				     : read_ipxe(part, conf, folder, from->name);
		if (found && part->len > 0)
			continue;
		snprintf(why, MEDIUM_WHY, "%.900s: %s (of Debian's package %s)",
			 part->from, found ? "is empty" : strerror(errno), from->package);
		return false;
	}
	parts->runs_scripts = has(&parts->part[MEDIUM_EFI], "autoexec.ipxe");
	return true;
}

/*
 * Each line is another, so that the rooms are found again, and nothing else is taken
 * for one.
 */
void medium_fill_room(char room[static MEDIUM_SCRIPT])
{
	char line[64];
	size_t at = (size_t)snprintf(room, MEDIUM_SCRIPT, "#!ipxe\n");

	while (at < MEDIUM_SCRIPT) {
		size_t n = MEDIUM_SCRIPT - at < 32 ? MEDIUM_SCRIPT - at : 32;

		snprintf(line, sizeof(line), "#pxekit: room for a script %4zu\n",
			 at / 32 % 10000);
		memcpy(room + at, line, n);
		at += n;
	}
}

bool medium_find_rooms(struct medium *medium, size_t wanted, char why[static MEDIUM_WHY])
{
	char room[MEDIUM_SCRIPT];
	const char *p = medium->octets, *end = p + medium->len;

	medium_fill_room(room);
	medium->rooms = 0;
	while (medium->rooms < wanted &&
	       (p = memmem(p, (size_t)(end - p), room, sizeof(room)))) {
		medium->room[medium->rooms++] = (size_t)(p - medium->octets);
		p += sizeof(room);
	}
	if (medium->rooms == wanted)
		return true;
	snprintf(why, MEDIUM_WHY, "xorriso: the script is not where it was put");
	return false;
}

/* iPXE passes empty lines over. */
bool medium_write(struct medium *medium, const char *script, size_t len, const char *path,
		  char why[static MEDIUM_WHY])
{
	if (len > MEDIUM_SCRIPT) {
		snprintf(why, MEDIUM_WHY,
			 "medium.ipxe: comes to %zu octets, and a medium has room for %d",
			 len, MEDIUM_SCRIPT);
		return false;
	}
	for (size_t i = 0; i < medium->rooms; i++) {
		char *room = medium->octets + medium->room[i];

		memcpy(room, script, len);
		memset(room + len, '\n', MEDIUM_SCRIPT - len);
	}
	if (file_replace(path, medium->octets, medium->len, 0644) == 0)
		return true;
	snprintf(why, MEDIUM_WHY, "%.900s: %s", path, strerror(errno));
	return false;
}

void medium_free(struct medium *medium, struct medium_parts *parts)
{
	for (size_t i = 0; i < MEDIUM_PARTS; i++)
		free(parts->part[i].octets);
	free(medium->octets);
}
