#include "lib/core/plan.h"

#include <stddef.h>

#include "lib/core/words.h"

static bool undecided(const struct plan_facts *f)
{
	return !f->known || f->disposition == MACHINE_NEW ||
	       f->disposition == MACHINE_IGNORED;
}

static bool active(const struct plan_facts *f)
{
	return f->has_job && job_is_active(f->job.state);
}

static bool is_blocked(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return f->known && f->disposition == MACHINE_BLOCKED;
}

static bool is_overridden(const struct plan_facts *f, int64_t now_ms)
{
	return machine_next_at(&f->next, now_ms) != MACHINE_NO_ENTRY;
}

static bool is_configuring(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return f->has_job && f->job.state == JOB_CONFIGURING;
}

static bool is_held(const struct plan_facts *f, int64_t now_ms)
{
	return active(f) && (f->held || now_ms < f->not_before_ms);
}

static bool is_worn_out(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return active(f) && f->attempts_max &&
	       (f->job.attempt > f->attempts_max || f->job.boots > f->attempts_max);
}

static bool is_not_agreed(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return active(f) && f->agreement && f->job.approved != f->job.attempt;
}

static bool is_due(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return active(f);
}

static bool is_undecided(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return undecided(f) && f->policy != PLAN_ALL;
}

static bool wants_menu(const struct plan_facts *f, int64_t now_ms)
{
	(void)now_ms;
	return f->policy == PLAN_ALL || (f->policy == PLAN_KNOWN && !undecided(f));
}

static bool always(const struct plan_facts *f, int64_t now_ms)
{
	(void)f;
	(void)now_ms;
	return true;
}

/* First match wins. */
static const struct rule {
	const char *name, *why;
	bool (*holds)(const struct plan_facts *facts, int64_t now_ms);
	enum plan_action action;
} rules[] = {
	{ "blocked", "the machine is blocked", is_blocked, PLAN_SILENT },
	{ "next", "an admin wants that for one boot", is_overridden, PLAN_LOCAL },
	{ "configuring", "its system is on the disk and configures itself",
	  is_configuring, PLAN_LOCAL },
	{ "held", "its job is held, or its time has not come", is_held, PLAN_LOCAL },
	{ "attempts", "its job has used up its attempts", is_worn_out, PLAN_LOCAL },
	{ "pre-install", "the pre-install hooks have not agreed to its job yet",
	  is_not_agreed, PLAN_LOCAL },
	{ "job", "it has a job to do", is_due, PLAN_INSTALL },
	{ "unknown", "nobody has decided about it, and the network's policy says so",
	  is_undecided, PLAN_SILENT },
	{ "menu", "it has nothing to do, and the network's policy offers a menu",
	  wants_menu, PLAN_MENU },
	{ "idle", "it is known and has nothing to do", always, PLAN_LOCAL },
};

struct plan plan_for(const struct plan_facts *facts, int64_t now_ms)
{
	const struct rule *r = rules;
	struct plan plan;

	while (!r->holds(facts, now_ms))
		r++;
	plan = (struct plan){ .action = r->action, .rule = r->name, .why = r->why };
	if (r->holds == is_undecided)
		plan.action = facts->unknown;
	if (r->holds == is_overridden && facts->next.entry == MACHINE_ENTRY_MENU)
		plan.action = PLAN_MENU;
	if (active(facts))
		plan.job = facts->job.id;
	return plan;
}

static const char *const actions[PLAN_ACTIONS] = {
	[PLAN_SILENT] = "silent",
	[PLAN_LOCAL] = "local",
	[PLAN_MENU] = "menu",
	[PLAN_INSTALL] = "install",
};

static const char *const policies[PLAN_POLICIES] = {
	[PLAN_JOBS] = "jobs",
	[PLAN_KNOWN] = "known",
	[PLAN_ALL] = "all",
};

const char *plan_action_name(enum plan_action action)
{
	return action < PLAN_ACTIONS ? actions[action] : "none";
}

bool plan_action_parse(const char *name, enum plan_action *out)
{
	int i = words_find(actions, PLAN_ACTIONS, name);

	if (i < 0)
		return false;
	*out = (enum plan_action)i;
	return true;
}

const char *plan_policy_name(enum plan_policy policy)
{
	return policy < PLAN_POLICIES ? policies[policy] : "none";
}

bool plan_policy_parse(const char *name, enum plan_policy *out)
{
	int i = words_find(policies, PLAN_POLICIES, name);

	if (i < 0)
		return false;
	*out = (enum plan_policy)i;
	return true;
}
