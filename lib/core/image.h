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
 * An image of kind linux may say which installer it starts, and so what answers it reads:
 *
 *	# answers: preseed
 *
 * Files may lie in folders below.  An image of kind wim says what may be installed, one
 * line for each image inside install.wim; the name is the rest of the line, and what is
 * not known is "-" (0 for the build):
 *
 *	# edition: INDEX BUILD ARCH TYPE EDITIONID LANGUAGE OCTETS NAME
 *	# edition: 2 26100 amd64 Server ServerStandard en-US 15687402119 Windows Server
 *...
 *	# wim-name: 2 Windows Server 2025 SERVERSTANDARD
 *	# driver: vioscsi 100.101.104.28500 9f86d081...
 *
 * Units   octets.
 * Errors  false, *line is the number of the bad line and *why a constant text.
 * Memory  image_parse() allocates files and editions; image_free() frees them.
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

/* What reads the answers of a job in an image of kind linux. */
enum image_answers {
	IMAGE_UNANSWERED,  /* nothing */
	IMAGE_PRESEED,     /* Debian's installer */
	IMAGE_AUTOINSTALL, /* Ubuntu's */
	IMAGE_KICKSTART,   /* that of Fedora, RHEL, Rocky and Alma */
	IMAGE_CLOUD_INIT,  /* cloud-init, in a system that needs no installation */
	IMAGE_ANSWERS,
};

struct image_file {
	char name[256];
	char sha256[IMAGE_SHA256];
	int64_t size; /* -1 if not said */
};

/* One of the systems inside a WIM. */
struct image_edition {
	int index, build;
	char arch[16];      /* amd64, x86, arm64 */
	char type[32];      /* Client, Server, ServerCore, WindowsPE */
	char id[64];        /* ServerStandard, Professional ... */
	char language[32];  /* en-US */
	int64_t size;       /* of its files, unpacked */
	char name[128];     /* as people read it: Windows Server 2025 Standard */
	char wim_name[128]; /* as the WIM and DISM call it; "" if that is not known */
};

struct image {
	char name[JOB_NAME], version[JOB_NAME], arch[JOB_NAME], comment[256];
	enum image_kind kind;
	enum image_answers answers;
	int64_t min_disk; /* 0 if not said */
	struct image_file *file;
	size_t files;
	struct image_edition *edition;
	size_t editions;
	/* Of its boot.wim: "NAME VERSION SHA256" in lines, the sum of a package being
	 * that of its lines in the marker (tools/wimprep/payload.h), or missing; "" if
	 * not said. */
	char drivers[4096];
};

bool image_parse(const char *text, size_t len, struct image *out, size_t *line,
		 const char **why);
void image_free(struct image *image);

/* The manifest's text with a NUL behind it, to be freed by free(); NULL without memory.
 */
char *image_print(const struct image *image);

/* Appends a file or an edition; false without memory, or if there are too many. */
bool image_add_file(struct image *image, const struct image_file *file);
bool image_add_edition(struct image *image, const struct image_edition *edition);

/* "INDEX BUILD ... NAME"; false if it is none. */
bool image_edition_read(const char *text, struct image_edition *out);

/* "INDEX NAME" of an edition that is there; false if it is none. */
bool image_wim_name_read(const char *text, struct image *image);

#define IMAGE_WHY 512

/*
 * The edition that is meant by its index, its name, the end of its name
 * ("Standard (Desktop Experience)"), its id or a part of its name, in either
 * case.  NULL, and one sentence with the candidates in why, if there is none or
 * more than one.
 */
const struct image_edition *image_edition_find(const struct image *image,
					       const char *text,
					       char why[static IMAGE_WHY]);

/* By the name of its INF or folder, in either case. */
bool image_has_driver(const struct image *image, const char *name);

const char *image_kind_name(enum image_kind kind);

/* "" for IMAGE_UNANSWERED; what is none is false. */
const char *image_answers_name(enum image_answers answers);
bool image_answers_read(const char *text, enum image_answers *out);

/* The file that the machine writes to its disk, or NULL. */
const struct image_file *image_payload(const struct image *image);

/*
 * NAME or NAME@VERSION into its parts (version "" if not said).  Both are
 * letters, digits, '.', '_', '+', '-' and begin with a letter or digit.
 */
bool image_reference(const char *text, char name[static JOB_NAME],
		     char version[static JOB_NAME]);
bool image_name_ok(const char *name);

/* A file's name inside an image's folder: relative, it stays inside, no dot segments. */
bool image_file_name_ok(const char *name);
