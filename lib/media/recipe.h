/*
 * recipe - which files of some media make an image, and what is known of it.
 *
 * recipe_make() looks at what the user named and recognises: Windows media (a
 * disc or folder with sources/boot.wim), WIM, ESD and SWM files, installers and
 * live systems of Linux, kernel and initrd, tarballs of a root file system,
 * EFI programs, and discs that are none of these.
 *
 * Units   octets.
 * Errors  false, and one sentence in why.
 * Memory  recipe_free() frees all; entries belong to the sources.
 */
#pragma once

#include "lib/core/image.h"
#include "lib/media/source.h"

struct recipe_file {
	const struct source *from;
	const struct source_entry *entry;
	char name[256];            /* in the image */
	char expect[IMAGE_SHA256]; /* "" if nobody said what it must be */
};

struct recipe {
	struct source **source;
	size_t sources;
	struct image image; /* kind, arch, comment, editions, version as the media say */
	struct recipe_file *file;
	size_t files;
	const struct recipe_file *tarball; /* it is looked through while it is copied */
	bool any_tarball;                  /* also one that holds no system */
};

/* kind: IMAGE_KINDS for whatever it is. */
bool recipe_make(struct recipe *r, const char *const paths[], size_t count,
		 enum image_kind kind, char why[static CATALOGUE_WHY]);
void recipe_free(struct recipe *r);

/* Of all files, and what they take on the disk. */
int64_t recipe_octets(const struct recipe *r);
int64_t recipe_need(const struct recipe *r);

/*
 * The editions of a WIM, or of the install.wim (else boot.wim) on a disc or in
 * a folder, added to image; nothing is unpacked.
 */
bool recipe_editions(const char *path, struct image *image,
		     char why[static CATALOGUE_WHY]);
