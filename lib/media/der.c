#include "config.h"

#include "lib/media/der.h"

#include <string.h>

struct der der(const void *octets, size_t len)
{
	const uint8_t *p = octets;

	return (struct der){ .p = p, .end = p + len };
}

uint8_t der_tag(const struct der *rd)
{
	return der_left(rd) ? *rd->p : 0;
}

/* The length behind a tag, at most four octets of it. */
static bool take_length(struct der *rd, size_t *out)
{
	size_t octets;

	if (!der_left(rd))
		return false;
	*out = *rd->p++;
	if (*out < 0x80)
		return true;
	octets = *out & 0x7f;
	if (octets < 1 || octets > 4 || octets > der_left(rd))
		return false;
	for (*out = 0; octets > 0; octets--)
		*out = *out << 8 | *rd->p++;
	return true;
}

bool der_next(struct der *rd, uint8_t *tag, struct der *value)
{
	struct der at = *rd;
	size_t len;

	if (!der_left(&at) || (*at.p & 0x1f) == 0x1f)
		return false;
	*tag = *at.p++;
	if (!take_length(&at, &len) || len > der_left(&at))
		return false;
	if (value)
		*value = der(at.p, len);
	rd->p = at.p + len;
	return true;
}

bool der_take(struct der *rd, uint8_t tag, struct der *value)
{
	uint8_t got;

	return der_tag(rd) == tag && der_next(rd, &got, value);
}

bool der_whole(struct der *rd, uint8_t tag, struct der *whole)
{
	const uint8_t *start = rd->p;

	if (!der_take(rd, tag, NULL))
		return false;
	*whole = der(start, (size_t)(rd->p - start));
	return true;
}

bool der_equal(struct der a, struct der b)
{
	return der_is(a, b.p, der_left(&b));
}

bool der_is(struct der value, const void *octets, size_t len)
{
	return der_left(&value) == len && memcmp(value.p, octets, len) == 0;
}
