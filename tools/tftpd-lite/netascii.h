/*
 * netascii - a text as TFTP's netascii mode sends it: LF becomes CR LF, CR
 * becomes CR NUL.
 *
 * A place in the text is a struct of its own, so that a block that was lost can
 * be made once more from where it began.
 *
 * Source  RFC 1350 section 1, RFC 764.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct netascii {
	uint64_t offset; /* of the next octet in the file */
	int pending; /* the second octet of a pair, which the last block had no room for;
			or -1 */
};

#define NETASCII_START ((struct netascii){ .pending = -1 })

/*
 * Fills out from the len octets of the file that begin at place->offset, and
 * moves place behind what was used of them.  Less than size octets: the text is
 * at its end, provided that len was at least size or all there is.
 */
size_t netascii_block(struct netascii *place, const uint8_t *text, size_t len,
		      uint8_t *out, size_t size);
