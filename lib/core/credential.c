#include "lib/core/credential.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "pxekit_"
#define NUMBER_DIGITS 18 /* always an int64_t */

_Static_assert(CREDENTIAL_HASH >= crypto_pwhash_STRBYTES, "room for a hash");

bool credential_password(const char *password, char out[static CREDENTIAL_HASH])
{
	return sodium_init() >= 0 &&
	       crypto_pwhash_str(out, password, strlen(password),
				 crypto_pwhash_OPSLIMIT_INTERACTIVE,
				 crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

/* Else the time an answer takes would tell which accounts there are. */
bool credential_password_holds(const char *hash, const char *password)
{
	char unused[CREDENTIAL_HASH];

	if (*hash)
		return sodium_init() >= 0 &&
		       crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	credential_password(password, unused);
	return false;
}

bool credential_draw(char out[static CREDENTIAL_SECRET])
{
	unsigned char octets[(CREDENTIAL_SECRET - 1) / 2];

	if (sodium_init() < 0)
		return false;
	randombytes_buf(octets, sizeof(octets));
	sodium_bin2hex(out, CREDENTIAL_SECRET, octets, sizeof(octets));
	sodium_memzero(octets, sizeof(octets));
	return true;
}

/* ---- tokens of programs ---- */

bool credential_secret(const char *secret, char out[static CREDENTIAL_HASH])
{
	return sodium_init() >= 0 &&
	       crypto_pwhash_str(out, secret, strlen(secret), crypto_pwhash_OPSLIMIT_MIN,
				 crypto_pwhash_MEMLIMIT_MIN) == 0;
}

bool credential_secret_holds(const char *hash, const char *secret)
{
	return sodium_init() >= 0 &&
	       crypto_pwhash_str_verify(hash, secret, strlen(secret)) == 0;
}

void credential_token_format(int64_t number, const char *secret,
			     char out[static CREDENTIAL_TOKEN])
{
	snprintf(out, CREDENTIAL_TOKEN, PREFIX "%" PRId64 "_%s", number, secret);
}

/* One way to write each token: whoever has a list of bad ones must find it. */
const char *credential_token_parse(const char *text, int64_t *number)
{
	const char *digits = text + sizeof(PREFIX) - 1, *secret;
	size_t n;

	if (strncmp(text, PREFIX, sizeof(PREFIX) - 1) != 0)
		return NULL;
	n = strspn(digits, "0123456789");
	if (n == 0 || n > NUMBER_DIGITS || *digits == '0' || digits[n] != '_')
		return NULL;
	secret = digits + n + 1;
	if (strspn(secret, "0123456789abcdef") != CREDENTIAL_SECRET - 1 ||
	    secret[CREDENTIAL_SECRET - 1])
		return NULL;
	*number = strtoll(digits, NULL, 10);
	return secret;
}

/* ---- sessions, and what is compared only ---- */

bool credential_digest(const char *text, char out[static CREDENTIAL_DIGEST])
{
	unsigned char hash[(CREDENTIAL_DIGEST - 1) / 2];

	if (sodium_init() < 0)
		return false;
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text, strlen(text),
			   NULL, 0);
	sodium_bin2hex(out, CREDENTIAL_DIGEST, hash, sizeof(hash));
	return true;
}
