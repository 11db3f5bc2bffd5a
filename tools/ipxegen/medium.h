/*
 * medium - a small disc that starts iPXE with a script: by a BIOS, by UEFI, or both; on
 * a CD, as virtual media, or written to a stick.
 *
 * It is built once, by mtools and xorriso, with a room of MEDIUM_SCRIPT octets for the
 * script wherever one is; each script then only goes into these rooms.  The same files
 * and the same script give the same octets.
 *
 * Units   octets.
 * Errors  false and one sentence in why.
 * Memory  medium_free() frees both.
 * Source  El Torito 1.0; isolinux starts ipxe.lkrn with the script as its initrd; an
 *         ipxe.efi of our days looks for autoexec.ipxe on the volume that it came from.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/sys/child.h"
#include "lib/sys/conf.h"

#define MEDIUM_WHY 1024
#define MEDIUM_SCRIPT 8192
#define MEDIUM_PARTS 5

/* What of other packages is on it. */
struct medium_parts {
	bool bios, uefi;
	struct medium_part {
		const char *name; /* on the medium; NULL: this firmware is not wanted */
		char from[PATH_MAX];
		char *octets;
		size_t len;
	} part[MEDIUM_PARTS];
	bool runs_scripts; /* under UEFI, too */
};

struct medium {
	char *octets;
	size_t len;
	size_t room[2], rooms;
};

/*
 * Reads the parts: iPXE from folder or, if that is NULL, from where conf says that
 * loaders are, else from Debian's package.
 */
bool medium_find(struct medium_parts *parts, const struct conf *conf, const char *folder,
		 char why[static MEDIUM_WHY]);

bool medium_build(struct medium *medium, const struct medium_parts *parts,
		  const struct child_guard *guard, char why[static MEDIUM_WHY]);

/* Replaces the file by a medium that runs this script. */
bool medium_write(struct medium *medium, const char *script, size_t len, const char *path,
		  char why[static MEDIUM_WHY]);

void medium_free(struct medium *medium, struct medium_parts *parts);
