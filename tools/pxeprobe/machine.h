/*
 * machine - one machine of a load, from DISCOVER to the end of its scripts.
 *
 * Units   microseconds.
 */
#pragma once

#include "tools/pxeprobe/figures.h"
#include "tools/pxeprobe/play.h"

/* What one machine went through; -1 for a stage that was not there. */
struct machine_run {
	int64_t us[STAGES];
	bool failed;
	enum stage where;
};

/* f is the caller's scratch; its iface is set. */
void machine_play(const struct play *p, struct facts *f, const struct mac *mac,
		  struct machine_run *out);
