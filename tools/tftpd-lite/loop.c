#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/emit.h"
#include "lib/sys/service.h"
#include "tools/tftpd-lite/reading.h"
#include "tools/tftpd-lite/server.h"

#define EVENTS 32
#define LINGER_PACKETS 64
#define LINGER_US 3000

int64_t server_clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * SESSION_US + ts.tv_nsec / 1000;
}

/*
 * A lone client's next ACK is microseconds away: to wait for it at its own socket
 * costs less than to go by way of epoll, and for this short while nobody else is
 * kept waiting who would notice.
 */
static void linger(struct server *sv, int fd)
{
	int64_t until_us = sv->now_us + LINGER_US;
	struct received packet;

	for (int i = 0; i < LINGER_PACKETS && sv->now_us < until_us; i++) {
		server_deliver(sv);
		if (sv->transfers.live != 1 || sv->blocked >= 0 ||
		    !TAILQ_EMPTY(&sv->reading) || sv->held_us > sv->now_us ||
		    !receive_one(fd, &packet))
			return;
		sv->now_us = sv->last_us = server_clock_us();
		server_packet(sv, fd, &packet);
	}
}

static void readable(struct server *sv, int fd)
{
	static struct received packets[RECEIVE_PACKETS];
	size_t count = receive(fd, packets);

	for (size_t i = 0; i < count; i++)
		server_packet(sv, fd, &packets[i]);
	if (count)
		sv->last_us = sv->now_us;
	/* There may be more: epoll says so once again, after the others had their turn.
	 */
	if (count == RECEIVE_PACKETS) {
		sv->behind = true;
		server_watch_again(sv, fd);
	} else if (count == 1 && sv->transfers.live == 1 &&
		   !sockets_listens(&sv->sockets, fd)) {
		linger(sv, fd);
	}
}

static void timer_event(struct server *sv)
{
	uint64_t times;

	if (read(sv->timer, &times, sizeof(times)) < 0)
		return;
	sv->timer_us = INT64_MAX;
	emit_flush();
	emit_alive(server_clock_us() / 1000);
}

static void readers_event(struct server *sv)
{
	uint64_t times;

	if (read(sv->readers, &times, sizeof(times)) == sizeof(times))
		reading_done(sv);
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
	return sv->signals < 0 ? -1
			       : server_watch(sv, sv->signals, EPOLL_CTL_ADD, EPOLLIN);
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
	if (e->data.fd == sv->readers) {
		readers_event(sv);
		return;
	}
	if (e->events & EPOLLERR)
		server_refusals(sv, e->data.fd);
	if (e->events & EPOLLOUT)
		server_writable(sv, e->data.fd);
	if (e->events & EPOLLIN)
		readable(sv, e->data.fd);
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
	sv->now_us = server_clock_us();
	sv->behind = false;
	for (int i = 0; i < count; i++)
		event(sv, &events[i]);
	server_timers(sv);
	server_deliver(sv);
	return 0;
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
	server_stop(sv);
	return status;
}
