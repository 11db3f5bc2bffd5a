/*
 * isofiles_disc - the parts of isofiles that read disc images: ISO 9660 by
 * libarchive, UDF by libudfread.
 */
#pragma once

#include <time.h>

#include "lib/media/isofiles.h"

/* One reading: who wants what, and who gets it. */
struct isofiles_reading {
	const struct isofiles *files;
	const bool *wanted;
	isofiles_take *take;
	void *arg;
	char *why;
};

bool isofiles_list_disc(struct isofiles *files, char why[static ISOFILES_WHY]);
bool isofiles_read_disc(const struct isofiles_reading *r);

bool isofiles_list_udf(struct isofiles *files, char why[static ISOFILES_WHY]);
bool isofiles_read_udf(const struct isofiles_reading *r);

/* Takes path and link over, whatever comes of it. */
bool isofiles_add(struct isofiles *files, char *path, char *link, int64_t size,
		  int64_t mtime_ns, char why[static ISOFILES_WHY]);
bool isofiles_refuse(char why[static ISOFILES_WHY], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int64_t isofiles_ns(const struct timespec *t);
