/*
 * plan - the one function that decides what a machine does next.
 *
 * pxeproxy, bootweb, ipxegen and jobctl explain all ask it and none of them
 * decides by itself.
 *
 * Units   now_ms is milliseconds since 1970 UTC.
 * Memory  the rule is a constant text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/job.h"
#include "lib/core/machine.h"

enum plan_action {
	PLAN_SILENT,  /* no answer at all */
	PLAN_LOCAL,   /* boot from the machine's own disk */
	PLAN_MENU,    /* show the menu */
	PLAN_INSTALL, /* run job `job` */
	PLAN_ACTIONS,
};

/* Whom a network's boot service answers. */
enum plan_policy {
	PLAN_JOBS,  /* machines with a job get it, other known ones boot locally */
	PLAN_KNOWN, /* known machines without a job get the menu */
	PLAN_ALL,   /* so do the unknown */
	PLAN_POLICIES,
};

/* Everything the decision rests on. */
struct plan_facts {
	bool known; /* there is a row for it */
	enum machine_disposition disposition;
	enum plan_policy policy;
	enum plan_action
		unknown; /* for machines nobody decided on: silent, local or menu */
	bool has_job;
	struct job job; /* the machine's newest job, if has_job */
	int64_t not_before_ms;
	bool held;
	bool agreement;        /* pre-install hooks must have agreed to this attempt */
	unsigned attempts_max; /* also of the boots within one; 0: no bound */
	struct machine_next next;
};

struct plan {
	enum plan_action action;
	const char *rule; /* the name of the rule that fired */
	const char *why;  /* one sentence for a person */
	int64_t job;      /* 0 if none */
};

struct plan plan_for(const struct plan_facts *facts, int64_t now_ms);

const char *plan_action_name(enum plan_action action);
bool plan_action_parse(const char *name, enum plan_action *out);
const char *plan_policy_name(enum plan_policy policy);
bool plan_policy_parse(const char *name, enum plan_policy *out);
