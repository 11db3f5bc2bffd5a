/*
 * pace - how fast octets may go.
 *
 * Who wants to send takes its octets out first and is told when they may go; so those
 * who share a bucket get their turns in the order in which they came.
 *
 * Units   octets a second; times are microseconds.
 */
#pragma once

#include <stdint.h>

#define PACE_SLACK_US 10000 /* what was not used so long ago may be made up for */
#define PACE_TURN_US 2000   /* a turn is about what goes in this time */

struct pace {
	uint64_t rate;   /* 0: as fast as it goes */
	int64_t free_us; /* when all that was taken has gone */
};

/* When these octets may go: now_us or later. */
int64_t pace_take(struct pace *pace, uint64_t octets, int64_t now_us);

/* How many blocks are one turn, at least one. */
uint64_t pace_turn(const struct pace *pace, uint64_t block_octets);
