/*
 * range - the Range and the conditional fields of a request for one file.
 *
 * One range is served.  A request for several, or a Range that cannot be read,
 * is answered with the whole file, as a server may: RFC 9110 section 14.2.
 *
 * Units   octets; last is the last octet that belongs to the part.
 * Source  RFC 9110 sections 13.1 and 14.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum range_result {
	RANGE_WHOLE,
	RANGE_PART,
	RANGE_UNSATISFIABLE,
};

/* header may be NULL. */
enum range_result range_parse(const char *header, int64_t size, int64_t *first,
			      int64_t *last);

/* Whether a list such as If-None-Match has etag (with its quotes), weakly compared, or is
 * "*". */
bool range_etag_listed(const char *header, const char *etag);
