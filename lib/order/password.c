#include "config.h"

#include "lib/order/password.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_MAX 131072 /* octets: a join blob in UTF-16 has some 10,000 */

static char *refuse(char *text, char why[static PASSWORD_WHY], const char *reason)
{
	password_free(text);
	snprintf(why, PASSWORD_WHY, "%s", reason);
	return NULL;
}

/* UTF-16LE of ASCII only; anything else stays, and its check refuses it. */
static size_t narrow(char *text, size_t len)
{
	size_t to = 0;

	if (len < 2 || memcmp(text, "\xff\xfe", 2) != 0)
		return len;
	for (size_t i = 2; i + 1 < len; i += 2)
		if (text[i + 1] == '\0')
			text[to++] = text[i];
	return to;
}

char *password_take(FILE *in, char why[static PASSWORD_WHY])
{
	char *text = malloc(SECRET_MAX);
	size_t len;

	if (!text)
		return refuse(text, why, strerror(errno));
	len = fread(text, 1, SECRET_MAX - 1, in);
	text[len] = '\0';
	if (ferror(in))
		return refuse(text, why, strerror(errno));
	if (len == SECRET_MAX - 1)
		return refuse(text, why, "is too long");
	text[narrow(text, len)] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	return *text ? text : refuse(text, why, "is empty");
}

char *password_file(const char *path, char why[static PASSWORD_WHY])
{
	FILE *in = fopen(path, "re");
	char *text;

	if (!in)
		return refuse(NULL, why, strerror(errno));
	text = password_take(in, why);
	fclose(in);
	return text;
}

void password_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

/* Five groups of four, without what looks alike; 20 of 54 characters are 115 bits. */
void password_make(char out[static PASSWORD_MADE])
{
	static const char *const classes[] = { "ABCDEFGHJKLMNPQRSTUVWXYZ",
					       "abcdefghjkmnpqrstuvwxyz", "23456789" };
	static const char all[] =
		"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";

	for (size_t i = 0; i < PASSWORD_MADE - 1; i++) {
		const char *from = i < 3 ? classes[i] : all;

		out[i] = i % 5 == 4 ? '-'
				    : from[randombytes_uniform((uint32_t)strlen(from))];
	}
	out[PASSWORD_MADE - 1] = '\0';
}
