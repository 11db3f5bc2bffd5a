/*
 * credential - what people and programs prove who they are with, and what of it
 * may be kept.
 *
 * Passwords are chosen by people and hashed slowly: argon2id with 64 MiB, two passes.
 * Tokens of programs are argon2id as well, with the least memory and time it knows:
 * their secret has 256 random bits, which nobody finds by trying, whatever one try
 * costs; so a flood of wrong ones must not be what costs much.
 * Secrets of sessions are kept as BLAKE2b digests: they have the same 256 random bits,
 * are over within hours, and each page that loads finds its session by that digest.
 *
 * Errors  false if memory or randomness ran out, or it does not hold.
 * Source  argon2id (RFC 9106) and BLAKE2b (RFC 7693) by libsodium.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CREDENTIAL_HASH 128  /* of a password or a token, with the NUL */
#define CREDENTIAL_SECRET 65 /* 256 random bits: 64 hex digits */
#define CREDENTIAL_TOKEN 96  /* pxekit_NUMBER_SECRET */
#define CREDENTIAL_DIGEST 65 /* 64 hex digits */

/* Takes some 64 MiB and a tenth of a second. */
bool credential_password(const char *password, char out[static CREDENTIAL_HASH]);

/* hash "" holds for nothing, after the same time. */
bool credential_password_holds(const char *hash, const char *password);

bool credential_draw(char out[static CREDENTIAL_SECRET]);
bool credential_digest(const char *text, char out[static CREDENTIAL_DIGEST]);

/* Of a secret that was drawn.  Takes 8 KiB and a ten thousandth of a second. */
bool credential_secret(const char *secret, char out[static CREDENTIAL_HASH]);
bool credential_secret_holds(const char *hash, const char *secret);

/* The number finds the token's row. */
void credential_token_format(int64_t number, const char *secret,
			     char out[static CREDENTIAL_TOKEN]);

/* Where its secret begins; NULL if it is no token at all. */
const char *credential_token_parse(const char *text, int64_t *number);
