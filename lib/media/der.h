/*
 * der - a cursor over DER that cannot leave it.
 *
 * Units   lengths are octets.
 * Errors  false if there is no such element here; the cursor then stays.
 * Memory  a cursor borrows the caller's octets and owns none.
 * Source  ITU-T X.690: lengths are definite, tags are of one octet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_UTF8 = 0x0c,
	DER_BMP = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0, /* constructed */
	DER_CONTEXT_1 = 0xa1,
};

struct der {
	const uint8_t *p, *end;
};

struct der der(const void *octets, size_t len);

static inline size_t der_left(const struct der *rd)
{
	return (size_t)(rd->end - rd->p);
}

/* The tag of the next element; 0 at the end. */
uint8_t der_tag(const struct der *rd);

/* Takes the next element, whatever it is; value may be NULL. */
bool der_next(struct der *rd, uint8_t *tag, struct der *value);

/* Takes the next element if it has this tag; value may be NULL. */
bool der_take(struct der *rd, uint8_t tag, struct der *value);

/* The same with the header of the element included. */
bool der_whole(struct der *rd, uint8_t tag, struct der *whole);

bool der_equal(struct der a, struct der b);
bool der_is(struct der value, const void *octets, size_t len);
