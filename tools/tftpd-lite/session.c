#include "config.h"

#include "tools/tftpd-lite/session.h"

#include <stdlib.h>

#define BURST_MIN 2
#define NOW_AND_THEN 2  /* whole windows between two losses */
#define WHOLE_WINDOWS 4 /* before there are more at once */
#define PAUSE_MIN_US 100
#define PAUSE_MAX_US 2000

static const char *const end_names[SESSION_ENDS] = {
	[SESSION_DONE] = "done",
	[SESSION_UNCONFIRMED] = "unconfirmed",
	[SESSION_PROBE] = "probe",
	[SESSION_ABORTED] = "aborted",
	[SESSION_SILENT] = "silent",
	[SESSION_UNANSWERED] = "unanswered",
	[SESSION_UNREACHABLE] = "unreachable",
	[SESSION_REPLACED] = "replaced",
	[SESSION_CHANGED] = "changed",
	[SESSION_FAILED] = "failed",
	[SESSION_STOPPED] = "stopped",
	[SESSION_REFUSED] = "refused",
};

const char *session_end_name(enum session_end end)
{
	return end_names[end];
}

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
	if (v < low)
		return low;
	return v > high ? high : v;
}

static uint64_t last_block(const struct tftp_grant *grant, int64_t octets)
{
	return octets < 0 ? WINDOW_UNKNOWN : (uint64_t)octets / grant->blksize + 1;
}

enum session_do session_start(struct session *s, const struct tftp_grant *grant,
			      int64_t octets, int64_t idle_us, int64_t now_us)
{
	*s = (struct session){
		.grant = *grant,
		.window = window_new(last_block(grant, octets), grant->windowsize),
		.octets = octets < 0 ? 0 : (uint64_t)octets,
		.idle_us = idle_us,
		.burst = grant->windowsize,
		.clean = true,
		.started_us = now_us,
		.progress_us = now_us,
		.sent_us = now_us,
		.rto_us = grant->timeout_s ? grant->timeout_s * (int64_t)SESSION_US
					   : SESSION_RTO_FIRST_US,
	};
	s->due_us = now_us + s->rto_us;
	s->phase = grant->oack.count ? SESSION_OFFERED : SESSION_SENDING;
	return s->phase == SESSION_OFFERED ? SESSION_SEND_OACK : SESSION_SEND_BLOCKS;
}

void session_finish(struct session *s, enum session_end end)
{
	s->phase = SESSION_OVER;
	s->end = end;
}

static enum session_do finish(struct session *s, enum session_end end)
{
	session_finish(s, end);
	return SESSION_FINISH;
}

uint64_t session_room(const struct session *s)
{
	return s->phase == SESSION_SENDING ? window_room(&s->window) : 0;
}

uint64_t session_turn(const struct session *s)
{
	uint64_t room = session_room(s);

	return room < s->burst ? room : s->burst;
}

/* A round trip: by then the last ones have left the switch, most often. */
int64_t session_pause_us(const struct session *s)
{
	if (s->burst >= s->window.size)
		return 0;
	return clamp(s->srtt_us > s->pause_us ? s->srtt_us : s->pause_us, PAUSE_MIN_US,
		     PAUSE_MAX_US);
}

/*
 * A window that gets lost now and then says nothing of how many may go at once; a
 * switch that is too slow for them takes some of each.
 */
static void slower(struct session *s)
{
	bool now_and_then = s->whole >= NOW_AND_THEN;

	s->whole = 0;
	if (now_and_then)
		return;
	if (s->burst > BURST_MIN)
		s->burst = s->burst / 2 > BURST_MIN ? s->burst / 2 : BURST_MIN;
	else
		s->pause_us = clamp(2 * session_pause_us(s), 0, PAUSE_MAX_US);
}

static void faster(struct session *s)
{
	if (++s->whole < WHOLE_WINDOWS || s->burst >= s->grant.windowsize)
		return;
	s->whole = 1;
	if (s->pause_us > s->srtt_us)
		s->pause_us /= 2;
	else
		s->burst = 2 * s->burst < s->grant.windowsize ? 2 * s->burst
							      : s->grant.windowsize;
}

/*
 * This bounds amplification: an OACK is small, but a block is not, and who lacks the
 * first one asks again.
 */
static unsigned tries_allowed(const struct session *s)
{
	if (s->heard)
		return SESSION_TRIES;
	return s->phase == SESSION_OFFERED ? SESSION_TRIES_OFFER : 0;
}

/*
 * When a client that has had all its repeats is given up: one that lacks nothing
 * but the last ACK soon, one that may only be busy (GRUB, PXELINUX) late.
 */
static int64_t given_up_us(const struct session *s)
{
	if (s->heard && s->window.high == s->window.last)
		return s->sent_us + s->rto_us;
	if (s->heard)
		return s->progress_us + s->idle_us;
	return s->started_us + clamp(3 * s->rto_us, SESSION_UNHEARD_US, s->idle_us);
}

static void schedule(struct session *s)
{
	int64_t quiet = s->sent_us + s->rto_us, end = given_up_us(s);

	s->due_us = s->tries < tries_allowed(s) || end < quiet ? quiet : end;
}

void session_sent(struct session *s, uint64_t blocks, int64_t now_us)
{
	uint64_t high = s->window.high;

	window_sent(&s->window, blocks);
	s->sends += blocks;
	s->repeats += blocks - (s->window.high - high);
	s->sent_us = now_us;
	schedule(s);
}

/* An ACK that takes longer than this does not come: emulated firmware is uneven. */
static int64_t longest_us(const struct session *s)
{
	int64_t uneven_us = s->srtt_us + 4 * s->rttvar_us;

	return uneven_us > 4 * s->srtt_us ? uneven_us : 4 * s->srtt_us;
}

/* An answer to what was sent just once tells how long the way is. */
static void measure(struct session *s, int64_t now_us)
{
	int64_t sample = clamp(now_us - s->sent_us, 1, SESSION_RTO_MAX_US);

	if (s->srtt_us) {
		s->rttvar_us = (3 * s->rttvar_us + llabs(s->srtt_us - sample)) / 4;
		s->srtt_us = (7 * s->srtt_us + sample) / 8;
	} else {
		s->rttvar_us = sample / 2;
		s->srtt_us = sample;
	}
}

/* Whoever answers ends the back-off: what was measured before it holds again. */
static void end_back_off(struct session *s)
{
	if (s->srtt_us && !s->grant.timeout_s)
		s->rto_us = clamp(longest_us(s), SESSION_RTO_MIN_US, SESSION_RTO_MAX_US);
}

/* The whole window was acknowledged, or a part of it: what follows is new, or is not. */
static enum session_do progress(struct session *s, int64_t now_us)
{
	if (s->clean)
		measure(s, now_us);
	end_back_off(s);
	s->clean = s->window.sent == s->window.high;
	s->heard = true;
	s->tries = 0;
	s->progress_us = now_us;
	schedule(s);
	return SESSION_SEND_BLOCKS;
}

static enum session_do repeat(struct session *s)
{
	s->clean = false;
	return s->phase == SESSION_OFFERED ? SESSION_SEND_OACK : SESSION_SEND_BLOCKS;
}

/* A client that comes back after we fell silent is answered, once a second. */
static bool revives(const struct session *s, int64_t now_us)
{
	return s->tries >= SESSION_TRIES && now_us - s->sent_us >= SESSION_US;
}

static enum session_do ack_again(struct session *s, int64_t now_us)
{
	if (!revives(s, now_us))
		return SESSION_WAIT;
	window_back(&s->window);
	return repeat(s);
}

/* Windows' own extension: the next window's size, at most what was agreed on. */
static void next_window(struct session *s, uint8_t size)
{
	if (s->grant.msftwindow && size)
		s->window.size = size < s->grant.windowsize ? size : s->grant.windowsize;
}

static enum session_do ack_of_block(struct session *s, uint16_t block, uint8_t next,
				    int64_t now_us)
{
	/* Sooner, it is about what was on its way before. */
	bool may_repeat = now_us - s->sent_us >= s->srtt_us / 2;

	switch (window_ack(&s->window, block, may_repeat)) {
	case WINDOW_MOVED:
		next_window(s, next);
		s->window.answered ? slower(s) : faster(s);
		return progress(s, now_us);
	case WINDOW_DONE:
		s->heard = true;
		return finish(s, SESSION_DONE);
	case WINDOW_REPEAT:
		s->heard = true;
		slower(s);
		return repeat(s);
	case WINDOW_AGAIN:
		return ack_again(s, now_us);
	case WINDOW_NOTHING:
		break;
	}
	return SESSION_WAIT;
}

static enum session_do ack_of_offer(struct session *s, uint16_t block, uint8_t next,
				    int64_t now_us)
{
	if (block != 0)
		return SESSION_WAIT;
	s->phase = SESSION_SENDING;
	next_window(s, next);
	return progress(s, now_us);
}

static enum session_do client_error(struct session *s)
{
	bool probe = s->phase == SESSION_OFFERED && tftp_has(&s->grant.oack, TFTP_TSIZE);

	return finish(s, probe ? SESSION_PROBE : SESSION_ABORTED);
}

enum session_do session_packet(struct session *s, const struct tftp_packet *packet,
			       int64_t now_us)
{
	if (s->phase == SESSION_OVER)
		return SESSION_WAIT;
	if (packet->op == TFTP_ERROR)
		return client_error(s);
	if (packet->op != TFTP_ACK)
		return SESSION_WAIT;
	if (s->phase == SESSION_OFFERED)
		return ack_of_offer(s, packet->block, packet->next_window, now_us);
	return ack_of_block(s, packet->block, packet->next_window, now_us);
}

/* The answer got lost; one for one, so nothing is amplified. */
enum session_do session_again(struct session *s, int64_t now_us)
{
	if (s->phase == SESSION_OVER || s->heard)
		return SESSION_WAIT;
	s->started_us = now_us;
	window_back(&s->window);
	return repeat(s);
}

static enum session_end given_up(const struct session *s)
{
	if (!s->heard)
		return SESSION_UNANSWERED;
	return s->window.high == s->window.last ? SESSION_UNCONFIRMED : SESSION_SILENT;
}

static void back_off(struct session *s)
{
	s->tries++;
	s->timeouts++;
	if (s->heard)
		slower(s);
	if (!s->grant.timeout_s)
		s->rto_us = clamp(2 * s->rto_us, SESSION_RTO_MIN_US, SESSION_RTO_MAX_US);
}

enum session_do session_due(struct session *s, int64_t now_us)
{
	if (s->phase == SESSION_OVER || now_us < s->due_us)
		return SESSION_WAIT;
	if (s->tries < tries_allowed(s)) {
		back_off(s);
		window_back(&s->window);
		s->due_us = now_us + s->rto_us;
		return repeat(s);
	}
	if (now_us >= given_up_us(s))
		return finish(s, given_up(s));
	schedule(s);
	return SESSION_WAIT;
}

uint64_t session_octets(const struct session *s)
{
	uint64_t octets = s->window.acked * s->grant.blksize;

	return octets < s->octets || s->window.last == WINDOW_UNKNOWN ? octets
								      : s->octets;
}
