#include "config.h"

#include "lib/sys/now.h"

#include <time.h>

static int64_t read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t now_ms(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t now_monotonic_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}
