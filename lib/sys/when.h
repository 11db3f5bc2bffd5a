/*
 * when - a moment as people and programs write it.
 *
 *	90s, 15m, 2h, 7d            so long ago; with '+' in front: from now on
 *	22:00, 22:00:05             today, in local time; if it is to lie ahead, the next
 *	2026-11-22, 2026-11-22 10:30
 *	2026-11-22T09:30:00Z, 2026-11-22T10:30:00.5+01:00   RFC 3339
 *
 * Units   milliseconds since 1970 UTC.
 * Errors  false for anything else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum when_side {
	WHEN_PAST,  /* a bare duration is meant back from now */
	WHEN_AHEAD, /* durations want their '+', and a time of day is the next one */
};

bool when_parse(const char *text, enum when_side side, int64_t now_ms, int64_t *out_ms);
