#include "tests/test.h"

#include <string.h>

#include "tools/pxeproxy/turn.h"

static const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };

static enum boot_style style(struct turns *t, const uint8_t of[static 6], int64_t ms)
{
	struct dhcp discover = { .arch = { 7 }, .archs = 1, .undi = { 1, 3, 16 } };

	memcpy(discover.chaddr, of, 6);
	return turns_style(t, &discover, ms);
}

/* EDK2 asks at 0, 4, 12 and 28 s. */
static void each_try_has_its_style(void **state)
{
	static struct turns t;

	(void)state;
	assert_int_equal(style(&t, mac, 1000), STYLE_DIRECT);
	assert_int_equal(style(&t, mac, 5000), STYLE_BINL);
	assert_int_equal(style(&t, mac, 13000), STYLE_MENU);
	assert_int_equal(style(&t, mac, 29000), STYLE_DIRECT);
}

static void one_packet_twice_is_one_try(void **state)
{
	static struct turns t;

	(void)state;
	assert_int_equal(style(&t, mac, 0), STYLE_DIRECT);
	assert_int_equal(style(&t, mac, 1), STYLE_DIRECT);
	assert_int_equal(style(&t, mac, 4000), STYLE_BINL);
	assert_int_equal(style(&t, mac, 4002), STYLE_BINL);
}

static void what_was_taken_comes_first_next_time(void **state)
{
	static struct turns t;

	(void)state;
	turns_taken(&t, mac);
	style(&t, mac, 1000);
	assert_int_equal(style(&t, mac, 5000), STYLE_BINL);
	turns_taken(&t, mac);
	assert_int_equal(style(&t, mac, 5600), STYLE_BINL);
	assert_int_equal(style(&t, mac, 9600), STYLE_MENU);
	assert_int_equal(style(&t, mac, 9600 + 90001), STYLE_BINL);
}

static void a_request_before_the_second_try_keeps_the_first(void **state)
{
	static struct turns t;

	(void)state;
	assert_int_equal(style(&t, mac, 1000), STYLE_DIRECT);
	turns_taken(&t, mac);
	assert_int_equal(style(&t, mac, 5000), STYLE_DIRECT);
}

static void a_crowd_forgets_the_oldest(void **state)
{
	static struct turns t;
	uint8_t other[6] = { 2 };

	(void)state;
	style(&t, mac, 1);
	for (unsigned i = 0; i < 20 * TURNS; i++) {
		other[4] = (uint8_t)(i >> 8);
		other[5] = (uint8_t)i;
		other[3] = (uint8_t)(i >> 16);
		assert_int_equal(style(&t, other, 2 + i), STYLE_DIRECT);
	}
	assert_int_equal(style(&t, mac, 5000), STYLE_DIRECT);
}

/* Of the same maker, architecture and UNDI; another maker's begins at the beginning. */
static void what_one_took_its_kind_gets_first(void **state)
{
	static struct turns t;
	const uint8_t like[6] = { 0x52, 0x54, 0, 0, 0, 2 }, other[6] = { 0x52, 0x54, 1 };
	struct dhcp later = { .arch = { 7 }, .archs = 1, .undi = { 1, 3, 1 } };

	(void)state;
	style(&t, mac, 1000);
	assert_int_equal(style(&t, mac, 5000), STYLE_BINL);
	assert_int_equal(style(&t, like, 5500), STYLE_DIRECT);
	turns_taken(&t, mac);
	assert_int_equal(style(&t, other, 6000), STYLE_DIRECT);
	assert_int_equal(style(&t, (const uint8_t[6]){ 0x52, 0x54, 0, 9 }, 6000),
			 STYLE_BINL);
	memcpy(later.chaddr, mac, 6);
	later.chaddr[5] = 7;
	assert_int_equal(turns_style(&t, &later, 6000), STYLE_DIRECT);
}

static void kinds_are_forgotten_too(void **state)
{
	static struct turns t;
	uint8_t many[6] = { 0x02 };

	(void)state;
	for (unsigned i = 0; i < 2 * TURN_KINDS; i++) {
		many[1] = (uint8_t)i;
		style(&t, many, 1000 * i);
		assert_int_equal(style(&t, many, 1000 * i + 600), STYLE_BINL);
		turns_taken(&t, many);
	}
	many[5] = 1;
	assert_int_equal(style(&t, many, 999999), STYLE_BINL);
	many[1] = 0;
	assert_int_equal(style(&t, many, 999999), STYLE_DIRECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_try_has_its_style),
		cmocka_unit_test(one_packet_twice_is_one_try),
		cmocka_unit_test(what_was_taken_comes_first_next_time),
		cmocka_unit_test(a_request_before_the_second_try_keeps_the_first),
		cmocka_unit_test(a_crowd_forgets_the_oldest),
		cmocka_unit_test(what_one_took_its_kind_gets_first),
		cmocka_unit_test(kinds_are_forgotten_too),
	};

	return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
