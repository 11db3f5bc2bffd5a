#include "lib/core/mac.h"

#include <stddef.h>
#include <string.h>

static int hex(char c)
{
	const char *digits = "0123456789abcdefABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		return -1;
	return (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

/* How many octets stand between two separators, judged by the text's third or fifth sign.
 */
static int group_of(const char *text, size_t len, char *sep)
{
	*sep = '\0';
	if (len == 12)
		return 6;
	if (len == 17 && (text[2] == ':' || text[2] == '-')) {
		*sep = text[2];
		return 1;
	}
	if (len == 14 && text[4] == '.') {
		*sep = '.';
		return 2;
	}
	return 0;
}

static bool octets(const char *text, int group, char sep, struct mac *out)
{
	for (int i = 0; i < 6; i++) {
		int hi, lo;

		if (i && i % group == 0 && *text++ != sep)
			return false;
		hi = hex(text[0]);
		lo = hi < 0 ? -1 : hex(text[1]);
		if (lo < 0)
			return false;
		out->octet[i] = (uint8_t)(hi << 4 | lo);
		text += 2;
	}
	return true;
}

bool mac_parse(const char *text, struct mac *out, const char **why)
{
	static const struct mac none;
	struct mac mac;
	char sep;
	int group = group_of(text, strnlen(text, MAC_TEXT), &sep);

	*why = "is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex "
	       "digits)";
	if (!group || !octets(text, group, sep, &mac))
		return false;
	*why = "is a group or broadcast address, which no network card has";
	if (mac.octet[0] & 1)
		return false;
	*why = "is all zeros, which no network card has";
	if (mac_equal(&mac, &none))
		return false;
	*out = mac;
	return true;
}

void mac_format(const struct mac *mac, char sep, char out[static MAC_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	char *p = out;

	for (size_t i = 0; i < sizeof(mac->octet); i++) {
		*p++ = digits[mac->octet[i] >> 4];
		*p++ = digits[mac->octet[i] & 15];
		*p++ = sep;
	}
	p[-1] = '\0';
}

bool mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->octet, b->octet, sizeof(a->octet)) == 0;
}
