#include "config.h"

#include "lib/wire/range.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* Digits to a number that stops at INT64_MAX; *p stays if there are none. */
static int64_t number(const char **p)
{
	int64_t n = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		int digit = **p - '0';

		n = n > (INT64_MAX - digit) / 10 ? INT64_MAX : n * 10 + digit;
	}
	return n;
}

/* "-500": the last 500 octets. */
static enum range_result suffix(const char *p, int64_t size, int64_t *first,
				int64_t *last)
{
	const char *digits = ++p;
	int64_t n = number(&p);

	if (p == digits || *skip_blanks(p) != '\0')
		return RANGE_WHOLE;
	if (n == 0 || size == 0)
		return RANGE_UNSATISFIABLE;
	*first = n < size ? size - n : 0;
	*last = size - 1;
	return RANGE_PART;
}

enum range_result range_parse(const char *header, int64_t size, int64_t *first,
			      int64_t *last)
{
	const char *p = header, *digits;
	int64_t from, to;

	if (!header || strncasecmp(header, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	p = digits = skip_blanks(p + 6);
	if (*p == '-')
		return suffix(p, size, first, last);
	from = number(&p);
	if (p == digits || *p != '-')
		return RANGE_WHOLE;
	digits = ++p;
	to = number(&p);
	if (*skip_blanks(p) != '\0' || (p > digits && to < from))
		return RANGE_WHOLE;
	if (from >= size)
		return RANGE_UNSATISFIABLE;
	*first = from;
	*last = p > digits && to < size ? to : size - 1;
	return RANGE_PART;
}

bool range_etag_listed(const char *header, const char *etag)
{
	size_t len = strlen(etag);

	for (const char *p = skip_blanks(header); *p; p = skip_blanks(p)) {
		if (*p == '*')
			return true;
		if (strncmp(p, "W/", 2) == 0)
			p += 2;
		if (strncmp(p, etag, len) == 0)
			return true;
		p += strcspn(p, ",");
		p += *p == ',';
	}
	return false;
}
