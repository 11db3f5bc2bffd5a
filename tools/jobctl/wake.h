/*
 * wake - Wake-on-LAN for one machine.
 */
#pragma once

#include "lib/order/order_wake.h"
#include "tools/jobctl/jobctl.h"

/* Sends to each of its cards, with an event; an exit status, after a message. */
int wake_machine(const struct jobctl *ctl, const struct order_wake *wake, bool dry_run,
		 const struct machine *machine, struct order_way *way);
