#include "lib/core/mac.h"

#include <stdio.h>
#include <string.h>

static int hex(char c)
{
	const char *digits = "0123456789abcdefABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		return -1;
	return (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

bool mac_parse(const char *text, struct mac *out, const char **why)
{
	struct mac mac;
	char sep = '\0';

	for (int i = 0; i < 6; i++) {
		int hi = hex(text[0]);
		int lo = hi < 0 ? -1 : hex(text[1]);

		if (lo < 0) {
			*why = "not six pairs of hex digits";
			return false;
		}
		mac.octet[i] = (uint8_t)(hi << 4 | lo);
		text += 2;
		if (i == 5)
			break;
		if ((*text != ':' && *text != '-') || (sep && *text != sep)) {
			*why = "wants ':' or '-' between the pairs";
			return false;
		}
		sep = *text++;
	}
	if (*text) {
		*why = "has something after the sixth pair";
		return false;
	}
	*out = mac;
	return true;
}

void mac_format(const struct mac *mac, char sep, char out[static MAC_TEXT])
{
	const uint8_t *o = mac->octet;

	snprintf(out, MAC_TEXT, "%02x%c%02x%c%02x%c%02x%c%02x%c%02x", o[0], sep, o[1],
		 sep, o[2], sep, o[3], sep, o[4], sep, o[5]);
}
