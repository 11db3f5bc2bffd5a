/*
 * A transfer without a network: each row is what happens, step by step, and what
 * the session does about it.
 *
 * Steps   aN: ACK of block N   e: ERROR   d: DATA (no client sends that)
 *         r: the request once more   +N: N ms pass   t: the time it asked for comes
 * Doings  o: the OACK   4-7: these blocks   .: nothing   or how it ended
 */
#include "tests/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tftpd-lite/pace.h"
#include "tools/tftpd-lite/session.h"

#define BLKSIZE 100

static struct row {
	const char *name;
	uint16_t windowsize;
	uint8_t timeout_s;
	bool plain; /* no option was asked for */
	int64_t octets;
	const char *steps, *want;
} rows[] = {
	{ "T01 a plain read", 1, 0, true, 250, "a1 a2 a3", "1-1 2-2 3-3 done" },
	{ "T02 an empty file is one empty block", 1, 0, true, 0, "a1", "1-1 done" },
	{ "T03 a multiple of the block size ends with an empty block", 1, 0, true, 200,
	  "a1 a2 a3", "1-1 2-2 3-3 done" },
	{ "options are acknowledged by block 0", 1, 0, false, 150, "a0 a1 a2",
	  "o 1-1 2-2 done" },
	{ "an ACK of anything else does not begin it", 1, 0, false, 150, "a1 a7 a0",
	  "o . . 1-1" },
	{ "T21 a window, then no more until the ACK", 8, 0, false, 1950, "a0 a8 a16 a20",
	  "o 1-8 9-16 17-20 done" },
	{ "T22 an ACK in mid-window begins the next one there", 8, 0, false, 9900,
	  "a0 a3 a11", "o 1-8 4-11 12-19" },
	{ "T23 ACK 0 again: the window once more", 8, 0, false, 9900, "+10 a0 +20 a0",
	  "o . 1-8 . 1-8" },
	{ "T24 the same mid-window ACK eight times", 8, 0, false, 9900,
	  "+10 a0 +10 a3 +10 a3 +10 a3 a3 a3 a3 a3 a3",
	  "o . 1-8 . 4-11 . . . . . . . . ." },
	{ "repeats of an ACK get one answer until there is progress", 4, 0, false, 9900,
	  "+10 a0 +10 a4 +10 a4 +10 a4 a4 a8 +20 a8 +20 a8",
	  "o . 1-4 . 5-8 . 5-8 . . . 9-12 . 9-12 . ." },
	{ "an ACK that follows too soon is about what was sent before", 4, 0, false, 9900,
	  "+10 a0 +10 a4 +1 a4 +9 a4", "o . 1-4 . 5-8 . . . 5-8" },
	{ "T28 repeated ACKs in lockstep are never answered", 1, 0, true, 9900,
	  "+9 a1 +9 a1 +9 a1 +9 a1 a2", "1-1 . 2-2 . . . . . . 3-3" },
	{ "T29 an ACK of what was never sent", 1, 0, true, 9900, "a1 a1002 a2",
	  "1-1 2-2 . 3-3" },
	{ "T30 an old ACK", 1, 0, true, 9900, "a1 a2 a3 a1 a0 a4",
	  "1-1 2-2 3-3 4-4 . . 5-5" },
	{ "T32 what no client sends", 1, 0, true, 9900, "d a1 d a2", "1-1 . 2-2 . 3-3" },
	{ "T33 ERROR ends it", 1, 0, true, 9900, "a1 e a1 t", "1-1 2-2 aborted . ." },
	{ "T27 an ERROR to the OACK of a size is a probe", 1, 0, false, 9900, "e t a0",
	  "o probe . ." },
	{ "T36 the request again: the same answer, not another transfer", 1, 0, false,
	  9900, "r r a0 r", "o o o 1-1 ." },
	{ "T36 the same without options", 1, 0, true, 9900, "r a1", "1-1 1-1 2-2" },
	{ "T38 an OACK that nobody acknowledges", 1, 0, false, 9900, "t t t t",
	  "o o o unanswered ." },
	{ "T39 a first block that nobody acknowledges goes once for each request", 1, 0,
	  true, 9900, "r t t", "1-1 1-1 unanswered ." },
	{ "T37 the last ACK never comes", 1, 0, true, 150, "a1 t t t t t t t t",
	  "1-1 2-2 2-2 2-2 2-2 2-2 2-2 2-2 unconfirmed ." },
	{ "a client that falls silent has six repeats, then a long wait", 1, 0, true,
	  9900, "a1 t t t t t t t t", "1-1 2-2 2-2 2-2 2-2 2-2 2-2 2-2 silent ." },
	{ "GRUB comes back after a pause", 1, 0, true, 9900, "a1 t t t t t t +20000 a2",
	  "1-1 2-2 2-2 2-2 2-2 2-2 2-2 2-2 . 3-3" },
	{ "a client that asks again after our last repeat gets the block", 1, 0, true,
	  9900, "a1 t t t t t t +2000 a1 a1", "1-1 2-2 2-2 2-2 2-2 2-2 2-2 2-2 . 2-2 ." },
	{ "a lost window comes again as a whole", 4, 0, false, 9900, "a0 t a4 t a6",
	  "o 1-4 1-4 5-8 5-8 7-10" },
	{ "an ACK of an earlier sending counts", 4, 0, false, 9900, "a0 a1 a4",
	  "o 1-4 2-5 6-8" },
	{ "an ACK of all but the last block is no gap", 4, 0, false, 9900,
	  "a0 t a3 a7 +10 a7", "o 1-4 1-4 5-7 8-11 . 8-11" },
	{ "the last window is short", 4, 0, false, 550, "a0 a4 a6", "o 1-4 5-6 done" },
	{ "progress up to the last block", 4, 0, false, 550, "a0 a4 a5 a6",
	  "o 1-4 5-6 6-6 done" },
	{ "a size that is not known yet has no end", 2, 0, false, -1, "a0 a2 a4",
	  "o 1-2 3-4 5-6" },
};

struct play {
	struct session s;
	int64_t now_us;
	char said[512];
};

static void add(struct play *p, const char *word)
{
	size_t used = strlen(p->said);

	snprintf(p->said + used, sizeof(p->said) - used, "%s%s", used ? " " : "", word);
}

static void add_blocks(struct play *p)
{
	uint64_t first = p->s.window.sent + 1, room = session_room(&p->s);
	char word[64];

	snprintf(word, sizeof(word), "%" PRIu64 "-%" PRIu64, first, first + room - 1);
	add(p, word);
	session_sent(&p->s, room, p->now_us);
}

static void obey(struct play *p, enum session_do what)
{
	switch (what) {
	case SESSION_WAIT:
		add(p, ".");
		break;
	case SESSION_SEND_OACK:
		add(p, "o");
		session_sent(&p->s, 0, p->now_us);
		break;
	case SESSION_SEND_BLOCKS:
		add_blocks(p);
		break;
	case SESSION_FINISH:
		add(p, session_end_name(p->s.end));
		break;
	}
}

static enum session_do packet(struct play *p, enum tftp_op op, const char *block)
{
	struct tftp_packet packet = { .op = op,
				      .block = (uint16_t)strtoul(block, NULL, 10) };

	return session_packet(&p->s, &packet, p->now_us);
}

static enum session_do step(struct play *p, const char *word)
{
	switch (*word) {
	case 'a':
		return packet(p, TFTP_ACK, word + 1);
	case 'e':
		return packet(p, TFTP_ERROR, "8");
	case 'd':
		return packet(p, TFTP_DATA, "1");
	case 'r':
		return session_again(&p->s, p->now_us);
	case '+':
		p->now_us += strtol(word + 1, NULL, 10) * 1000;
		return SESSION_WAIT;
	}
	if (p->s.due_us > p->now_us)
		p->now_us = p->s.due_us;
	return session_due(&p->s, p->now_us);
}

static struct tftp_grant grant_of(const struct row *row)
{
	struct tftp_grant g = { .blksize = BLKSIZE,
				.windowsize = row->windowsize,
				.timeout_s = row->timeout_s };

	if (!row->plain)
		tftp_add(&g.oack, TFTP_TSIZE, 0);
	return g;
}

static void goes_as_it_should(void **state)
{
	const struct row *row = *state;
	struct tftp_grant grant = grant_of(row);
	struct play p = { .now_us = 1000000 };
	char steps[256], *save, *word;

	snprintf(steps, sizeof(steps), "%s", row->steps);
	obey(&p, session_start(&p.s, &grant, row->octets, 30 * SESSION_US, p.now_us));
	for (word = strtok_r(steps, " ", &save); word; word = strtok_r(NULL, " ", &save))
		obey(&p, step(&p, word));
	assert_string_equal(p.said, row->want);
}

static void begin(struct play *p, uint16_t windowsize, uint8_t timeout_s)
{
	struct row row = { .windowsize = windowsize, .timeout_s = timeout_s };
	struct tftp_grant grant = grant_of(&row);

	*p = (struct play){ .now_us = 1000000 };
	obey(p, session_start(&p->s, &grant, 100000000, 30 * SESSION_US, p->now_us));
}

/* T04: 65535 is followed by 0, and old ACKs of before are not taken for new ones. */
static void blocks_roll_over(void **state)
{
	struct play p;

	(void)state;
	begin(&p, 1, 0);
	packet(&p, TFTP_ACK, "0");
	for (uint64_t n = 1; n <= 200000; n++) {
		struct tftp_packet ack = { .op = TFTP_ACK, .block = (uint16_t)n };

		session_sent(&p.s, session_room(&p.s), p.now_us);
		assert_int_equal(p.s.window.sent, n);
		assert_int_equal(session_packet(&p.s, &ack, p.now_us),
				 SESSION_SEND_BLOCKS);
		ack.block--;
		assert_int_equal(session_packet(&p.s, &ack, p.now_us), SESSION_WAIT);
	}
	assert_int_equal(session_octets(&p.s), 200000 * BLKSIZE);
}

static void the_timer_follows_the_round_trip(void **state)
{
	struct play p;

	(void)state;
	begin(&p, 1, 0);
	assert_int_equal(p.s.rto_us, SESSION_RTO_FIRST_US);
	p.now_us += 200;
	obey(&p, packet(&p, TFTP_ACK, "0"));
	assert_int_equal(p.s.rto_us, SESSION_RTO_MIN_US);
	p.now_us += 100000;
	obey(&p, packet(&p, TFTP_ACK, "1"));
	assert_in_range(p.s.rto_us, 100000, 120000);
}

/* Karn: nobody can say which of two sendings an ACK belongs to. */
static void a_repeat_is_not_measured(void **state)
{
	struct play p;

	(void)state;
	begin(&p, 1, 0);
	p.now_us += 10000;
	obey(&p, packet(&p, TFTP_ACK, "0"));
	assert_int_equal(p.s.srtt_us, 10000);
	obey(&p, step(&p, "t"));
	p.now_us += 100;
	obey(&p, packet(&p, TFTP_ACK, "1"));
	assert_int_equal(p.s.srtt_us, 10000);
	assert_int_equal(p.s.repeats, 1);
	p.now_us += 2000;
	obey(&p, packet(&p, TFTP_ACK, "2"));
	assert_int_equal(p.s.srtt_us, 9000);
}

/* T19 */
static void an_agreed_timeout_is_kept(void **state)
{
	struct play p;
	int64_t sent_us;

	(void)state;
	begin(&p, 1, 3);
	p.now_us += 100;
	obey(&p, packet(&p, TFTP_ACK, "0"));
	sent_us = p.now_us;
	for (int i = 1; i <= 3; i++) {
		obey(&p, step(&p, "t"));
		assert_int_equal(p.now_us - sent_us, i * 3 * SESSION_US);
	}
}

static void windows_own_ack_sets_the_next_window(void **state)
{
	struct tftp_packet ack = { .op = TFTP_ACK, .next_window = 2 };
	struct play p;

	(void)state;
	begin(&p, 8, 0);
	p.s.grant.msftwindow = true;
	obey(&p, session_packet(&p.s, &ack, p.now_us));
	ack.block = 2;
	ack.next_window = 200;
	obey(&p, session_packet(&p.s, &ack, p.now_us));
	assert_string_equal(p.said, "o 1-2 3-10");
}

static void take_ack(struct play *p, uint16_t block)
{
	const struct tftp_packet ack = { .op = TFTP_ACK, .block = block };

	p->now_us += 10000;
	obey(p, session_packet(&p->s, &ack, p->now_us));
}

static void what_gets_lost_goes_in_smaller_bursts(void **state)
{
	uint16_t block = 0;
	struct play p;

	(void)state;
	begin(&p, 8, 0);
	take_ack(&p, 0);
	assert_int_equal(session_pause_us(&p.s), 0);
	take_ack(&p, block = 3);
	assert_int_equal(p.s.burst, 4);
	assert_true(session_pause_us(&p.s) > 0);
	take_ack(&p, block += 3);
	take_ack(&p, block += 3);
	assert_int_equal(p.s.burst, 2);
	for (int i = 0; i < 100 && p.s.burst < 8; i++)
		take_ack(&p, block += 8);
	assert_int_equal(p.s.burst, 8);
	assert_int_equal(session_pause_us(&p.s), 0);
}

static void a_loss_now_and_then_changes_nothing(void **state)
{
	uint16_t block = 0;
	struct play p;

	(void)state;
	begin(&p, 8, 0);
	take_ack(&p, 0);
	for (int i = 0; i < 10; i++) {
		take_ack(&p, block += 8);
		take_ack(&p, block += 8);
		take_ack(&p, block += 3);
	}
	assert_int_equal(p.s.burst, 8);
	/* A switch that is too slow lets a window through now and then. */
	take_ack(&p, block += 8);
	take_ack(&p, block += 3);
	assert_int_equal(p.s.burst, 4);
}

static void an_answer_ends_the_back_off(void **state)
{
	struct play p;

	(void)state;
	begin(&p, 8, 0);
	take_ack(&p, 0);
	take_ack(&p, 8);
	p.now_us = p.s.due_us;
	obey(&p, session_due(&p.s, p.now_us));
	p.now_us = p.s.due_us;
	obey(&p, session_due(&p.s, p.now_us));
	assert_int_equal(p.s.rto_us, 4 * 40000);
	take_ack(&p, 16);
	assert_int_equal(p.s.rto_us, 40000);
}

/* Its client counts from another block: that is no reason to send anything again. */
static void an_ack_within_a_burst_is_no_gap(void **state)
{
	const struct tftp_packet ack = { .op = TFTP_ACK, .block = 3 };
	struct play p;

	(void)state;
	begin(&p, 8, 0);
	take_ack(&p, 0);
	p.s.window.sent = 4; /* as if four of the eight were still to go */
	assert_int_equal(session_packet(&p.s, &ack, p.now_us), SESSION_SEND_BLOCKS);
	assert_int_equal(p.s.window.sent, 4);
	assert_int_equal(session_room(&p.s), 7);
}

static void a_pace_gives_turns_in_order(void **state)
{
	struct pace none = { 0 }, slow = { .rate = 1000000 };
	int64_t now_us = 5 * SESSION_US;

	(void)state;
	assert_int_equal(pace_take(&none, 1 << 30, now_us), now_us);
	assert_int_equal(pace_take(&slow, PACE_SLACK_US, now_us), now_us);
	assert_int_equal(pace_take(&slow, 500, now_us), now_us);
	assert_int_equal(pace_take(&slow, 500, now_us), now_us + 500);
	assert_int_equal(pace_take(&slow, 500, now_us), now_us + 1000);
	assert_int_equal(pace_turn(&slow, 500), 4);
	assert_int_equal(pace_turn(&slow, 9000), 1);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(blocks_roll_over),
		cmocka_unit_test(the_timer_follows_the_round_trip),
		cmocka_unit_test(a_repeat_is_not_measured),
		cmocka_unit_test(an_agreed_timeout_is_kept),
		cmocka_unit_test(windows_own_ack_sets_the_next_window),
		cmocka_unit_test(what_gets_lost_goes_in_smaller_bursts),
		cmocka_unit_test(a_loss_now_and_then_changes_nothing),
		cmocka_unit_test(an_answer_ends_the_back_off),
		cmocka_unit_test(an_ack_within_a_burst_is_no_gap),
		cmocka_unit_test(a_pace_gives_turns_in_order),
	};
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = goes_as_it_should,
						.initial_state = &rows[i] };
	memcpy(tests + ARRAY_LEN(rows), others, sizeof(others));
	return cmocka_run_group_tests_name("tftpd_session", tests, NULL, NULL);
}
