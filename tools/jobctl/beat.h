/*
 * beat - jobctl ingest puts on record that it is alive, every ALIVE_MS.
 *
 * Errors  none: it is of use only as long as the database can be written.
 */
#pragma once

#include "tools/jobctl/jobctl.h"

struct beat {                        /* begins as { 0 } */
	int64_t started_ms, told_ms; /* the latter monotonic */
};

/* To be called often; ctl has an open database. */
void beat(struct beat *beat, const struct jobctl *ctl);
void beat_end(struct beat *beat, const struct jobctl *ctl);
