#include "config.h"

#include "lib/media/window.h"

#include <stdbool.h>
#include <string.h>

#define XZ_HEADER 12
#define XZ_LZMA2 0x21
#define XZ_FILTERS 4 /* at most, and LZMA2 is the last */

struct reader {
	const uint8_t *p, *end;
};

static bool take(struct reader *r, uint8_t *out)
{
	if (r->p == r->end)
		return false;
	*out = *r->p++;
	return true;
}

/* xz, section 1.2: seven bits an octet, the lowest first. */
static bool take_number(struct reader *r, uint64_t *out)
{
	uint8_t octet;

	*out = 0;
	for (unsigned bits = 0; bits < 63; bits += 7) {
		if (!take(r, &octet))
			return false;
		*out |= (uint64_t)(octet & 0x7f) << bits;
		if (!(octet & 0x80))
			return true;
	}
	return false;
}

static bool skip(struct reader *r, uint64_t octets)
{
	if (octets > (uint64_t)(r->end - r->p))
		return false;
	r->p += octets;
	return true;
}

/* xz, section 5.3.1: LZMA2's only property. */
static uint64_t dictionary(uint8_t bits)
{
	if (bits > 40)
		return 0;
	if (bits == 40)
		return UINT32_MAX;
	return (uint64_t)(2 | (bits & 1)) << (bits / 2 + 11);
}

/* The head of the first block, behind that of the stream. */
static uint64_t xz_window(struct reader r)
{
	uint8_t size, flags, bits;
	uint64_t id, octets;

	if (!skip(&r, XZ_HEADER) || !take(&r, &size) || !take(&r, &flags))
		return 0;
	if ((flags & 0x40 && !take_number(&r, &octets)) ||
	    (flags & 0x80 && !take_number(&r, &octets)))
		return 0;
	for (int i = 0; i < XZ_FILTERS && i <= (flags & 3); i++) {
		if (!take_number(&r, &id) || !take_number(&r, &octets))
			return 0;
		if (id == XZ_LZMA2)
			return octets == 1 && take(&r, &bits) ? dictionary(bits) : 0;
		if (!skip(&r, octets))
			return 0;
	}
	return 0;
}

static bool take_little(struct reader *r, unsigned octets, uint64_t *out)
{
	uint8_t octet;

	*out = 0;
	for (unsigned i = 0; i < octets; i++) {
		if (!take(r, &octet))
			return false;
		*out |= (uint64_t)octet << (8 * i);
	}
	return true;
}

/* A frame of one segment has no window: all of it is kept. */
static uint64_t zstd_window(struct reader r)
{
	static const unsigned dictionary_octets[] = { 0, 1, 2, 4 };
	static const unsigned content_octets[] = { 1, 2, 4, 8 };
	uint8_t flags, window;
	uint64_t size;

	if (!skip(&r, 4) || !take(&r, &flags))
		return 0;
	if (!(flags & 0x20)) {
		if (!take(&r, &window))
			return 0;
		size = UINT64_C(1) << (10 + (window >> 3));
		return size + size / 8 * (window & 7);
	}
	if (!skip(&r, dictionary_octets[flags & 3]) ||
	    !take_little(&r, content_octets[flags >> 6], &size))
		return 0;
	return flags >> 6 == 1 ? size + 256 : size;
}

uint64_t window_of(const uint8_t *head, size_t len)
{
	static const uint8_t xz[6] = { 0xfd, '7', 'z', 'X', 'Z', 0 };
	static const uint8_t zstd[4] = { 0x28, 0xb5, 0x2f, 0xfd };
	const struct reader r = { head, head + len };

	if (len >= sizeof(xz) && memcmp(head, xz, sizeof(xz)) == 0)
		return xz_window(r);
	if (len >= sizeof(zstd) && memcmp(head, zstd, sizeof(zstd)) == 0)
		return zstd_window(r);
	return 0;
}
