#include "tests/test.h"

#include <string.h>

#include "lib/wire/udp4.h"

/* From a capture of dnsmasq's answer on port 4011, with an odd payload in its place. */
static const uint8_t datagram[] = { 0x45, 0x00, 0x00, 0x1f, 0x00, 0x00, 0x40, 0x00,
				    0x40, 0x11, 0x25, 0xa5, 0x0a, 0x4d, 0x00, 0x02,
				    0x0a, 0x4d, 0x00, 0x91, 0x0f, 0xab, 0x00, 0x44,
				    0x00, 0x0b, 0x96, 0x8c, 'a',  'b',  'c' };

static const struct udp4 header = {
	.from = 0x0a4d0002, .to = 0x0a4d0091, .from_port = 4011, .to_port = 68
};

/* The ones' complement sum of an intact header is all ones (RFC 1071). */
static uint16_t sum(const uint8_t *p, size_t len, uint32_t s)
{
	for (size_t i = 0; i < len; i++)
		s += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (s >> 16)
		s = (s >> 16) + (s & 0xffff);
	return (uint16_t)s;
}

static void sums_are_right(void **state)
{
	uint8_t octets[64];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	(void)state;
	udp4_put(&wr, &header, "abc", 3);
	assert_true(pkt_put_end(&wr, &len));
	assert_int_equal(len, UDP4_HEADERS + 3);
	assert_int_equal(sum(octets, 20, 0), 0xffff);
	/* the pseudo header: both addresses, the protocol, the length */
	assert_int_equal(sum(octets + 20, 11, 17u + 11 + sum(octets + 12, 8, 0)), 0xffff);
	assert_memory_equal(octets, datagram, 10);
	assert_memory_equal(octets + 12, datagram + 12, 14);
}

static void reads_what_it_wrote(void **state)
{
	uint8_t octets[64] = { 0 };
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	struct pkt_rd payload;
	struct udp4 udp;

	(void)state;
	udp4_put(&wr, &header, "abc", 3);
	/* Ethernet pads short frames; the padding is no payload */
	assert_true(udp4_get(pkt_rd(octets, 46), &udp, &payload));
	assert_int_equal(pkt_left(&payload), 3);
	assert_memory_equal(payload.p, "abc", 3);
	assert_memory_equal(&udp, &header, sizeof(udp));
}

static struct row {
	const char *name;
	size_t at, len;
	uint8_t value;
} rows[] = {
	{ "not version 4", 0, 31, 0x65 },
	{ "a header of 4 words", 0, 31, 0x44 },
	{ "more fragments", 6, 31, 0x20 },
	{ "a later fragment", 7, 31, 1 },
	{ "not UDP", 9, 31, 6 },
	{ "cut in the header", 0, 19, 0x45 },
	{ "cut in UDP's header", 0, 27, 0x45 },
	{ "longer than it is", 3, 31, 32 },
	{ "shorter than a header", 3, 31, 19 },
	{ "UDP shorter than its header", 25, 31, 7 },
	{ "UDP longer than IP", 25, 31, 12 },
	{ "options past the end", 0, 31, 0x4f },
};

static void refuses(void **state)
{
	const struct row *r = *state;
	uint8_t octets[sizeof(datagram)];
	struct pkt_rd payload;
	struct udp4 udp;

	memcpy(octets, datagram, sizeof(octets));
	assert_true(udp4_get(pkt_rd(octets, sizeof(octets)), &udp, &payload));
	octets[r->at] = r->value;
	assert_false(udp4_get(pkt_rd(octets, r->len), &udp, &payload));
}

static void does_not_write_past_the_end(void **state)
{
	uint8_t octets[UDP4_HEADERS + 2];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	(void)state;
	udp4_put(&wr, &header, "abc", 3);
	assert_false(pkt_put_end(&wr, &len));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
		cmocka_unit_test(sums_are_right),
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(does_not_write_past_the_end),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[3 + i] = (struct CMUnitTest){ .name = rows[i].name,
						    .test_func = refuses,
						    .initial_state = &rows[i] };
	return cmocka_run_group_tests_name("udp4", tests, NULL, NULL);
}
