#include "lib/core/utf8.h"

#include <stdbool.h>

static const struct form {
	unsigned char first, last, second_low, second_high;
	size_t len;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct form *form_of(const unsigned char *s)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (s[0] >= forms[i].first && s[0] <= forms[i].last &&
		    s[1] >= forms[i].second_low && s[1] <= forms[i].second_high)
			return &forms[i];
	return NULL;
}

size_t utf8_take(const char *text, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *)text;
	const struct form *form;
	uint32_t value = s[0];
	size_t len = 1;

	if (s[0] >= 0x80) {
		form = form_of(s);
		if (!form)
			return 0;
		value = s[0] & (0x7fu >> form->len);
		for (; len < form->len; len++) {
			if ((s[len] & 0xc0) != 0x80)
				return 0;
			value = value << 6 | (s[len] & 0x3fu);
		}
	}
	if (code)
		*code = value;
	return len;
}
