#include "lib/core/duration.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 7

static const struct {
	char letter;
	int64_t ms;
} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };

bool duration_parse(const char *text, int64_t *out_ms)
{
	size_t len = strspn(text, "0123456789");
	int64_t n = len && len <= DIGITS ? strtoll(text, NULL, 10) : -1;

	if (n < 0)
		return false;
	*out_ms = 0;
	if (n == 0 && !text[len])
		return true;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text[len] == units[i].letter && !text[len + 1]) {
			*out_ms = n * units[i].ms;
			return true;
		}
	return false;
}
