#include "config.h"

#include "tools/jobctl/since.h"

#include <err.h>

#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/when.h"

int64_t since_parse(const char *text)
{
	int64_t ms;

	if (!when_parse(text, WHEN_PAST, now_ms(), &ms))
		errx(EXIT_MISUSE,
		     "--since %s: is neither a time nor like 90s, 15m, 2h, 7d", text);
	return ms;
}
