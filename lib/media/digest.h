/*
 * digest - SHA-256 while something else is done: sums are made by threads of
 * their own, out of the buffers that the caller fills and writes meanwhile.
 *
 * Units   octets.
 * Errors  NULL without memory or threads, errno set.
 * Memory  digest_start() and digest_sum() allocate; digest_stop() frees both.
 * Source  FIPS 180-4, by nettle.
 */
#pragma once

#include <stddef.h>

#include "lib/core/image.h"

#define DIGEST_BUFFER (1 << 20)

struct digest;
struct digest_sum;

struct digest *digest_start(void);
void digest_stop(struct digest *digest);

/* A new sum, which lives as long as the digest. */
struct digest_sum *digest_sum(struct digest *digest);

/* The next free buffer, of DIGEST_BUFFER octets; it stays as it is until two
 * others were asked for. */
void *digest_buffer(struct digest *digest);

/* Adds the first len octets of the last buffer to either or both sums. */
void digest_feed(struct digest *digest, size_t len, struct digest_sum *a,
		 struct digest_sum *b);

/* The sum of all that it was fed, as hexadecimal digits. */
void digest_text(struct digest *digest, struct digest_sum *sum,
		 char out[static IMAGE_SHA256]);
