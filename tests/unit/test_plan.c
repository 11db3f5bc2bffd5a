/* Rows: S0-11 S0-25 S4-06 S4-07 S4-21 */
#include "tests/test.h"

#include "lib/core/plan.h"

#define NOW 1000

static struct row {
	const char *name;
	struct plan_facts facts;
	enum plan_action action;
	const char *rule;
} rows[] = {
	{ "nobody knows it, policy silent",
	  { .unknown = PLAN_SILENT },
	  PLAN_SILENT,
	  "unknown" },
	{ "nobody knows it, policy local",
	  { .unknown = PLAN_LOCAL },
	  PLAN_LOCAL,
	  "unknown" },
	{ "nobody knows it, policy menu",
	  { .unknown = PLAN_MENU },
	  PLAN_MENU,
	  "unknown" },
	{ "nobody knows it, network answers all",
	  { .policy = PLAN_ALL },
	  PLAN_MENU,
	  "menu" },
	{ "only seen",
	  { .known = true, .disposition = MACHINE_NEW },
	  PLAN_SILENT,
	  "unknown" },
	{ "ignored",
	  { .known = true, .disposition = MACHINE_IGNORED },
	  PLAN_SILENT,
	  "unknown" },
	{ "known, idle",
	  { .known = true, .disposition = MACHINE_KNOWN },
	  PLAN_LOCAL,
	  "idle" },
	{ "known, network has a menu",
	  { .known = true, .disposition = MACHINE_KNOWN, .policy = PLAN_KNOWN },
	  PLAN_MENU,
	  "menu" },
	{ "blocked beats a job",
	  { .known = true,
	    .disposition = MACHINE_BLOCKED,
	    .has_job = true,
	    .job = { .id = 7 } },
	  PLAN_SILENT,
	  "blocked" },
	{ "a job",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .job = { .id = 7 } },
	  PLAN_INSTALL,
	  "job" },
	{ "cut short while it installed: again",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .job = { .id = 7, .state = JOB_INSTALLING } },
	  PLAN_INSTALL,
	  "job" },
	{ "on the disk already",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .policy = PLAN_ALL,
	    .job = { .id = 7, .state = JOB_CONFIGURING } },
	  PLAN_LOCAL,
	  "configuring" },
	{ "done: its own disk",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .job = { .id = 7, .state = JOB_DONE } },
	  PLAN_LOCAL,
	  "idle" },
	{ "failed: its own disk",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .job = { .id = 7, .state = JOB_FAILED } },
	  PLAN_LOCAL,
	  "idle" },
	{ "one boot from its disk before its job",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .next = { MACHINE_ENTRY_LOCAL, 0 },
	    .has_job = true,
	    .job = { .id = 7 } },
	  PLAN_LOCAL,
	  "next" },
	{ "one boot into the menu, though nobody decided about it",
	  { .known = true, .next = { MACHINE_ENTRY_MENU, NOW + 1 } },
	  PLAN_MENU,
	  "next" },
	{ "that boot is over",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .next = { MACHINE_ENTRY_MENU, NOW },
	    .has_job = true,
	    .job = { .id = 7 } },
	  PLAN_INSTALL,
	  "job" },
	{ "blocked beats what it is to boot once",
	  { .known = true,
	    .disposition = MACHINE_BLOCKED,
	    .next = { MACHINE_ENTRY_LOCAL, 0 } },
	  PLAN_SILENT,
	  "blocked" },
	{ "held",
	  { .known = true, .disposition = MACHINE_KNOWN, .has_job = true, .held = true },
	  PLAN_LOCAL,
	  "held" },
	{ "not before a time to come",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .not_before_ms = NOW + 1 },
	  PLAN_LOCAL,
	  "held" },
	{ "its time has come",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .not_before_ms = NOW },
	  PLAN_INSTALL,
	  "job" },
	{ "too many attempts",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .attempts_max = 2,
	    .job = { .attempt = 3 } },
	  PLAN_LOCAL,
	  "attempts" },
	{ "it began too often in this attempt",
	  { .known = true,
	    .disposition = MACHINE_KNOWN,
	    .has_job = true,
	    .attempts_max = 2,
	    .job = { .attempt = 1, .boots = 3, .state = JOB_INSTALLING } },
	  PLAN_LOCAL,
	  "attempts" },
};

static void decides(void **state)
{
	const struct row *r = *state;
	struct plan plan = plan_for(&r->facts, NOW);

	assert_string_equal(plan.rule, r->rule);
	assert_int_equal(plan.action, r->action);
	assert_true(plan.why && *plan.why);
	assert_int_equal(plan.job, r->facts.has_job && job_is_active(r->facts.job.state)
					   ? r->facts.job.id
					   : 0);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = decides,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
