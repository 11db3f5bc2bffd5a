#include "lib/core/token.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAC_OCTETS 20

void token_make(const struct token_key *key, int64_t attempt_id, const char *nonce,
		char out[static TOKEN_TEXT])
{
	uint8_t hash[MAC_OCTETS];
	char hex[2 * MAC_OCTETS + 1], message[64];
	int len = snprintf(message, sizeof(message), "%" PRId64 ":%s", attempt_id, nonce);

	crypto_generichash(hash, sizeof(hash), (const uint8_t *)message,
			   (unsigned long long)len, key->octet, sizeof(key->octet));
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(out, TOKEN_TEXT, "%" PRId64 "-%s", attempt_id, hex);
}

int64_t token_claims(const char *token)
{
	char *end;
	long long id;

	if (*token < '1' || *token > '9' || strnlen(token, TOKEN_TEXT) >= TOKEN_TEXT)
		return 0;
	id = strtoll(token, &end, 10);
	return *end == '-' ? id : 0;
}

bool token_holds(const struct token_key *key, const char *nonce, const char *token)
{
	char real[TOKEN_TEXT] = "", claimed[TOKEN_TEXT] = "";

	token_make(key, token_claims(token), nonce, real);
	snprintf(claimed, sizeof(claimed), "%s", token);
	return sodium_memcmp(real, claimed, sizeof(real)) == 0;
}
