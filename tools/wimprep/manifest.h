/*
 * manifest - the manifest of a prepared version: its base's, but for one file.
 *
 * Every other line stays as it is, so that what is said of editions, sizes and other
 * files is carried along.
 *
 * Errors  NULL with errno set.
 * Memory  the text is the caller's to free.
 */
#pragma once

#include <stdint.h>

struct manifest_change {
	const char *version;
	const char *file, *sha256;
	int64_t size;
	const char *marker; /* of the build: its "# driver: NAME CLASS VERSION PATH" */
};

char *manifest_change(const char *base, const struct manifest_change *change);
