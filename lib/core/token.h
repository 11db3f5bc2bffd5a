/*
 * token - the secret of one attempt of one job.
 *
 * A token is ID-MAC: the attempt's number in the database and a keyed hash of
 * the nonce drawn for it.  The database holds the nonce only, the key file the
 * key only: a copy of one of them makes no token.
 *
 * Source  BLAKE2b keyed (RFC 7693) by libsodium's crypto_generichash.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_TEXT 64
#define TOKEN_KEY 32
#define TOKEN_NONCE 33 /* 32 hex digits and a NUL */

struct token_key {
	uint8_t octet[TOKEN_KEY];
};

void token_make(const struct token_key *key, int64_t attempt_id, const char *nonce,
		char out[static TOKEN_TEXT]);

/* The attempt's id that a token claims, without any proof; 0 if it is no token. */
int64_t token_claims(const char *token);

/* In constant time. */
bool token_holds(const struct token_key *key, const char *nonce, const char *token);
