/*
 * driver_match - which packages drive a device, ranked as Windows does.
 *
 * A rank is 0xSSFFTPPP: signed (00) or not (80), the feature score of the install
 * section, and how the identifiers met: T is 0 for a hardware id of both, 1 for the
 * device's hardware id among the INF's compatible ids, 2 and 3 the same for the
 * device's compatible ids; P is their places in the lists.  Less is better; then
 * the folder of the target's OS, and the newer DriverVer.
 *
 * Errors  false without memory.
 * Memory  the caller frees *out; what it points to is the set's.
 * Source  windows-driver-docs, install/how-setup-ranks-drivers.
 */
#pragma once

#include "lib/media/driver.h"

#define DRIVER_IDS 32 /* of one device */

/* What a device says it is, the most specific first. */
struct driver_device {
	const char *hardware[DRIVER_IDS];
	size_t hardwares;
	const char *compatible[DRIVER_IDS];
	size_t compatibles;
};

struct driver_match {
	const struct driver_package *package;
	const struct driver_section *section;
	const struct driver_model *model;
	const char *id; /* the one that met */
	uint32_t rank;
};

/* The best match of each package, the best first. */
bool driver_match(const struct driver_set *set, const struct driver_device *device,
		  const struct driver_target *target, struct driver_match **out,
		  size_t *count);

/*
 * Those that name one of the device's ids with more behind it, as
 * PCI\VEN_1AF4&DEV_1048&SUBSYS_11001AF4 does: they fit only if the device says that, too.
 */
bool driver_match_narrower(const struct driver_set *set,
			   const struct driver_device *device,
			   const struct driver_target *target, struct driver_match **out,
			   size_t *count);

/*
 * The shorter ids that Windows makes of a long PCI or USB id, which are hardware ids as
 * well: PCI\VEN&DEV&SUBSYS&REV, then VEN&DEV&SUBSYS, VEN&DEV&REV, VEN&DEV.  Each is
 * at most as long as id; how many, at most 4.
 */
size_t driver_shorter(const char *id, char *out[4]);
