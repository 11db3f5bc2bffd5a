/*
 * admin_throttle - who fails to sign in has to wait: an address after 5 times (one
 * of IPv6: its /64), an account after 10, each time twice as long, up to a quarter of an
 * hour.
 *
 * It keeps the 1024 last of them, in memory only, for an hour.
 *
 * Units   milliseconds.
 */
#pragma once

#include <stdint.h>

enum throttle_of { THROTTLE_ADDRESS, THROTTLE_ACCOUNT };

/* How long this one has to wait still; 0 for not at all. */
int64_t throttle_wait_ms(enum throttle_of of, const char *who);
void throttle_failed(enum throttle_of of, const char *who);
void throttle_succeeded(enum throttle_of of, const char *who);
