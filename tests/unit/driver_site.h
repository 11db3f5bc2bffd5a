/*
 * driver_site - a folder of driver packages that the tests of lib/media/driver make.
 *
 * Errors  what cannot be made or is not as it should be fails the test.
 */
#pragma once

#include "lib/media/driver.h"
#include "tests/test.h"

extern char base[]; /* the folder; paths below are in it */

#define HEAD                                                                             \
	"[Version]\nSignature=\"$Windows NT$\"\nClass=Net\nDriverVer=01/02/2025,1.0\n"   \
	"CatalogFile=a.cat\n"

static const struct driver_target server2025 = { 26100, DRIVER_AMD64, DRIVER_SERVER };

/* Group fixtures: the folder comes and goes. */
int driver_site_begin(void **state);
int driver_site_end(void **state);

/* A file with its folders; what it must hold. */
void put(const char *path, const char *text);
void holds(const char *path, const char *text);

/* An INF for amd64 from a build on, with one id and two files, one in a folder. */
void put_package(const char *folder, const char *name, const char *id, unsigned build,
		 const char *version);

/* The folder disc, laid out as that of virtio-win: disk and NetKVM, for some systems. */
void put_disc(void);

struct driver_set *open_one(const char *path);
