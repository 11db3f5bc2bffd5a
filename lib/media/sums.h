/*
 * sums - lists of checksums, as sha256sum and sha256sum --tag write them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/image.h"

/* 64 hexadecimal digits, in either case, and nothing else; out is in lower case. */
bool sums_hex(const char *text, char out[static IMAGE_SHA256]);

/*
 * The sum of the file called name: "HEX  name", "HEX *name", "./" before a name,
 * or "SHA256 (name) = HEX".  False if the list has none.
 */
bool sums_find(const char *text, size_t len, const char *name,
	       char out[static IMAGE_SHA256]);
