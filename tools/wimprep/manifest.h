/*
 * manifest - the manifest of a prepared version: its base's, but for one file.
 *
 * Every other line stays as it is, so that what is said of editions, sizes and other
 * files is carried along.
 *
 * Errors  false with errno set.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct manifest_change {
	const char *version;
	const char *file, *sha256;
	int64_t size;
};

bool manifest_write(const char *path, const char *base,
		    const struct manifest_change *change);
