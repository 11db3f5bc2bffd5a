/*
 * libFuzzer entry: whatever a client sends and whenever it does, a transfer sends
 * at most a window for each thing that happens, and it ends.
 *
 * The input is read as: window size, options, file size, then steps of a kind and
 * two octets each.
 */
#include <stdlib.h>

#include "tools/tftpd-lite/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

#define IDLE_US (30 * (int64_t)SESSION_US)

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void obey(struct session *s, enum session_do what, int64_t now_us)
{
	uint64_t room = session_room(s);

	must(what != SESSION_FINISH || s->phase == SESSION_OVER);
	must(room <= s->window.size && s->window.size <= s->grant.windowsize);
	must(s->window.acked <= s->window.sent && s->window.sent <= s->window.high &&
	     s->window.high <= s->window.last);
	if (what == SESSION_SEND_OACK)
		session_sent(s, 0, now_us);
	if (what == SESSION_SEND_BLOCKS)
		session_sent(s, room, now_us);
}

static enum session_do step(struct session *s, const uint8_t *o, int64_t *now_us)
{
	uint16_t value = (uint16_t)(o[1] << 8 | o[2]);
	struct tftp_packet p = { .op = o[0] & 7,
				 .block = value,
				 .next_window = o[0] >> 3 };

	*now_us += (int64_t)(o[0] >> 3) * o[0] * 100;
	if (p.op == 0)
		*now_us += value * (int64_t)1000;
	if (p.op == 0)
		return session_due(s, *now_us);
	if (p.op == 7)
		return session_again(s, *now_us);
	if (o[0] & 8)
		p.block = (uint16_t)(s->window.acked + o[2] % 70);
	return session_packet(s, &p, *now_us);
}

/* A client that is gone is forgotten after a bounded time and number of repeats. */
static void must_end(struct session *s, int64_t now_us)
{
	int64_t limit_us =
		now_us + IDLE_US + (SESSION_TRIES + 4) * (int64_t)255 * SESSION_US;
	int timers = 0;

	while (s->phase != SESSION_OVER) {
		must(++timers < 100 && now_us <= limit_us);
		if (s->due_us > now_us)
			now_us = s->due_us;
		obey(s, session_due(s, now_us), now_us);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct tftp_grant g = { .blksize = 512 };
	int64_t now_us = 1;
	struct session s;

	if (len < 4)
		return 0;
	g.windowsize = (uint16_t)(octets[0] % 64 + 1);
	g.timeout_s = octets[1] & 1 ? octets[1] : 0;
	g.msftwindow = octets[1] & 2;
	if (octets[1] & 4)
		tftp_add(&g.oack, TFTP_TSIZE, 0);
	obey(&s,
	     session_start(&s, &g,
			   octets[1] & 8 ? -1 : (octets[2] << 16 | octets[3] << 8),
			   IDLE_US, now_us),
	     now_us);
	for (size_t i = 4; i + 3 <= len; i += 3)
		obey(&s, step(&s, octets + i, &now_us), now_us);
	must_end(&s, now_us);
	return 0;
}
