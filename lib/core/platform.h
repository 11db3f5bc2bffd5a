/*
 * platform - what a machine is made of: the drivers it wants, its firmware, its disks.
 *
 * The one table of it: wimprep takes the drivers of a platform, jobctl add says what
 * cannot go together, and pxekit.conf may refine or add platforms by name.
 *
 * Memory  all is constant.
 * Source  INF names of virtio-win and of VMware Tools; Hyper-V's documents.
 */
#pragma once

#include <stdbool.h>

#include "lib/core/image.h"
#include "lib/core/route.h"
#include "lib/core/setting.h"

enum platform_firmware {
	PLATFORM_EITHER,
	PLATFORM_UEFI,
	PLATFORM_BIOS,
};

struct platform {
	const char *name;
	enum platform_firmware firmware; /* and so GPT or MBR */
	const char *buses;               /* of its disks, as in a disk rule */
	const char *loader;              /* of the route ipxe */
	struct platform_driver {
		const char *name; /* of its INF; NULL at the end */
		const char *bus;  /* it is wanted for disks of this bus; "": network */
	} driver[4];
	bool inbox; /* without them there are devices Windows has drivers for */
};

extern const struct platform platforms[];
extern const unsigned platform_count;

const struct platform *platform_find(const char *name);

/* What is to go together.  edition may be NULL. */
struct platform_case {
	const struct platform *platform;
	const struct image *image;
	const struct image_edition *edition;
	const struct settings *settings;
	const char *disk; /* the rule */
	enum boot_route route;
};

#define PLATFORM_WHY 400

/* False, and one sentence in why, for what can never work. */
bool platform_possible(const struct platform_case *c, char why[static PLATFORM_WHY]);

/* Says one sentence for each thing that will most likely fail. */
void platform_warn(const struct platform_case *c,
		   void (*say)(void *arg, const char *sentence), void *arg);
