#include "tests/test.h"

#include <string.h>

#include "lib/wire/pkt.h"

static void a_short_packet_moves_nothing(void **state)
{
	const uint8_t octets[] = { 0x12, 0x34, 0x56 };
	struct pkt_rd rd = pkt_rd(octets, sizeof(octets));
	uint32_t v32 = 7;
	uint16_t v16 = 0;

	(void)state;
	assert_false(pkt_get_u32(&rd, &v32));
	assert_int_equal(v32, 7);
	assert_int_equal(pkt_left(&rd), 3);
	assert_true(pkt_get_u16(&rd, &v16));
	assert_int_equal(v16, 0x1234);
}

static void a_value_cannot_leave_its_option(void **state)
{
	const uint8_t octets[] = { 53, 1, 2, 255 };
	struct pkt_rd rd = pkt_rd(octets, sizeof(octets)), value;
	uint8_t code = 0, len = 0, type = 0, beyond;

	(void)state;
	assert_true(pkt_get_u8(&rd, &code) && pkt_get_u8(&rd, &len) &&
		    pkt_get_sub(&rd, len, &value) && pkt_get_u8(&value, &type));
	assert_int_equal(type, 2);
	assert_false(pkt_get_u8(&value, &beyond));
}

static void a_full_writer_stays_full(void **state)
{
	uint8_t octets[3] = { 0 };
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	(void)state;
	pkt_put_u16(&wr, 0x1234);
	pkt_put_u16(&wr, 0x5678);
	pkt_put_u8(&wr, 9);
	assert_false(pkt_put_end(&wr, &len));
	assert_int_equal(len, 2);
	assert_int_equal(octets[2], 0);
}

static void a_string_needs_its_nul(void **state)
{
	struct pkt_rd rd = pkt_rd("a\0bc", 4);
	const char *s;

	(void)state;
	assert_true(pkt_get_str(&rd, &s));
	assert_string_equal(s, "a");
	assert_false(pkt_get_str(&rd, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_packet_moves_nothing),
		cmocka_unit_test(a_value_cannot_leave_its_option),
		cmocka_unit_test(a_full_writer_stays_full),
		cmocka_unit_test(a_string_needs_its_nul),
	};

	return cmocka_run_group_tests_name("pkt", tests, NULL, NULL);
}
