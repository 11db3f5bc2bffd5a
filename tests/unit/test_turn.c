#include "tests/test.h"

#include "tools/pxeproxy/turn.h"

static const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };

/* EDK2 asks at 0, 4, 12 and 28 s. */
static void each_try_has_its_style(void **state)
{
	static struct turns t;

	(void)state;
	assert_int_equal(turns_style(&t, mac, 1000), STYLE_DIRECT);
	assert_int_equal(turns_style(&t, mac, 5000), STYLE_BINL);
	assert_int_equal(turns_style(&t, mac, 13000), STYLE_MENU);
	assert_int_equal(turns_style(&t, mac, 29000), STYLE_DIRECT);
}

static void one_packet_twice_is_one_try(void **state)
{
	static struct turns t;

	(void)state;
	assert_int_equal(turns_style(&t, mac, 0), STYLE_DIRECT);
	assert_int_equal(turns_style(&t, mac, 1), STYLE_DIRECT);
	assert_int_equal(turns_style(&t, mac, 4000), STYLE_BINL);
	assert_int_equal(turns_style(&t, mac, 4002), STYLE_BINL);
}

static void what_was_taken_comes_first_next_time(void **state)
{
	static struct turns t;

	(void)state;
	turns_taken(&t, mac);
	turns_style(&t, mac, 1000);
	assert_int_equal(turns_style(&t, mac, 5000), STYLE_BINL);
	turns_taken(&t, mac);
	assert_int_equal(turns_style(&t, mac, 5600), STYLE_BINL);
	assert_int_equal(turns_style(&t, mac, 9600), STYLE_MENU);
	assert_int_equal(turns_style(&t, mac, 9600 + 90001), STYLE_BINL);
}

static void a_request_before_the_second_try_keeps_the_first(void **state)
{
	static struct turns t;

	(void)state;
	assert_int_equal(turns_style(&t, mac, 1000), STYLE_DIRECT);
	turns_taken(&t, mac);
	assert_int_equal(turns_style(&t, mac, 5000), STYLE_DIRECT);
}

static void a_crowd_forgets_the_oldest(void **state)
{
	static struct turns t;
	uint8_t other[6] = { 2 };

	(void)state;
	turns_style(&t, mac, 1);
	for (unsigned i = 0; i < 20 * TURNS; i++) {
		other[4] = (uint8_t)(i >> 8);
		other[5] = (uint8_t)i;
		other[3] = (uint8_t)(i >> 16);
		assert_int_equal(turns_style(&t, other, 2 + i), STYLE_DIRECT);
	}
	assert_int_equal(turns_style(&t, mac, 5000), STYLE_DIRECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_try_has_its_style),
		cmocka_unit_test(one_packet_twice_is_one_try),
		cmocka_unit_test(what_was_taken_comes_first_next_time),
		cmocka_unit_test(a_request_before_the_second_try_keeps_the_first),
		cmocka_unit_test(a_crowd_forgets_the_oldest),
	};

	return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
