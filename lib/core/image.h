/*
 * image - the manifest of one image version, in memory.
 *
 * A manifest is what sha256sum -c reads, with what else we know in comments:
 *
 *	# pxekit-image: 1
 *	# name: debian12
 *	# version: 1.0.0
 *	# kind: rootfs
 *	# arch: x86_64
 *	# min-disk: 1073741824
 *	# size: 91234567 rootfs.tar.zst
 *	5d41402a...  rootfs.tar.zst
 *
 * Units   octets.
 * Errors  false, *line is the number of the bad line and *why a constant text.
 * Memory  image_parse() allocates files; image_free() frees them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/job.h"

#define IMAGE_SHA256 65 /* 64 hex digits and a NUL */

enum image_kind {
	IMAGE_ROOTFS, /* a root file system in a tarball */
	IMAGE_LINUX,  /* kernel and initrd of an installer or a live system */
	IMAGE_WIM,    /* Windows: boot.wim, install.wim */
	IMAGE_EFI,    /* one EFI program */
	IMAGE_ISO,    /* one disc image */
	IMAGE_KINDS,
};

struct image_file {
	char name[256];
	char sha256[IMAGE_SHA256];
	int64_t size; /* -1 if not said */
};

struct image {
	char name[JOB_NAME], version[JOB_NAME], arch[JOB_NAME], comment[256];
	enum image_kind kind;
	int64_t min_disk; /* 0 if not said */
	struct image_file *file;
	size_t files;
};

bool image_parse(const char *text, size_t len, struct image *out, size_t *line,
		 const char **why);
void image_free(struct image *image);

const char *image_kind_name(enum image_kind kind);

/* The file that the machine writes to its disk, or NULL. */
const struct image_file *image_payload(const struct image *image);

/*
 * NAME or NAME@VERSION into its parts (version "" if not said).  Both are
 * letters, digits, '.', '_', '+', '-' and begin with a letter or digit.
 */
bool image_reference(const char *text, char name[static JOB_NAME],
		     char version[static JOB_NAME]);
bool image_name_ok(const char *name);
