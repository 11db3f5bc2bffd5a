/*
 * driver_cache - what was learnt of the INFs of one source, in a file.
 *
 * An INF whose size and time are as they were is believed; one that has changed in
 * these is believed if its SHA-256 is the same.  The file is replaced at once, so
 * several that read and write it do not disturb one another; a damaged one, or one of
 * another version, is no cache.
 *
 * Memory  driver_cache_close() frees all; records handed out live until then.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DRIVER_CACHE_SHA256 32 /* octets */

struct driver_cache;

struct driver_cached {
	const char *path;
	int64_t size, mtime_ns; /* mtime_ns 0: too fresh to be believed */
	uint8_t sha256[DRIVER_CACHE_SHA256];
	const char *record; /* no NUL behind it */
	size_t len;
};

/* Never NULL but without memory: an unreadable cache is an empty one.  folder NULL: so,
 * too. */
struct driver_cache *driver_cache_open(const char *folder, const char *source);
void driver_cache_close(struct driver_cache *cache);

const struct driver_cached *driver_cache_find(const struct driver_cache *cache,
					      const char *path);

/* Writes the new cache of all these, sorted by path; that it cannot is no error. */
void driver_cache_write(const struct driver_cache *cache,
			const struct driver_cached entries[], size_t count);
