/*
 * files - what may be served: regular files below one root, readable by all unless
 * told otherwise.
 *
 * A file that several clients fetch is opened and mapped once.  Its octets are
 * only ever touched by the kernel (sendmsg(2)), so a file that is cut short gives
 * EFAULT and no SIGBUS.
 *
 * Units   octets.
 * Errors  files_open() returns NULL and the code for the client.
 * Memory  files_open() and files_close() count users.  Without one a file stays mapped
 *         for a while, as the next client probably wants the same: to map it anew
 *         costs a page fault for each 64 KiB.
 * Source  openat2(2): no way leads out of the root, by links only if told so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>
#include <time.h>

#include "lib/wire/tftp.h"

struct file {
	LIST_ENTRY(file) same_bucket;
	dev_t dev;
	ino_t ino;
	struct timespec mtime;
	uint64_t size;
	int fd;
	unsigned users;
	struct files *home;
	TAILQ_ENTRY(file) in_unused;
	bool unused, old; /* old: files_age() has seen it without users */
	uint8_t *octets;  /* NULL if there are none */
	uint32_t *seen;   /* when each part was in memory, see reading */
	uint64_t part;    /* that is being read, if reading is true */
	bool reading;
};

#define FILES_BUCKETS 256
#define FILES_UNUSED 16 /* at most so many without a user */

enum files_links {
	FILES_LINKS_INSIDE, /* those that stay below the root */
	FILES_LINKS_NONE,
	FILES_LINKS_ANYWHERE,
};

struct files {
	enum files_links links;
	bool unpublic; /* also what is not readable by all */
	bool fold;     /* names in any case of letters, see lookup */
	int root;
	LIST_HEAD(files_bucket, file) bucket[FILES_BUCKETS];
	size_t unused_count;
	TAILQ_HEAD(files_unused, file) unused;
};

/* -1 with errno set.  links and the like are set before. */
int files_begin(struct files *files, const char *root);

/* Another root for what is asked from now on; the old one stays if this fails. */
int files_reroot(struct files *files, const char *root);

/* A descriptor of what is below the root, -1 with errno set. */
int files_reach(const struct files *files, const char *path, int flags);

/* path as names_map() makes it. */
struct file *files_open(struct files *files, const char *path, enum tftp_code *code);
void files_close(struct file *file);

/* Lets go of what has had no user since the last time; all: of what has none now. */
void files_age(struct files *files, bool all);

/*
 * False if the octets that are left to send may not be those that belong to the
 * first ones.  A file that only grew keeps its beginning.
 */
bool files_unchanged(const struct file *file);
