/*
 * wake - Wake-on-LAN for one machine.
 */
#pragma once

#include "lib/wire/wake.h"
#include "tools/jobctl/jobctl.h"

struct wake {
	const char *network, *interface; /* NULL: what pxekit.conf says of the machine */
	struct wake_password password;
	bool dry_run;
};

/* Where the packet goes, for a person. */
#define WAKE_WAY 160

/* Sends to each of its cards, with an event; an exit status, after a message. */
int wake_machine(const struct jobctl *ctl, const struct wake *wake,
		 const struct machine *machine, char way[static WAKE_WAY]);
