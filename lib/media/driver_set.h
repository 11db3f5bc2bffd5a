/*
 * driver_set - what a struct driver_set is, for those who choose and extract.
 */
#pragma once

#include "lib/media/driver.h"
#include "lib/media/isofiles.h"

struct driver_set {
	struct driver_from {
		char *path;
		struct isofiles *files;
	} * source;
	size_t sources;
	struct driver_package *package;
	struct driver_held {
		char *record;
		void *memory;
	} * held; /* what each package's texts and arrays lie in */
	size_t count;
};

/* Writes one sentence into why; false, for return. */
bool driver_refuse(char why[static DRIVER_WHY], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Which of two packages suits a target better: below 0 for a, above for b. */
int driver_better(const struct driver_package *a, const struct driver_package *b,
		  const struct driver_target *target);

/* Below 0 if a is the newer by DriverVer. */
int driver_newer(const struct driver_package *a, const struct driver_package *b);

/* The last part of a path. */
const char *driver_base(const char *path);

/* Says what the package is for, and that the target is another; false. */
bool driver_refuse_target(const struct driver_set *set,
			  const struct driver_package *package,
			  const struct driver_target *target,
			  char why[static DRIVER_WHY]);

/* Frees what driver_take() made. */
void driver_forget(struct driver_chosen *chosen);
