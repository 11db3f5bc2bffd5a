#include "lib/core/credential.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

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

bool credential_draw(char out[static CREDENTIAL_TEXT])
{
	unsigned char octets[32];
	char hex[2 * sizeof(octets) + 1];

	if (sodium_init() < 0)
		return false;
	randombytes_buf(octets, sizeof(octets));
	sodium_bin2hex(hex, sizeof(hex), octets, sizeof(octets));
	snprintf(out, CREDENTIAL_TEXT, "pxekit-%s", hex);
	sodium_memzero(octets, sizeof(octets));
	sodium_memzero(hex, sizeof(hex));
	return true;
}

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
