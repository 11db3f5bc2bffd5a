#include "config.h"

#include "lib/media/wim_time.h"

#include <stdio.h>
#include <string.h>

#define EPOCH_1601_S 11644473600LL

/* In UTF-16LE, without the NUL. */
static uint8_t *find_wide(uint8_t *p, const uint8_t *end, const char *text)
{
	size_t len = strlen(text);

	for (; (size_t)(end - p) >= 2 * len; p += 2) {
		size_t i = 0;

		while (i < len && p[2 * i] == (uint8_t)text[i] && p[2 * i + 1] == 0)
			i++;
		if (i == len)
			return p + 2 * len;
	}
	return NULL;
}

static bool put_number(uint8_t *p, const uint8_t *end, const char *tag, uint32_t number)
{
	char text[9];

	p = find_wide(p, end, tag);
	if (!p || end - p < 16)
		return false;
	for (size_t i = 0; i < 8; i++)
		if (!strchr("0123456789ABCDEFabcdef", p[2 * i]) || !p[2 * i] ||
		    p[2 * i + 1])
			return false;
	snprintf(text, sizeof(text), "%08X", number);
	for (size_t i = 0; i < 8; i++)
		p[2 * i] = (uint8_t)text[i];
	return true;
}

bool wim_time_put(uint8_t *xml, size_t len, unsigned image, int64_t when)
{
	uint64_t ticks = (uint64_t)(when + EPOCH_1601_S) * 10000000;
	const uint8_t *end = xml + (len & ~(size_t)1);
	char start[40];
	uint8_t *p, *stop;

	snprintf(start, sizeof(start), "<IMAGE INDEX=\"%u\"", image);
	p = find_wide(xml, end, start);
	stop = p ? find_wide(p, end, "</IMAGE>") : NULL;
	p = stop ? find_wide(p, stop, "<LASTMODIFICATIONTIME>") : NULL;
	return p && put_number(p, stop, "<HIGHPART>0x", (uint32_t)(ticks >> 32)) &&
	       put_number(p, stop, "<LOWPART>0x", (uint32_t)ticks);
}
