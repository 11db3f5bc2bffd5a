#include "tests/test.h"

#include <string.h>

#include "tools/pxeprobe/figures.h"

static void percentiles_are_by_nearest_rank(void **state)
{
	struct figures f;

	(void)state;
	assert_true(figures_init(&f, 100));
	for (int64_t us = 100; us >= 1; us--)
		figures_add(&f, STAGE_OFFER, us);
	figures_sort(&f);
	assert_int_equal(figures_at(&f, STAGE_OFFER, 1), 1);
	assert_int_equal(figures_at(&f, STAGE_OFFER, 50), 50);
	assert_int_equal(figures_at(&f, STAGE_OFFER, 99), 99);
	assert_int_equal(figures_at(&f, STAGE_OFFER, 100), 100);
	figures_free(&f);
}

static void few_and_none(void **state)
{
	struct figures f;

	(void)state;
	assert_true(figures_init(&f, 1));
	assert_int_equal(figures_at(&f, STAGE_SCRIPT, 50), 0);
	figures_add(&f, STAGE_SCRIPT, 7);
	figures_add(&f, STAGE_SCRIPT, 8); /* there was only one machine */
	figures_sort(&f);
	assert_int_equal(f.stage[STAGE_SCRIPT].count, 1);
	assert_int_equal(figures_at(&f, STAGE_SCRIPT, 1), 7);
	assert_int_equal(figures_at(&f, STAGE_SCRIPT, 100), 7);
	figures_fail(&f, STAGE_4011);
	assert_int_equal(f.stage[STAGE_4011].failed, 1);
	figures_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_by_nearest_rank),
		cmocka_unit_test(few_and_none),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
