#include "lib/wire/wake.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

static int digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static bool pair(const char *text, uint8_t *out)
{
	int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);

	if (low < 0)
		return false;
	*out = (uint8_t)(high << 4 | low);
	return true;
}

static bool six(const char *text, struct wake_password *out)
{
	const char between = text[0] && text[1] ? text[2] : '\0';

	if (between != ':' && between != '-')
		return false;
	for (size_t i = 0; i < 6; i++, text += 3)
		if (!pair(text, &out->octet[i]) || text[2] != (i < 5 ? between : '\0'))
			return false;
	out->len = 6;
	return true;
}

bool wake_password(const char *text, struct wake_password *out)
{
	struct in_addr four;

	*out = (struct wake_password){ 0 };
	if (six(text, out))
		return true;
	if (inet_pton(AF_INET, text, &four) != 1)
		return false;
	memcpy(out->octet, &four, sizeof(four));
	out->len = sizeof(four);
	return true;
}

size_t wake_packet(const uint8_t mac[static 6], const struct wake_password *password,
		   uint8_t out[static WAKE_OCTETS])
{
	memset(out, 0xff, 6);
	for (size_t i = 1; i <= 16; i++)
		memcpy(out + 6 * i, mac, 6);
	memcpy(out + 102, password->octet, password->len);
	return 102 + password->len;
}
