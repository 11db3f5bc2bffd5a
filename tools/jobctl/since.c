#include "config.h"

#include "tools/jobctl/since.h"

#include <err.h>

#include "lib/core/duration.h"
#include "lib/core/event.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"

int64_t since_parse(const char *text)
{
	int64_t ms;

	if (duration_parse(text, &ms))
		return now_ms() - ms;
	if (!event_time_parse(text, &ms))
		errx(EXIT_MISUSE,
		     "--since %s: is neither like 90s, 15m, 2h, 7d nor "
		     "2026-11-22T09:30:00Z",
		     text);
	return ms;
}
