/*
 * now - the time, in the one unit that crosses our headers.
 */
#pragma once

#include <stdint.h>

/* Milliseconds since 1970 UTC. */
int64_t now_ms(void);

/* Milliseconds of a clock that only runs forward. */
int64_t now_monotonic_ms(void);
