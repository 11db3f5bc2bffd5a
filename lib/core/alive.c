#include "lib/core/alive.h"

enum alive_state alive_state(int64_t seen_ms, int64_t stopped_ms, int64_t now_ms)
{
	if (stopped_ms && stopped_ms >= seen_ms)
		return ALIVE_STOPPED;
	return now_ms - seen_ms < ALIVE_STALE_MS ? ALIVE_UP : ALIVE_DOWN;
}

const char *alive_state_name(enum alive_state state)
{
	static const char *const names[] = {
		[ALIVE_UP] = "up",
		[ALIVE_DOWN] = "down",
		[ALIVE_STOPPED] = "stopped",
	};

	return names[state];
}
