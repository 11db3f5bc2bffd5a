/*
 * window - how much memory it takes to unpack a file that xz or zstd has packed.
 *
 * Both say in their heads how far back they may refer: that much of what was
 * unpacked must be kept.  The head is the first block's (xz) or frame's (zstd).
 *
 * Units   octets.
 * Errors  0 for what is no such file, or one whose head says no size.
 * Source  The .xz File Format 1.2.1, sections 2.1.1 and 3.1; RFC 8878, section 3.1.1.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define WINDOW_HEAD 1036 /* octets that are enough: xz's are 12 and up to 1,024 */

uint64_t window_of(const uint8_t *head, size_t len);
