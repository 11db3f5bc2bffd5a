/*
 * loaders - the registry of first files: the folder that tftpd-lite serves, with a
 * MANIFEST that sha256sum -c reads.
 *
 * Errors  what cannot be read or written ends the program with a message, but for
 *         what a function says of itself.
 * Memory  loaders_close() frees all.
 */
#pragma once

#include <limits.h>

#include "lib/media/loader.h"
#include "tools/imgctl/imgctl.h"

struct loaders {
	const char *folder; /* tftp of the configuration */
	int lock;           /* -1: only read */
	struct image registry;
};

/* change: the folder is made if need be, and other changes wait. */
struct loaders loaders_open(struct imgctl *ctl, bool change);
void loaders_close(struct loaders *l);

/* NULL if name is not registered. */
const struct image_file *loaders_find(const struct loaders *l, const char *name);

/* False if there is no such file in the folder. */
bool loaders_read(const struct loaders *l, const char *name, struct loader *out);

/* A file from anywhere; free() the octets. */
void *loaders_file(const char *path, size_t *len);

/* Writes the file and its place in the registry; what is the same is left alone. */
bool loaders_put(struct loaders *l, const char *name, const void *octets, size_t len);
void loaders_drop(struct loaders *l, const char *name);

/* ---- what the routes want (loader_want.c) ---- */

struct want {
	enum boot_route route;
	unsigned arch;      /* 0, 7 or 11 of DHCP option 93 */
	const char *file;   /* below the folder */
	const char *source; /* where Debian's packages have it, or NULL */
	bool second;        /* the first file fetches it */
	bool secure;        /* firmware with Secure Boot is to start it */
	bool used;          /* a network, platform or machine takes that route */
};

#define WANTS_MAX 64
size_t wants(const struct conf *conf, struct want out[static WANTS_MAX]);

const char *want_firmware(unsigned arch); /* "BIOS", ... */

/* Whether the loader is for the firmware of that want. */
bool want_suits(const struct want *want, const struct loader *loader);

/* Where a file that somebody has belongs, by its name and what it is. */
void want_place(const struct conf *conf, const char *path, const struct loader *loader,
		char out[static 256]);

/* ---- the actions ---- */

int loader_add(struct imgctl *ctl, int count, char *files[], const char *name,
	       bool dry_run);
int loader_rm(struct imgctl *ctl, int count, char *names[], bool force, bool dry_run);
int loader_check(struct imgctl *ctl, int count, char *routes[]);
