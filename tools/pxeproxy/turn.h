/*
 * turn - the automatic style: another form of answer each time that firmware asks again.
 *
 * Firmware that takes an offer goes on with a REQUEST; one that does not sends its
 * DISCOVER again after 4, 12 and 28 seconds.  What a machine took is what it is
 * offered first when it is switched on the next time, and so is one not yet heard of that
 * has the same maker (of its MAC), architecture and version of UNDI.
 *
 * Units   monotonic_ms as in lib/sys/now.h.
 * Memory  a struct turns holds TURNS machines and TURN_KINDS kinds of them, and forgets
 *         those not heard for longest.  It is not kept: after a start the first machine
 *         of each kind is asked anew, which costs it 4 seconds once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/route.h"
#include "lib/wire/dhcp.h"

#define TURNS 1024
#define TURN_KINDS 64

struct turn_kind {
	uint8_t maker[3], undi[3];
	uint16_t arch;
	uint8_t first;
	int64_t taken_ms; /* 0: empty */
};

struct turns {
	struct turn_row {
		uint8_t mac[6];
		bool used, taken;
		uint8_t first, step;
		int64_t asked_ms, step_ms;
		struct turn_kind kind;
	} row[TURNS];
	struct turn_kind kind[TURN_KINDS];
};

/* A DISCOVER came: the style to answer it in. */
enum boot_style turns_style(struct turns *turns, const struct dhcp *discover,
			    int64_t monotonic_ms);

/* A REQUEST came: it took what it was offered last. */
void turns_taken(struct turns *turns, const uint8_t mac[static 6]);
