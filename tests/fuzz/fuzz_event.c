/* A line that parses must come out again as the same event. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	char line[EVENT_LINE], again[EVENT_LINE];
	struct event ev, copy;
	const char *why;
	size_t n;

	if (!event_parse((const char *)octets, len, &ev, &why))
		return 0;
	n = event_format(&ev, line);
	if (!event_parse(line, n - 1, &copy, &why))
		abort();
	event_format(&copy, again);
	if (strcmp(line, again) != 0)
		abort();
	return 0;
}
