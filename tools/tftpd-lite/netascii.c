#include "config.h"

#include "tools/tftpd-lite/netascii.h"

/* What follows the octet that is sent for c; -1 for nothing. */
static int second(uint8_t c)
{
	if (c == '\n')
		return '\n';
	return c == '\r' ? '\0' : -1;
}

size_t netascii_block(struct netascii *place, const uint8_t *text, size_t len,
		      uint8_t *out, size_t size)
{
	size_t made = 0, used = 0;

	while (made < size) {
		if (place->pending >= 0) {
			out[made++] = (uint8_t)place->pending;
			place->pending = -1;
		} else if (used < len) {
			place->pending = second(text[used]);
			out[made++] = place->pending >= 0 ? '\r' : text[used];
			used++;
		} else {
			break;
		}
	}
	place->offset += used;
	return made;
}
