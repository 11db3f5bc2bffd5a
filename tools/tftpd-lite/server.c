#include "config.h"

#include "tools/tftpd-lite/server.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/emit.h"
#include "lib/sys/service.h"

#define EVENTS 32

static int64_t clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * SESSION_US + ts.tv_nsec / 1000;
}

static int watch(const struct server *sv, int fd, int operation, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return epoll_ctl(sv->epoll, operation, fd, &e);
}

/*
 * Edge-triggered: a socket that has been read to its end costs nothing until the
 * next packet comes.
 */
#define SOCKET_EVENTS (EPOLLIN | EPOLLET)

static int watch_all(const struct server *sv)
{
	const struct sockets *s = &sv->sockets;

	for (size_t i = 0; i < s->listeners; i++)
		if (watch(sv, s->listener[i], EPOLL_CTL_ADD, SOCKET_EVENTS) < 0)
			return -1;
	if (s->transfer4 >= 0 &&
	    watch(sv, s->transfer4, EPOLL_CTL_ADD, SOCKET_EVENTS) < 0)
		return -1;
	return s->transfer6 >= 0 ? watch(sv, s->transfer6, EPOLL_CTL_ADD, SOCKET_EVENTS)
				 : 0;
}

int server_begin(struct server *sv, const char *root)
{
	TAILQ_INIT(&sv->ready);
	sv->blocked = -1;
	sv->now_us = sv->last_us = clock_us();
	if (files_begin(&sv->files, root) < 0 ||
	    transfers_begin(&sv->transfers, SERVER_TRANSFERS, SERVER_UNHEARD) < 0)
		return -1;
	sv->epoll = epoll_create1(EPOLL_CLOEXEC);
	sv->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	sv->timer_us = INT64_MAX;
	if (sv->epoll < 0 || sv->timer < 0)
		return -1;
	return watch(sv, sv->timer, EPOLL_CTL_ADD, EPOLLIN) < 0 ? -1 : watch_all(sv);
}

void server_ready(struct server *sv, struct transfer *t)
{
	if (t->ready)
		return;
	TAILQ_INSERT_TAIL(&sv->ready, t, in_ready);
	t->ready = true;
}

/* A later time needs no work now: the heap looks too early, and then once more. */
void server_wake(struct server *sv, struct transfer *t)
{
	if (t->session.due_us < t->wake_us)
		transfers_wake(&sv->transfers, t, t->session.due_us);
}

void server_wait_for(struct server *sv, int fd)
{
	sv->blocked = fd;
	watch(sv, fd, EPOLL_CTL_MOD, SOCKET_EVENTS | EPOLLOUT);
}

static void writable(struct server *sv, int fd)
{
	sv->blocked = -1;
	watch(sv, fd, EPOLL_CTL_MOD, SOCKET_EVENTS);
}

void server_error(const struct server *sv, int fd, struct peer *peer, enum tftp_code code,
		  const char *text)
{
	uint8_t octets[128];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	(void)sv;
	tftp_put_error(&wr, code, text);
	if (pkt_put_end(&wr, &len))
		send_one(fd, peer, octets, len);
}

/* It is remembered for a while, so that what its client still sends is understood. */
static void over(struct server *sv, struct transfer *t, const char *note)
{
	report_transfer(&sv->report, t, note, sv->now_us);
	files_close(t->file);
	t->file = NULL;
	if (t->ready)
		TAILQ_REMOVE(&sv->ready, t, in_ready);
	t->ready = false;
	t->over_us = sv->now_us + SERVER_REMEMBER_US;
	transfers_pool(&sv->transfers, t);
	transfers_wake(&sv->transfers, t, t->over_us);
}

void server_end(struct server *sv, struct transfer *t, enum session_end end,
		const char *note)
{
	session_finish(&t->session, end);
	over(sv, t, note);
}

static void send_oack(struct server *sv, struct transfer *t)
{
	uint8_t octets[TFTP_OACK_SIZE];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	tftp_put_oack(&wr, &t->session.grant.oack);
	if (pkt_put_end(&wr, &len))
		send_one(t->fd, &t->peer, octets, len);
	session_sent(&t->session, 0, sv->now_us);
}

void server_do(struct server *sv, struct transfer *t, enum session_do what,
	       const char *note)
{
	if (what == SESSION_FINISH) {
		over(sv, t, note);
		return;
	}
	if (what == SESSION_SEND_OACK)
		send_oack(sv, t);
	if (what == SESSION_SEND_BLOCKS)
		server_ready(sv, t);
	if (t->session.heard)
		transfers_unpool(&sv->transfers, t);
	server_wake(sv, t);
}

void server_refusals(struct server *sv, int fd)
{
	struct peer peer;
	struct transfer *t;
	int what;

	while ((what = receive_refusal(fd, &peer)) >= 0) {
		t = what ? transfers_find(&sv->transfers, fd, &peer) : NULL;
		if (t && t->session.phase != SESSION_OVER)
			server_end(sv, t, SESSION_UNREACHABLE, NULL);
	}
}

/* RFC 1350 section 4: a wrong TID is told so, but not more often than is useful. */
static void stranger(struct server *sv, int fd, struct received *packet)
{
	uint16_t op = tftp_peek(packet->octets, packet->len);

	if (op != TFTP_ACK && op != TFTP_DATA)
		return;
	if (sv->now_us - sv->strangers_us >= SESSION_US) {
		sv->strangers_us = sv->now_us;
		sv->strangers = 0;
	}
	if (sv->strangers++ < SERVER_STRANGERS)
		server_error(sv, fd, &packet->peer, TFTP_UNKNOWN_TID, "no such transfer");
}

/* What a client says to its ERROR, as printable text. */
static const char *note_of(const struct tftp_packet *p, char note[static 64])
{
	size_t len = p->op == TFTP_ERROR ? pkt_left(&p->data) : 0;

	if (len > 63)
		len = 63;
	for (size_t i = 0; i < len; i++)
		note[i] = p->data.p[i] < ' ' || p->data.p[i] > '~' ? '?'
								   : (char)p->data.p[i];
	note[len] = '\0';
	return note;
}

static void transfer_packet(struct server *sv, int fd, struct received *packet)
{
	struct transfer *t = transfers_find(&sv->transfers, fd, &packet->peer);
	struct tftp_packet p;
	const char *why;
	char note[64];

	if (!t) {
		stranger(sv, fd, packet);
		return;
	}
	if (t->session.phase == SESSION_OVER ||
	    !tftp_get(packet->octets, packet->len, &p, &why))
		return;
	server_do(sv, t, session_packet(&t->session, &p, sv->now_us), note_of(&p, note));
}

static bool is_request(const struct received *packet)
{
	uint16_t op = tftp_peek(packet->octets, packet->len);

	return op != TFTP_ACK && op != TFTP_ERROR && op != TFTP_DATA;
}

static void one_packet(struct server *sv, int fd, struct received *packet)
{
	bool listener = fd != sv->sockets.transfer4 && fd != sv->sockets.transfer6;

	if (listener && (!sv->single_port || is_request(packet)))
		server_request(sv, sockets_answer(&sv->sockets, fd, sv->single_port),
			       packet);
	else
		transfer_packet(sv, fd, packet);
}

static void readable(struct server *sv, int fd)
{
	static struct received packets[RECEIVE_PACKETS];
	size_t count = receive(fd, packets);

	for (size_t i = 0; i < count; i++)
		one_packet(sv, fd, &packets[i]);
	if (count)
		sv->last_us = sv->now_us;
	/* There may be more: epoll says so once again, after the others had their turn.
	 */
	if (count == RECEIVE_PACKETS && fd != sv->blocked)
		watch(sv, fd, EPOLL_CTL_MOD, SOCKET_EVENTS);
	else if (count == RECEIVE_PACKETS)
		watch(sv, fd, EPOLL_CTL_MOD, SOCKET_EVENTS | EPOLLOUT);
}

static void timer_event(struct server *sv)
{
	uint64_t times;

	if (read(sv->timer, &times, sizeof(times)) < 0)
		return;
	sv->timer_us = INT64_MAX;
	emit_flush();
}

/* The signals that are handled elsewhere. */
static sigset_t our_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

/*
 * Signals are blocked and wake epoll like any descriptor, so that none comes just
 * before it waits and is overlooked; this lets them in.
 */
static void signal_event(void)
{
	sigset_t ours = our_signals();

	sigprocmask(SIG_UNBLOCK, &ours, NULL);
	sigprocmask(SIG_BLOCK, &ours, NULL);
}

static int watch_signals(struct server *sv)
{
	sigset_t ours = our_signals();

	sigprocmask(SIG_BLOCK, &ours, NULL);
	sv->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	return sv->signals < 0 ? -1 : watch(sv, sv->signals, EPOLL_CTL_ADD, EPOLLIN);
}

static void event(struct server *sv, const struct epoll_event *e)
{
	if (e->data.fd == sv->timer) {
		timer_event(sv);
		return;
	}
	if (e->data.fd == sv->signals) {
		signal_event();
		return;
	}
	if (e->events & EPOLLERR)
		server_refusals(sv, e->data.fd);
	if (e->events & EPOLLOUT)
		writable(sv, e->data.fd);
	if (e->events & EPOLLIN)
		readable(sv, e->data.fd);
}

static void timer(struct server *sv, struct transfer *t)
{
	if (t->session.phase == SESSION_OVER) {
		transfers_remove(&sv->transfers, t);
		return;
	}
	if (t->session.due_us > sv->now_us || t->ready)
		transfers_wake(&sv->transfers, t,
			       t->ready ? sv->now_us + SESSION_RTO_MIN_US
					: t->session.due_us);
	else
		server_do(sv, t, session_due(&t->session, sv->now_us), NULL);
	if (t->session.phase != SESSION_OVER && t->wake_us <= sv->now_us)
		transfers_wake(&sv->transfers, t, t->session.due_us);
}

static void timers(struct server *sv)
{
	struct transfer *t;

	while ((t = transfers_next(&sv->transfers)) && t->wake_us <= sv->now_us)
		timer(sv, t);
}

/*
 * To set a timer costs more than to send a block, in a virtual machine above all.
 * So it is set anew only if it would be too late; too early does no harm.
 */
static void set_timer(struct server *sv)
{
	const struct transfer *t = transfers_next(&sv->transfers);
	int64_t us = t ? t->wake_us : sv->now_us + SESSION_US;
	struct itimerspec at = { .it_value = { us / SESSION_US,
					       us % SESSION_US * 1000 } };

	if (us >= sv->timer_us)
		return;
	sv->timer_us = us;
	timerfd_settime(sv->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static bool is_idle(const struct server *sv)
{
	return sv->exit_idle_us && sv->transfers.count == 0 &&
	       sv->now_us - sv->last_us >= sv->exit_idle_us;
}

static int once(struct server *sv)
{
	struct epoll_event events[EVENTS];
	int count;

	set_timer(sv);
	count = epoll_wait(sv->epoll, events, EVENTS, -1);
	if (count < 0 && errno != EINTR)
		return -1;
	sv->now_us = clock_us();
	for (int i = 0; i < count; i++)
		event(sv, &events[i]);
	timers(sv);
	server_deliver(sv);
	return 0;
}

static void stop(struct server *sv)
{
	struct transfer *t;

	while ((t = transfers_next(&sv->transfers))) {
		if (t->session.phase != SESSION_OVER) {
			server_error(sv, t->fd, &t->peer, TFTP_NOT_DEFINED,
				     "the server is stopping");
			server_end(sv, t, SESSION_STOPPED, NULL);
		}
		transfers_remove(&sv->transfers, t);
	}
	transfers_free(&sv->transfers);
}

int server_run(struct server *sv, void (*reload)(struct server *))
{
	int status = watch_signals(sv);

	while (status == 0 && !service_stop && !is_idle(sv)) {
		if (service_reload) {
			service_reload = 0;
			reload(sv);
		}
		status = once(sv);
	}
	stop(sv);
	return status;
}
