#include "config.h"

#include "tools/tftpd-lite/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/event.h"
#include "lib/sys/emit.h"

#define STATUS_OTHER 9 /* it went wrong, and TFTP has no number for it */

/* Text that is put together piece by piece; what does not fit is left out. */
struct line {
	char *text;
	size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void say(struct line *l, const char *format,
						      ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(l->text + l->used, l->size - l->used, format, ap);
	va_end(ap);
	if (n > 0)
		l->used =
			l->used + (size_t)n < l->size ? l->used + (size_t)n : l->size - 1;
}

static bool may_tell(struct report *r, int64_t now_us)
{
	if (now_us - r->second_us >= SESSION_US) {
		r->second_us = now_us;
		r->told = 0;
	}
	if (r->told < REPORT_FORGEABLE) {
		r->told++;
		return true;
	}
	r->left_out++;
	return false;
}

static void say_left_out(struct report *r, struct line *l)
{
	if (r->left_out)
		say(l, "; %" PRIu64 " others were left out", r->left_out);
	r->left_out = 0;
}

static void about_peer(struct event *ev, const struct peer *peer)
{
	char text[PEER_TEXT];

	peer_text(peer, text);
	snprintf(ev->address, sizeof(ev->address), "%.45s", text);
}

static void about(struct event *ev, const struct asker *asker)
{
	about_peer(ev, asker->peer);
	ev->key.has_mac = asker->has_mac;
	ev->key.mac = asker->mac;
	if (asker->network)
		snprintf(ev->network, sizeof(ev->network), "%s", asker->network->name);
}

static void say_options(struct line *l, const struct tftp_options *granted)
{
	for (size_t i = 0; i < granted->count; i++)
		say(l, "%s%s %" PRIu64, i ? ", " : "; ",
		    tftp_option_name(granted->order[i]),
		    granted->value[granted->order[i]]);
}

static void say_transfer(struct line *l, const struct transfer *t, const char *note)
{
	const struct session *s = &t->session;

	say(l, "%s", session_end_name(s->end));
	if (note && *note)
		say(l, " (%s)", note);
	if (t->path)
		say(l, "; %s", t->path);
	say_options(l, &s->grant.oack);
	say(l, "; %" PRIu64 " blocks, %" PRIu64 " repeated, %u timeouts", s->sends,
	    s->repeats, s->timeouts);
}

static int64_t status_of(enum session_end end)
{
	switch (end) {
	case SESSION_DONE:
	case SESSION_UNCONFIRMED:
	case SESSION_PROBE:
		return 0;
	default:
		return STATUS_OTHER;
	}
}

void report_transfer(struct report *r, const struct transfer *t, const char *note,
		     int64_t now_us)
{
	struct event ev = event_new(EVENT_TRANSFER);
	struct line l = { ev.text, sizeof(ev.text), 0 };

	if (!t->session.heard && t->session.end != SESSION_PROBE && !may_tell(r, now_us))
		return;
	about(&ev, &t->asker);
	snprintf(ev.file, sizeof(ev.file), "%s", t->name);
	snprintf(ev.action, sizeof(ev.action), "%s", session_end_name(t->session.end));
	ev.octets = (int64_t)session_octets(&t->session);
	ev.ms = (now_us - t->session.started_us) / 1000;
	ev.status = status_of(t->session.end);
	say_transfer(&l, t, note);
	say_left_out(r, &l);
	emit(&ev);
}

void report_refused(struct report *r, const struct asker *asker, const char *name,
		    enum tftp_code code, const char *why, int64_t now_us)
{
	struct event ev = event_new(EVENT_TRANSFER);
	struct line l = { ev.text, sizeof(ev.text), 0 };

	if (!may_tell(r, now_us))
		return;
	about(&ev, asker);
	snprintf(ev.file, sizeof(ev.file), "%s", name);
	snprintf(ev.action, sizeof(ev.action), "%s", session_end_name(SESSION_REFUSED));
	ev.octets = 0;
	ev.ms = 0;
	ev.status = code ? (int64_t)code : STATUS_OTHER;
	say(&l, "refused (%s)", why);
	say_left_out(r, &l);
	emit(&ev);
}

void report_malformed(struct report *r, const struct peer *peer, const char *why,
		      int64_t now_us)
{
	struct event ev = event_new(EVENT_MALFORMED);
	struct line l = { ev.text, sizeof(ev.text), 0 };

	if (!may_tell(r, now_us))
		return;
	about_peer(&ev, peer);
	say(&l, "%s", why);
	say_left_out(r, &l);
	emit(&ev);
}
