/* Rows: X-07 */
#include "tests/test.h"

#include <string.h>

#include "lib/wire/wake.h"

static struct row {
	const char *name, *text;
	size_t len; /* 0: it is none */
	uint8_t octet[WAKE_PASSWORD];
} rows[] = {
	{ "colons", "00:22:44:66:88:aA", 6, { 0, 0x22, 0x44, 0x66, 0x88, 0xaa } },
	{ "hyphens", "ff-22-44-66-88-00", 6, { 0xff, 0x22, 0x44, 0x66, 0x88, 0 } },
	{ "four numbers", "192.168.1.255", 4, { 192, 168, 1, 255 } },
	{ "empty", "", 0, { 0 } },
	{ "one digit", "0", 0, { 0 } },
	{ "short", "00:22:44:66:88", 0, { 0 } },
	{ "long", "00:22:44:66:88:aa:bb", 0, { 0 } },
	{ "mixed", "00:22-44:66:88:aa", 0, { 0 } },
	{ "a letter too far", "00:22:44:66:88:ag", 0, { 0 } },
	{ "a number too large", "192.168.1.256", 0, { 0 } },
};

static void is_read_and_stands_at_the_end(void **state)
{
	const struct row *r = *state;
	const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };
	struct wake_password password;
	uint8_t packet[WAKE_OCTETS];

	assert_int_equal(wake_password(r->text, &password), r->len != 0);
	if (!r->len)
		return;
	assert_int_equal(wake_packet(mac, &password, packet), 102 + r->len);
	assert_memory_equal(packet, "\xff\xff\xff\xff\xff\xff", 6);
	for (size_t i = 0; i < 16; i++)
		assert_memory_equal(packet + 6 + 6 * i, mac, 6);
	assert_memory_equal(packet + 102, r->octet, r->len);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] =
			(struct CMUnitTest){ .name = rows[i].name,
					     .test_func = is_read_and_stands_at_the_end,
					     .initial_state = &rows[i] };
	return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
