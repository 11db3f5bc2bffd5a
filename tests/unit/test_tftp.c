/* TFTP's packets: what is read, what is passed over, what is granted. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "lib/wire/tftp.h"

static const struct tftp_limits limits = {
	.blksize = TFTP_BLKSIZE_MAX,
	.windowsize = 64,
	.window_octets = 1 << 20,
};

#define PACKET(text) text, sizeof(text) - 1

/* Numbers of the reference's torture list are in the names: T05 and so on. */
static struct request_row {
	const char *name, *octets;
	size_t len;
	const char *want; /* FILE MODE, then the options of the OACK; or why not */
} requests[] = {
	{ "T01 no options", PACKET("\0\1a\0octet\0"), "a octet" },
	{ "T05 the mode in mixed case", PACKET("\0\1a\0OcTeT\0"), "a octet" },
	{ "T06 netascii", PACKET("\0\1a\0netascii\0"), "a netascii" },
	{ "T07 netascii has no tsize and no windows",
	  PACKET("\0\1a\0netascii\0tsize\0000\0windowsize\0008\0blksize\0001024\0"),
	  "a netascii blksize=1024" },
	{ "T08 option names in capitals", PACKET("\0\1a\0octet\0BLKSIZE\0001428\0"),
	  "a octet blksize=1428" },
	{ "T09 only unknown options", PACKET("\0\1a\0octet\0utimeout\0009\0x\0y\0"),
	  "a octet" },
	{ "T10 an empty value does not end the list",
	  PACKET("\0\1a\0octet\0multicast\0\0blksize\0001024\0"),
	  "a octet blksize=1024" },
	{ "T11 blksize 0", PACKET("\0\1a\0octet\0blksize\0000\0"), "a octet" },
	{ "T11 blksize 7", PACKET("\0\1a\0octet\0blksize\0007\0"), "a octet" },
	{ "T11 blksize -5", PACKET("\0\1a\0octet\0blksize\000-5\0"), "a octet" },
	{ "T12 blksize 8 with all others",
	  PACKET("\0\1a\0octet\0tsize\0000\0timeout\0003\0windowsize\0004\0blksize\0008"
		 "\0"),
	  "a octet tsize=4294967297 timeout=3 windowsize=4 blksize=8" },
	{ "T13 blksize abc", PACKET("\0\1a\0octet\0blksize\0abc\0"), "a octet" },
	{ "T13 blksize 12x", PACKET("\0\1a\0octet\0blksize\00012x\0"), "a octet" },
	{ "T13 blksize empty", PACKET("\0\1a\0octet\0blksize\0\0"), "a octet" },
	{ "T13 blksize too long for 64 bits",
	  PACKET("\0\1a\0octet\0blksize\00099999999999999999999\0"), "a octet" },
	{ "T13 blksize with a leading zero", PACKET("\0\1a\0octet\0blksize\0000512\0"),
	  "a octet" },
	{ "T14 blksize 65465 is cut", PACKET("\0\1a\0octet\0blksize\00065465\0"),
	  "a octet blksize=65464" },
	{ "T14 blksize 70000 is cut", PACKET("\0\1a\0octet\0blksize\00070000\0"),
	  "a octet blksize=65464" },
	{ "T15 blksize twice", PACKET("\0\1a\0octet\0blksize\0001024\0blksize\000512\0"),
	  "a octet blksize=1024" },
	{ "T16 T17 tsize is the real size", PACKET("\0\1a\0octet\0tsize\000424242\0"),
	  "a octet tsize=4294967297" },
	{ "T18 timeout 0", PACKET("\0\1a\0octet\0timeout\0000\0"), "a octet" },
	{ "T18 timeout 256", PACKET("\0\1a\0octet\0timeout\000256\0"), "a octet" },
	{ "T18 timeout 255", PACKET("\0\1a\0octet\0timeout\000255\0"),
	  "a octet timeout=255" },
	{ "T20 windowsize 0", PACKET("\0\1a\0octet\0windowsize\0000\0"), "a octet" },
	{ "T20 windowsize 65536", PACKET("\0\1a\0octet\0windowsize\00065536\0"),
	  "a octet" },
	{ "T21 windowsize 8", PACKET("\0\1a\0octet\0windowsize\0008\0"),
	  "a octet windowsize=8" },
	{ "windowsize 65535 is cut to our limit",
	  PACKET("\0\1a\0octet\0windowsize\00065535\0"), "a octet windowsize=64" },
	{ "T26 a window is bounded in octets too, before or after blksize",
	  PACKET("\0\1a\0octet\0windowsize\00064\0blksize\00065464\0"),
	  "a octet windowsize=16 blksize=65464" },
	{ "T25 msftwindow is left out unless wanted",
	  PACKET("\0\1\\Boot\\BCD\0octet\0tsize\0000\0blksize\0001456\0windowsize\0004\0"
		 "msftwindow\00031416\0"),
	  "\\Boot\\BCD octet tsize=4294967297 blksize=1456 windowsize=4" },
	{ "T42 no NUL after the mode", PACKET("\0\1a\0octet"), "no NUL after the mode" },
	{ "T43 no mode", PACKET("\0\1a\0"), "no NUL after the mode" },
	{ "T43 no NUL after the name", PACKET("\0\1a"), "no NUL after the file name" },
	{ "T45 mail", PACKET("\0\1a\0mail\0"), "unknown mode" },
	{ "T51 an option without a value",
	  PACKET("\0\1a\0octet\0blksize\0001024\0tsize\0"), "a octet blksize=1024" },
	{ "T52 garbage without a NUL", PACKET("\0\1a\0octet\0blksize\0001024\0\377\376"),
	  "a octet blksize=1024" },
	{ "T53 more NULs", PACKET("\0\1a\0octet\0blksize\0001024\0\0\0\0\0"),
	  "a octet blksize=1024" },
	{ "T41 nothing", PACKET(""), "no opcode" },
	{ "T41 half an opcode", PACKET("\0"), "no opcode" },
	{ "T48 opcode 0", PACKET("\0\0a\0octet\0"), "unknown opcode" },
	{ "T48 opcode 7", PACKET("\0\7a\0octet\0"), "unknown opcode" },
	{ "T48 opcode 256", PACKET("\1\0a\0octet\0"), "unknown opcode" },
};

static void describe(const struct tftp_packet *p, char *out, size_t size)
{
	struct tftp_grant g = tftp_negotiate(p, &limits, 4294967297);
	size_t len = (size_t)snprintf(out, size, "%s %s", p->name,
				      p->mode == TFTP_OCTET ? "octet" : "netascii");

	for (size_t i = 0; i < g.oack.count; i++)
		len += (size_t)snprintf(
			out + len, size - len, " %s=%llu",
			tftp_option_name(g.oack.order[i]),
			(unsigned long long)g.oack.value[g.oack.order[i]]);
}

static void is_read(void **state)
{
	const struct request_row *row = *state;
	struct tftp_packet packet;
	char got[256];
	const char *why;

	if (tftp_get(row->octets, row->len, &packet, &why))
		describe(&packet, got, sizeof(got));
	else
		snprintf(got, sizeof(got), "%s", why);
	assert_string_equal(got, row->want);
}

static void an_ack_is_read(void **state)
{
	struct tftp_packet p;
	const char *why;

	(void)state;
	assert_true(tftp_get("\0\4\xff\xfe", 4, &p, &why));
	assert_int_equal(p.op, TFTP_ACK);
	assert_int_equal(p.block, 0xfffe);
	assert_int_equal(p.next_window, 0);
	assert_true(tftp_get("\0\4\0\1\x10", 5, &p, &why));
	assert_int_equal(p.next_window, 16);
	assert_false(tftp_get("\0\4\1", 3, &p, &why));
	assert_string_equal(why, "no block number");
}

static void data_is_read(void **state)
{
	struct tftp_packet p;
	const char *why;

	(void)state;
	assert_true(tftp_get("\0\3\0\7xyz", 7, &p, &why));
	assert_int_equal(p.block, 7);
	assert_int_equal(pkt_left(&p.data), 3);
	assert_memory_equal(p.data.p, "xyz", 3);
	assert_true(tftp_get("\0\3\0\7", 4, &p, &why));
	assert_int_equal(pkt_left(&p.data), 0);
	assert_false(tftp_get("\0\3\0", 3, &p, &why));
}

/* T34: firmware cuts them off anywhere. */
static void an_error_is_read_however_short(void **state)
{
	struct tftp_packet p;
	const char *why;

	(void)state;
	assert_true(tftp_get("\0\5\0\10bye\0rest", 12, &p, &why));
	assert_int_equal(p.code, TFTP_OPTIONS_REFUSED);
	assert_int_equal(pkt_left(&p.data), 3);
	assert_true(tftp_get("\0\5\0\2no", 6, &p, &why));
	assert_int_equal(pkt_left(&p.data), 2);
	assert_true(tftp_get("\0\5\0\2", 4, &p, &why));
	assert_int_equal(pkt_left(&p.data), 0);
	assert_true(tftp_get("\0\5", 2, &p, &why));
	assert_int_equal(p.code, 0);
}

static void what_is_written_reads_back(void **state)
{
	struct tftp_options asked = { 0 };
	struct tftp_packet p;
	uint8_t octets[128];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	const char *why;
	size_t len;

	(void)state;
	tftp_add(&asked, TFTP_WINDOWSIZE, 4);
	tftp_add(&asked, TFTP_BLKSIZE, 1468);
	tftp_add(&asked, TFTP_BLKSIZE, 8);
	tftp_put_request(&wr, TFTP_RRQ, "ipxe.efi", TFTP_OCTET, &asked);
	assert_true(pkt_put_end(&wr, &len));
	assert_true(tftp_get(octets, len, &p, &why));
	assert_string_equal(p.name, "ipxe.efi");
	assert_int_equal(p.options.count, 2);
	assert_int_equal(p.options.order[0], TFTP_WINDOWSIZE);
	assert_int_equal(p.options.value[TFTP_BLKSIZE], 1468);
}

static void an_oack_has_no_leading_zeros(void **state)
{
	const uint8_t want[] = "\0\6tsize\0000\0timeout\0003";
	struct tftp_options granted = { 0 };
	uint8_t octets[64];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	(void)state;
	tftp_add(&granted, TFTP_TSIZE, 0);
	tftp_add(&granted, TFTP_TIMEOUT, 3);
	tftp_put_oack(&wr, &granted);
	assert_true(pkt_put_end(&wr, &len));
	assert_int_equal(len, sizeof(want));
	assert_memory_equal(octets, want, len);
}

static void the_longest_oack_fits(void **state)
{
	struct tftp_options all = { 0 };
	uint8_t octets[TFTP_OACK_SIZE];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	(void)state;
	for (enum tftp_option o = 0; o < TFTP_OPTIONS; o++)
		tftp_add(&all, o, o == TFTP_TSIZE ? UINT64_MAX : 65535);
	tftp_put_oack(&wr, &all);
	assert_true(pkt_put_end(&wr, &len));
}

static void msftwindow_is_granted_when_wanted(void **state)
{
	struct tftp_limits wanted = limits;
	struct tftp_packet p;
	struct tftp_grant g;
	const char *why;

	(void)state;
	wanted.msftwindow = true;
	assert_true(tftp_get("\0\1a\0octet\0msftwindow\00031416\0", 27, &p, &why));
	g = tftp_negotiate(&p, &wanted, 1);
	assert_true(g.msftwindow);
	assert_int_equal(g.oack.value[TFTP_MSFTWINDOW], TFTP_MSFTWINDOW_GRANTED);
}

static void no_windows_means_none(void **state)
{
	struct tftp_limits lockstep = { .blksize = 1024, .windowsize = 1 };
	struct tftp_packet p;
	struct tftp_grant g;
	const char *why;

	(void)state;
	assert_true(tftp_get("\0\1a\0octet\0windowsize\0004\0", 23, &p, &why));
	g = tftp_negotiate(&p, &lockstep, 1);
	assert_int_equal(g.windowsize, 1);
	assert_int_equal(g.oack.count, 0);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(an_ack_is_read),
		cmocka_unit_test(data_is_read),
		cmocka_unit_test(an_error_is_read_however_short),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(an_oack_has_no_leading_zeros),
		cmocka_unit_test(the_longest_oack_fits),
		cmocka_unit_test(msftwindow_is_granted_when_wanted),
		cmocka_unit_test(no_windows_means_none),
	};
	struct CMUnitTest tests[ARRAY_LEN(requests) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		tests[i] = (struct CMUnitTest){ .name = requests[i].name,
						.test_func = is_read,
						.initial_state = &requests[i] };
	memcpy(tests + ARRAY_LEN(requests), others, sizeof(others));
	return cmocka_run_group_tests_name("tftp", tests, NULL, NULL);
}
