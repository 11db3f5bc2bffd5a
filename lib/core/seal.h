/*
 * seal - secrets as the database keeps them: closed with the site's key.
 *
 * A sealed text is "sealed:" and base64 of a nonce and the box, so that it
 * fits wherever a text fits and is told apart from a plain one.
 *
 * Errors  NULL: no memory; for seal_open() also not sealed with this key.
 * Memory  the results are the caller's, who frees them.
 * Source  XSalsa20-Poly1305 by libsodium's crypto_secretbox; the key is a
 *         BLAKE2b of the site's key, apart from the one that tokens use.
 */
#pragma once

#include <stdbool.h>

#include "lib/core/setting.h"
#include "lib/core/token.h"

char *seal_text(const struct token_key *key, const char *plain);
char *seal_open(const struct token_key *key, const char *sealed);

/* Whether a text looks sealed; any key may have done it. */
bool seal_is_sealed(const char *text);

/* All secret settings of s, in place; false leaves the rest as it was. */
bool seal_settings(const struct token_key *key, struct settings *s);
bool seal_open_settings(const struct token_key *key, struct settings *s);

/* What stands for a secret where it is not shown. */
#define SEAL_MASK "********"
bool seal_mask_settings(struct settings *s);
