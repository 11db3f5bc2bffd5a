#include "config.h"

#include "tools/pxeproxy/serve.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "lib/core/alive.h"
#include "lib/sys/emit.h"
#include "lib/sys/now.h"
#include "lib/sys/service.h"

#define TELL_MS 10   /* how long events wait while packets leave no time for them */
#define FLUSH_MS 100 /* how soon to try again if a reader of events is slow */
#define COMPLAIN_MS 1000

/* One request on its way through. */
struct turn {
	uint8_t *octets; /* the request, then the reply */
	size_t len;
	struct arrival via;
	struct dhcp request;
	struct facts facts;
	struct answer answer;
};

static bool is_served(const struct server *s, const char *interface)
{
	for (size_t i = 0; i < s->interfaces; i++)
		if (strcmp(s->interface[i], interface) == 0)
			return true;
	return s->interfaces == 0;
}

/*
 * A router also sees unicasts that only pass through it.  What came to a socket before
 * it was handed to us has no interface; that client will ask again.
 */
static bool is_for_us(const struct server *s, const struct arrival *via)
{
	return via->port && via->interface && ifaces_hear(&s->ifaces, via->to) &&
	       is_served(s, ifaces_name(&s->ifaces, via->interface));
}

/* A reply: not ours to answer, but perhaps one that spoils ours. */
static void judge(struct server *s, const struct turn *t, int64_t monotonic_ms)
{
	enum watch_fault fault = watch_fault_of(&t->request, t->via.from_port);
	uint32_t server = t->request.server;

	if (fault != WATCH_NONE && !ifaces_is_ours(&s->ifaces, t->via.from) &&
	    !ifaces_is_ours(&s->ifaces, server) &&
	    watch_due(&s->watch, server, fault, monotonic_ms))
		tell_fault(fault, &t->request, ifaces_name(&s->ifaces, t->via.interface));
}

static bool decode(struct server *s, struct turn *t, int64_t monotonic_ms)
{
	const char *why;

	if (dhcp_decode(t->octets, t->len, &t->request, &why)) {
		if (t->via.port == DHCP_SERVER_PORT && t->request.type == DHCP_REQUEST)
			turns_taken(&s->turns, t->request.chaddr);
		if (t->via.port == DHCP_CLIENT_PORT)
			judge(s, t, monotonic_ms);
		return answer_wanted(&t->request, t->via.port);
	}
	if (t->via.port != DHCP_CLIENT_PORT)
		tell_malformed(&s->malformed, &t->via,
			       ifaces_name(&s->ifaces, t->via.interface), why,
			       monotonic_ms);
	return false;
}

static void plan(struct server *s, struct turn *t, int64_t monotonic_ms)
{
	struct sources sources = { .conf = s->conf,
				   .ifaces = &s->ifaces,
				   .database = &s->database,
				   .turns = &s->turns,
				   .now_ms = now_ms(),
				   .monotonic_ms = monotonic_ms };

	facts_of(&sources, &t->request, &t->via, &t->facts);
	t->answer = answer(&t->request, &t->facts.answer);
}

static bool encode(struct turn *t)
{
	if (t->answer.kind != ANSWER_OFFER && t->answer.kind != ANSWER_ACK)
		return false;
	if (dhcp_encode(&t->answer.reply, t->octets, dhcp_room(&t->request), &t->len))
		return true;
	t->answer.kind = ANSWER_SILENT;
	t->answer.rule = "too-long";
	t->answer.why = "the reply is longer than the client can take";
	return false;
}

static void send_reply(struct server *s, const struct turn *t)
{
	if (!s->dry_run)
		outbox_put(&s->outbox, &s->ports, &t->via, &t->answer, t->facts.local,
			   t->octets, t->len);
}

/* What could not be sent is said once a second at most. */
static void send_replies(struct server *s, int64_t monotonic_ms)
{
	struct outbox *out = &s->outbox;

	outbox_send(out);
	if (out->failed &&
	    (!s->send_failed_ms || monotonic_ms - s->send_failed_ms >= COMPLAIN_MS)) {
		s->send_failed_ms = monotonic_ms;
		errno = out->why;
		warn("%s: cannot send a reply", ifaces_name(&s->ifaces, out->interface));
	}
	out->failed = 0;
}

/* The last reply is not kept waiting for what is told about it. */
static void serve_one(struct server *s, struct turn *t, bool last, int64_t monotonic_ms)
{
	if (!is_for_us(s, &t->via) || !decode(s, t, monotonic_ms))
		return;
	plan(s, t, monotonic_ms);
	if (encode(t))
		send_reply(s, t);
	if (last)
		send_replies(s, monotonic_ms);
	tell_answer(&s->tell, &t->request, &t->via, &t->facts, &t->answer, monotonic_ms);
}

/* The database is looked at once for packets that were all there before. */
static void serve_port(struct server *s, struct port *port, int64_t monotonic_ms)
{
	static struct inbox in;
	static struct turn t;

	port_receive(port, &in);
	if (!in.count)
		return;
	ifaces_refresh(&s->ifaces, monotonic_ms);
	database_look(&s->database, monotonic_ms);
	for (size_t i = 0; i < in.count; i++) {
		t.octets = in.datagram[i].octets;
		t.len = in.datagram[i].len;
		t.via = in.datagram[i].via;
		serve_one(s, &t, i + 1 == in.count, monotonic_ms);
	}
	send_replies(s, monotonic_ms);
	database_rest(&s->database);
}

/* A broken file changes nothing: what was read before still holds. */
void serve_tell(const struct conf *conf)
{
	char networks[JOB_TEXT];

	conf_networks_text(conf, networks, sizeof(networks));
	emit_service(conf->site, "pxeproxy", networks);
}

static void reload(struct server *s)
{
	struct conf *conf;

	service_reload = 0;
	service_notify("RELOADING=1");
	conf = conf_load(s->conf_path);
	if (conf) {
		database_close(&s->database);
		conf_free(s->conf);
		s->conf = conf;
		serve_tell(conf);
		s->database = (struct database){ .path = conf->database };
	} else {
		warnx("the configuration is not reloaded; the old one stays");
	}
	service_notify("READY=1");
}

/* Signals are let in only while poll sleeps, so that none comes unseen between. */
static sigset_t block_signals(void)
{
	sigset_t ours, before;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGHUP);
	sigprocmask(SIG_BLOCK, &ours, &before);
	return before;
}

static void tell(struct server *s, int64_t monotonic_ms)
{
	tell_repeats(&s->tell, monotonic_ms, false);
	tell_malformed_rest(&s->malformed, monotonic_ms, false);
	emit_flush();
	emit_alive(monotonic_ms);
	s->told_ms = monotonic_ms;
}

static const struct timespec *sleep_of(const struct server *s, struct timespec *ts)
{
	int64_t ms = s->watchdog_ms ? s->watchdog_ms / 3 : ALIVE_MS;

	if (ms > ALIVE_MS)
		ms = ALIVE_MS;
	if (emit_waits() || s->tell.waiting || s->malformed.untold)
		ms = ms < FLUSH_MS ? ms : FLUSH_MS;
	*ts = (struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	return ts;
}

/* Events are written when there is nothing else to do. */
static int wait_for_packets(struct server *s, struct pollfd *fds, const sigset_t *let_in)
{
	static const struct timespec at_once = { 0 };
	struct timespec ts;
	int n = ppoll(fds, 2, &at_once, NULL);

	if (n != 0)
		return n;
	tell(s, now_monotonic_ms());
	return ppoll(fds, 2, sleep_of(s, &ts), let_in);
}

/* A stream of packets keeps off neither readers of events nor signals. */
static void tell_in_time(struct server *s, const sigset_t *let_in, int64_t monotonic_ms)
{
	sigset_t ours;

	if (monotonic_ms - s->told_ms < TELL_MS)
		return;
	tell(s, monotonic_ms);
	sigprocmask(SIG_SETMASK, let_in, &ours);
	sigprocmask(SIG_SETMASK, &ours, NULL);
}

static void feed_watchdog(struct server *s, int64_t monotonic_ms)
{
	if (!s->watchdog_ms || monotonic_ms - s->fed_ms < s->watchdog_ms / 3)
		return;
	s->fed_ms = monotonic_ms;
	service_notify("WATCHDOG=1");
}

void serve(struct server *s)
{
	struct pollfd fds[] = { { .fd = s->ports.dhcp.fd, .events = POLLIN },
				{ .fd = s->ports.pxe.fd, .events = POLLIN } };
	sigset_t before = block_signals();
	int64_t monotonic_ms;

	s->watchdog_ms = service_watchdog_ms();
	emit_flush();
	emit_hold(true);
	while (!service_stop) {
		if (service_reload)
			reload(s);
		if (wait_for_packets(s, fds, &before) < 0)
			continue;
		monotonic_ms = now_monotonic_ms();
		feed_watchdog(s, monotonic_ms);
		if (fds[0].revents)
			serve_port(s, &s->ports.dhcp, monotonic_ms);
		if (fds[1].revents)
			serve_port(s, &s->ports.pxe, monotonic_ms);
		tell_in_time(s, &before, monotonic_ms);
	}
	tell_repeats(&s->tell, 0, true);
	tell_malformed_rest(&s->malformed, 0, true);
	emit_hold(false);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
