#include "config.h"

#include "lib/sys/when.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/core/event.h"

static bool duration_parse(const char *text, int64_t *out)
{
	static const struct {
		char letter;
		int64_t ms;
	} units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 }
	};
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || !isdigit((unsigned char)*text) || n > 1000000 || !*end || end[1])
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (*end == units[i].letter) {
			*out = n * units[i].ms;
			return true;
		}
	return false;
}

/* A time of day that is over today is tomorrow's, which summer time may shift. */
static int64_t local_ms(struct tm tm, bool clock, enum when_side side, int64_t now_ms)
{
	int64_t ms = (int64_t)mktime(&tm) * 1000;

	if (!clock || side == WHEN_PAST || ms > now_ms)
		return ms;
	tm.tm_mday++;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000;
}

static bool local_parse(const char *text, enum when_side side, int64_t now_ms,
			int64_t *out)
{
	static const char *const forms[] = { "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M",
					     "%Y-%m-%d", "%H:%M:%S", "%H:%M" };
	time_t now = (time_t)(now_ms / 1000);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm;
		const char *end;

		localtime_r(&now, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_isdst = -1;
		end = strptime(text, forms[i], &tm);
		if (end && !*end) {
			*out = local_ms(tm, forms[i][1] == 'H', side, now_ms);
			return true;
		}
	}
	return false;
}

/* RFC 3339 with an offset; event_time_parse() has the rest. */
static bool offset_parse(const char *text, int64_t *out)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	long offset;

	if (end && *end == '.')
		end += 1 + strspn(end + 1, "0123456789");
	if (!end || (*end != '+' && *end != '-' && *end != 'Z'))
		return false;
	struct tm zone = tm;
	end = strptime(end, "%z", &zone);
	if (!end || *end)
		return false;
	offset = zone.tm_gmtoff;
	*out = ((int64_t)timegm(&tm) - offset) * 1000;
	return true;
}

bool when_parse(const char *text, enum when_side side, int64_t now_ms, int64_t *out_ms)
{
	int64_t ms;

	if (*text == '+' && duration_parse(text + 1, &ms)) {
		*out_ms = now_ms + ms;
		return true;
	}
	if (side == WHEN_PAST && duration_parse(text, &ms)) {
		*out_ms = now_ms - ms;
		return true;
	}
	return event_time_parse(text, out_ms) || offset_parse(text, out_ms) ||
	       local_parse(text, side, now_ms, out_ms);
}
