/*
 * The table of moves against DESIGN.md's picture, written down a second time by hand.
 * Rows: S0-27
 */
#include "tests/test.h"

#include "lib/core/job.h"

enum { Q, B, I, C, D, F, X };

/* row: from; column: to; L legal, = repeat, . illegal */
static const char table[JOB_STATES][JOB_STATES + 1] = {
	/*        QBICDFX */
	[Q] = "=LLLLLL", [B] = ".=LLLLL", [I] = "..=LLLL", [C] = "...=LLL",
	[D] = "L...=..", [F] = "L....=.", [X] = "L.....=",
};

static void each_move_is_as_drawn(void **state)
{
	(void)state;
	for (unsigned from = 0; from < JOB_STATES; from++)
		for (unsigned to = 0; to < JOB_STATES; to++) {
			enum job_move want = table[from][to] == '='   ? JOB_MOVE_REPEAT
					     : table[from][to] == 'L' ? JOB_MOVE_LEGAL
								      : JOB_MOVE_ILLEGAL;

			if (job_move(from, to) != want)
				fail_msg("%s -> %s", job_state_name(from),
					 job_state_name(to));
		}
}

static void names_go_both_ways(void **state)
{
	enum job_state back;

	(void)state;
	for (unsigned s = 0; s < JOB_STATES; s++) {
		assert_true(job_state_parse(job_state_name(s), &back));
		assert_int_equal(back, s);
	}
	assert_false(job_state_parse("sleeping", &back));
	assert_false(job_state_parse("", &back));
}

static void only_what_is_over_is_retried(void **state)
{
	(void)state;
	for (unsigned s = 0; s < JOB_STATES; s++)
		assert_int_equal(job_may_retry(s), !job_is_active(s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_move_is_as_drawn),
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(only_what_is_over_is_retried),
	};

	return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
