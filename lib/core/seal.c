#include "lib/core/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char mark[] = "sealed:";

#define MARK (sizeof(mark) - 1)
#define NONCE crypto_secretbox_NONCEBYTES
#define EXTRA (NONCE + crypto_secretbox_MACBYTES)
#define BASE64 sodium_base64_VARIANT_ORIGINAL

static bool derive(const struct token_key *key,
		   unsigned char out[static crypto_secretbox_KEYBYTES])
{
	static const unsigned char purpose[] = "pxekit settings";

	if (sodium_init() < 0)
		return false;
	crypto_generichash(out, crypto_secretbox_KEYBYTES, purpose, sizeof(purpose) - 1,
			   key->octet, sizeof(key->octet));
	return true;
}

char *seal_text(const struct token_key *key, const char *plain)
{
	unsigned char own[crypto_secretbox_KEYBYTES], *box;
	size_t len = strlen(plain),
	       encoded = sodium_base64_encoded_len(len + EXTRA, BASE64);
	char *out = malloc(MARK + encoded);

	box = malloc(len + EXTRA);
	if (!out || !box || !derive(key, own)) {
		free(out);
		free(box);
		return NULL;
	}
	randombytes_buf(box, NONCE);
	crypto_secretbox_easy(box + NONCE, (const unsigned char *)plain, len, box, own);
	memcpy(out, mark, MARK);
	sodium_bin2base64(out + MARK, encoded, box, len + EXTRA, BASE64);
	sodium_memzero(own, sizeof(own));
	free(box);
	return out;
}

static char *open_box(const struct token_key *key, const unsigned char *box, size_t len)
{
	unsigned char own[crypto_secretbox_KEYBYTES];
	char *plain = calloc(1, len);
	int wrong;

	if (!plain || !derive(key, own)) {
		free(plain);
		return NULL;
	}
	wrong = crypto_secretbox_open_easy((unsigned char *)plain, box + NONCE,
					   len - NONCE, box, own);
	sodium_memzero(own, sizeof(own));
	if (!wrong)
		return plain;
	free(plain);
	return NULL;
}

bool seal_is_sealed(const char *text)
{
	return strncmp(text, mark, sizeof(mark) - 1) == 0;
}

char *seal_open(const struct token_key *key, const char *sealed)
{
	unsigned char *box;
	char *plain = NULL;
	size_t len;

	if (strncmp(sealed, mark, MARK) != 0)
		return NULL;
	box = malloc(strlen(sealed));
	if (!box)
		return NULL;
	if (sodium_base642bin(box, strlen(sealed), sealed + MARK, strlen(sealed + MARK),
			      NULL, &len, NULL, BASE64) == 0 &&
	    len >= EXTRA)
		plain = open_box(key, box, len);
	free(box);
	return plain;
}

static bool each_secret(const struct token_key *key, struct settings *s,
			char *(*change)(const struct token_key *, const char *))
{
	for (size_t i = 0; i < setting_count; i++) {
		char *changed;

		if (!setting_is(&setting_defs[i], SETTING_SECRET) || !s->value[i])
			continue;
		changed = change(key, s->value[i]);
		if (!changed)
			return false;
		sodium_memzero(s->value[i], strlen(s->value[i]));
		free(s->value[i]);
		s->value[i] = changed;
	}
	return true;
}

bool seal_settings(const struct token_key *key, struct settings *s)
{
	return each_secret(key, s, seal_text);
}

bool seal_open_settings(const struct token_key *key, struct settings *s)
{
	return each_secret(key, s, seal_open);
}

bool seal_mask_settings(struct settings *s)
{
	for (size_t i = 0; i < setting_count; i++) {
		char *mask;

		if (!setting_is(&setting_defs[i], SETTING_SECRET) || !s->value[i])
			continue;
		mask = strdup(SEAL_MASK);
		if (!mask)
			return false;
		sodium_memzero(s->value[i], strlen(s->value[i]));
		free(s->value[i]);
		s->value[i] = mask;
	}
	return true;
}
