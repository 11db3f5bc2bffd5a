/*
 * credential - what people and programs prove who they are with, and what of it
 * may be kept: passwords hashed slowly, since people choose them, and random
 * texts of 256 bits hashed fast, since nobody guesses those.
 *
 * Errors  false if memory or randomness ran out, or it does not hold.
 * Source  argon2id (RFC 9106) and BLAKE2b (RFC 7693) by libsodium.
 */
#pragma once

#include <stdbool.h>

#define CREDENTIAL_HASH 128  /* of a password, with the NUL */
#define CREDENTIAL_TEXT 72   /* a random text: pxekit- and 64 hex digits */
#define CREDENTIAL_DIGEST 65 /* of a random text: 64 hex digits */

/* Takes some 64 MiB and a tenth of a second. */
bool credential_password(const char *password, char out[static CREDENTIAL_HASH]);

/* hash "" holds for nothing, after the same time. */
bool credential_password_holds(const char *hash, const char *password);

bool credential_draw(char out[static CREDENTIAL_TEXT]);
bool credential_digest(const char *text, char out[static CREDENTIAL_DIGEST]);
