#include "config.h"

#include "lib/media/inf_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/utf8.h"

/* Code page 1252 where it is not Latin 1. */
static const uint16_t page1252[32] = {
	0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
	0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
};

/* Writes code to p, which has room for 4 octets. */
static char *put(char *p, uint32_t code)
{
	if (code < 0x80) {
		*p++ = (char)code;
		return p;
	}
	if (code < 0x800) {
		*p++ = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		*p++ = (char)(0xe0 | code >> 12);
		*p++ = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		*p++ = (char)(0xf0 | code >> 18);
		*p++ = (char)(0x80 | (code >> 12 & 0x3f));
		*p++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*p++ = (char)(0x80 | (code & 0x3f));
	return p;
}

static uint32_t unit(const uint8_t *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

/* A lone surrogate becomes U+FFFD. */
static char *from_utf16(const uint8_t *p, size_t len, bool big, size_t *out_len)
{
	const uint8_t *end = p + len;
	char *text = malloc(len / 2 * 3 + 1), *q = text;

	if (!text)
		return NULL;
	while (p < end) {
		uint32_t code = unit(p, big), low;

		p += 2;
		if (code >= 0xd800 && code < 0xe000) {
			low = p < end && code < 0xdc00 ? unit(p, big) : 0;
			if (low >= 0xdc00 && low < 0xe000) {
				code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
				p += 2;
			} else {
				code = 0xfffd;
			}
		}
		q = put(q, code);
	}
	*out_len = (size_t)(q - text);
	*q = '\0';
	return text;
}

static bool is_utf8(const char *text)
{
	while (*text) {
		size_t len = utf8_take(text, NULL);

		if (len == 0)
			return false;
		text += len;
	}
	return true;
}

static char *from_ansi(const char *octets, size_t len, size_t *out_len)
{
	char *text = malloc(len * 3 + 1), *q = text;

	if (!text)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)octets[i];

		q = put(q, c >= 0x80 && c < 0xa0 ? page1252[c - 0x80] : c);
	}
	*out_len = (size_t)(q - text);
	*q = '\0';
	return text;
}

/* Without a mark: UTF-8 if it is that, else ANSI. */
static char *from_octets(const char *octets, size_t len, size_t *out_len)
{
	char *text = malloc(len + 1), *decoded;

	if (!text)
		return NULL;
	memcpy(text, octets, len);
	text[len] = '\0';
	*out_len = len;
	if (memchr(text, '\0', len) || is_utf8(text))
		return text;
	decoded = from_ansi(octets, len, out_len);
	free(text);
	return decoded;
}

/* How many octets of a mark there are, and what it says; ASCII in UTF-16 has NULs. */
static size_t mark(const uint8_t *p, size_t len, unsigned *wide, bool *big)
{
	*wide = 1;
	*big = false;
	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		return 3;
	if (len >= 2 &&
	    (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
		*wide = 2;
		*big = p[0] == 0xfe;
		return 2;
	}
	if (len >= 4 && !p[0] != !p[1] && !p[0] == !p[2] && !p[1] == !p[3]) {
		*wide = 2;
		*big = p[0] == 0;
	}
	return 0;
}

char *inf_text(const void *octets, size_t len, size_t *out_len, const char **why)
{
	const uint8_t *p = octets;
	unsigned wide;
	bool big;
	size_t skip = mark(p, len, &wide, &big);
	char *text;

	*why = "ends within a character of UTF-16";
	if ((len - skip) % wide)
		return NULL;
	*why = "there is not enough memory";
	text = wide == 2 ? from_utf16(p + skip, len - skip, big, out_len)
			 : from_octets((const char *)p + skip, len - skip, out_len);
	if (!text || !memchr(text, '\0', *out_len))
		return text;
	*why = "holds a NUL: this is no text";
	free(text);
	return NULL;
}
