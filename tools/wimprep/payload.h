/*
 * payload - what a build puts into a boot.wim, gathered in a folder; and its marker.
 *
 * The marker, /pxekit/wimprep.txt, is what sha1sum -c reads at the root of the image,
 * with what else is worth knowing in comments.  It says no time and no path of this
 * machine, so that equal inputs make equal markers.
 *
 *	# wimprep: 1
 *	# source: 1 HASH		of the list of files of image 1 of the original
 *	# image: 2 build 26100 amd64 2k25
 *	# driver: vioscsi SCSIAdapter 100.101.104.28500 drivers/vioscsi/vioscsi.inf
 *	# curl: install.wim
 *	HASH  Windows/System32/startnet.cmd
 *
 * Errors  what fails ends the program with its reason; warnings go to standard error.
 * Memory  payload_free() frees what payload_make() made.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/media/driver.h"
#include "lib/media/wim.h"
#include "lib/sys/conf.h"

#define PAYLOAD_MARKER "/pxekit/wimprep.txt"
#define PAYLOAD_NAMES 64
#define PAYLOAD_MARKER_LARGEST (1 << 20)

struct payload_wish {
	const char *shown;         /* the WIM, for messages */
	const char *const *source; /* ISOs and folders of drivers */
	size_t sources;
	const char *const *driver; /* names; none: those of the platform, or all */
	size_t drivers;
	const char *platform;    /* NULL: kvm's where a source has them, else all */
	const char *install;     /* install.wim, or "" */
	const char *curl;        /* a curl.exe, or NULL */
	const struct conf *conf; /* where templates are */
};

struct payload {
	char tree[PATH_MAX]; /* as in the image */
	char *marker;
	size_t marker_len;
	unsigned long long octets;
	size_t drivers;
	char summary[512]; /* for people */
};

/* True if there is such a platform; its drivers by name, NULL at the end. */
#define PAYLOAD_DRIVERS 5
bool payload_platform(const char *name, const char *drivers[static PAYLOAD_DRIVERS]);

/* stage is a folder that does not exist yet. */
void payload_make(struct payload *p, const struct payload_wish *wish, struct wim *wim,
		  unsigned image, const struct driver_target *target, const char *stage);
void payload_free(struct payload *p);

/* Into the image, in memory. */
void payload_inject(const struct payload *p, const char *shown, struct wim *wim,
		    unsigned image);

/* True if that image has been given exactly this. */
bool payload_is_in(const struct payload *p, struct wim *wim, unsigned image,
		   const char *scratch);

/* True if a line of the marker is a comment, or the image has that file. */
bool payload_line_holds(struct wim *wim, unsigned image, const char *line);

/* Where the template of that name is: the site's own or the shipped one. */
void payload_template_path(const struct conf *conf, const char *name,
			   char path[static PATH_MAX]);
