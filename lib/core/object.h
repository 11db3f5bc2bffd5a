/*
 * object - jobs, machines, attempts and plans as JSON objects, with the same
 * names wherever a program reads them.
 *
 * Units   times are RFC 3339 in UTC; null stands for a time that is not yet.
 * Source  jobctl(1), "JSON".
 */
#pragma once

#include <stdint.h>

#include "lib/core/job.h"
#include "lib/core/jsonout.h"
#include "lib/core/machine.h"
#include "lib/core/plan.h"
#include "lib/core/setting.h"

/* Only the members, so that a caller can add its own to the object. */
void object_job(struct jsonout *j, const struct job *job);
void object_machine(struct jsonout *j, const struct machine *machine);
void object_plan(struct jsonout *j, const struct plan *plan);

/* Lists are arrays, secrets are true, what is not said is left out. */
void object_settings(struct jsonout *j, const struct settings *settings);

/* 0 is null. */
void object_time(struct jsonout *j, const char *key, int64_t time_ms);
