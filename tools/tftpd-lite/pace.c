#include "config.h"

#include "tools/tftpd-lite/pace.h"

int64_t pace_take(struct pace *pace, uint64_t octets, int64_t now_us)
{
	int64_t when_us;

	if (!pace->rate)
		return now_us;
	if (pace->free_us < now_us - PACE_SLACK_US)
		pace->free_us = now_us - PACE_SLACK_US;
	when_us = pace->free_us;
	pace->free_us += (int64_t)(octets * 1000000 / pace->rate);
	return when_us > now_us ? when_us : now_us;
}

uint64_t pace_turn(const struct pace *pace, uint64_t block_octets)
{
	uint64_t blocks = pace->rate / (1000000 / PACE_TURN_US) / block_octets;

	if (!pace->rate)
		return UINT64_MAX;
	return blocks ? blocks : 1;
}
