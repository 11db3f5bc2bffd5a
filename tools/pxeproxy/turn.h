/*
 * turn - the automatic style: another form of answer each time that firmware asks again.
 *
 * Firmware that takes an offer goes on with a REQUEST; one that does not sends its
 * DISCOVER again after 4, 12 and 28 seconds.  What a machine took is what it is
 * offered first when it is switched on the next time.
 *
 * Units   monotonic_ms as in lib/sys/now.h.
 * Memory  a struct turns holds TURNS machines and forgets those not heard for longest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/route.h"

#define TURNS 1024

struct turns {
	struct turn_row {
		uint8_t mac[6];
		bool used, taken;
		uint8_t first, step;
		int64_t asked_ms, step_ms;
	} row[TURNS];
};

/* A DISCOVER came: the style to answer it in. */
enum boot_style turns_style(struct turns *turns, const uint8_t mac[static 6],
			    int64_t monotonic_ms);

/* A REQUEST came: it took what it was offered last. */
void turns_taken(struct turns *turns, const uint8_t mac[static 6]);
