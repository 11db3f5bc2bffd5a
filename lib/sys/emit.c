#include "config.h"

#include "lib/sys/emit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/core/alive.h"
#include "lib/sys/now.h"

_Static_assert(EVENT_LINE <= 4096, "a line is more than PIPE_BUF");

/* What waits is queue[head..tail). */
static struct {
	char source[JOB_NAME];
	char site[JOB_NAME], host[JOB_NAME], service[JOB_NAME]; /* of emit_service() */
	char where[JOB_TEXT], networks[JOB_TEXT];
	int64_t alive_ms;
	uint64_t start_ns, number, lost;
	int fd; /* our own description of standard output, or -1 */
	bool pipe, file, hold;
	size_t head, tail;
	char queue[EMIT_WAITING];
} out = { .fd = -1 };

void emit_service(const char *site, const char *service, const char *networks)
{
	snprintf(out.networks, sizeof(out.networks), "%s", networks);
	snprintf(out.site, sizeof(out.site), "%s", site);
	snprintf(out.service, sizeof(out.service), "%s", service);
	/* Once: who has given up rights may not ask again. */
	if (!*out.host)
		gethostname(out.host, sizeof(out.host) - 1);
}

static void put_service(struct event *ev)
{
	memcpy(ev->site, out.site, sizeof(ev->site));
	memcpy(ev->host, out.host, sizeof(ev->host));
	memcpy(ev->service, out.service, sizeof(ev->service));
	snprintf(ev->version, sizeof(ev->version), "%s", PACKAGE_VERSION);
	memcpy(ev->networks, out.networks, sizeof(ev->networks));
	if (ev->kind == EVENT_STARTED)
		memcpy(out.where, ev->text, sizeof(out.where));
}

/*
 * O_NONBLOCK belongs to the open file description, which standard output
 * shares with whoever started us; so a pipe is opened once more.  A FIFO
 * without a reader refuses that (ENXIO) and is tried again later.
 */
static void reopen_pipe(void)
{
	out.fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (out.fd >= 0 && out.fd <= STDERR_FILENO) {
		close(out.fd);
		out.fd = -1;
	}
}

void emit_begin(const char *source)
{
	struct timespec ts;
	struct stat st;

	signal(SIGPIPE, SIG_IGN);
	clock_gettime(CLOCK_REALTIME, &ts);
	if (out.fd >= 0)
		close(out.fd);
	out.fd = -1;
	out.start_ns = (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
	out.number = out.lost = out.head = out.tail = 0;
	snprintf(out.source, sizeof(out.source), "%s", source);
	out.pipe = out.file = false;
	if (fstat(STDOUT_FILENO, &st) == 0) {
		out.pipe = S_ISFIFO(st.st_mode);
		out.file = S_ISREG(st.st_mode);
	}
	if (out.pipe)
		reopen_pipe();
}

/* Where we may not open it again, poll(2) first: right for a pipe of our own. */
static ssize_t write_if_ready(const char *p, size_t len)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };

	if (poll(&pfd, 1, 0) <= 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(STDOUT_FILENO, p, len);
}

static ssize_t put(const char *p, size_t len)
{
	ssize_t n;

	if (out.pipe && out.fd < 0)
		reopen_pipe();
	if (out.fd >= 0)
		return write(out.fd, p, len);
	if (out.file) /* it is always ready */
		return write(STDOUT_FILENO, p, len);
	n = send(STDOUT_FILENO, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 && errno == ENOTSOCK ? write_if_ready(p, len) : n;
}

/*
 * What one write(2) takes: as many whole lines as a pipe keeps together, or the rest of
 * a line cut by a socket or a disk.
 */
static size_t head_lines(void)
{
	const char *start = out.queue + out.head;
	size_t waits = out.tail - out.head, most = waits < PIPE_BUF ? waits : PIPE_BUF;
	const char *newline = memrchr(start, '\n', most);

	if (!newline)
		newline = memchr(start, '\n', waits);
	return newline ? (size_t)(newline - start) + 1 : waits;
}

static bool drain(void)
{
	while (out.head < out.tail) {
		ssize_t n = put(out.queue + out.head, head_lines());

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		out.head += (size_t)n;
	}
	out.head = out.tail = 0;
	return true;
}

static bool enqueue(const char *line, size_t len)
{
	if (len > EMIT_WAITING - out.tail && out.head > 0) {
		memmove(out.queue, out.queue + out.head, out.tail - out.head);
		out.tail -= out.head;
		out.head = 0;
	}
	if (len > EMIT_WAITING - out.tail)
		return false;
	memcpy(out.queue + out.tail, line, len);
	out.tail += len;
	return true;
}

static bool send_event(struct event *ev)
{
	char line[EVENT_LINE];
	size_t len;

	snprintf(ev->id, sizeof(ev->id), "%.24s-%" PRIu64 "-%" PRIu64, out.source,
		 out.start_ns, ++out.number);
	snprintf(ev->source, sizeof(ev->source), "%s", out.source);
	ev->time_ms = now_ms();
	if (*out.service && (ev->kind == EVENT_STARTED || ev->kind == EVENT_STOPPED ||
			     ev->kind == EVENT_ALIVE))
		put_service(ev);
	len = event_format(ev, line);
	return enqueue(line, len);
}

static void say_lost(void)
{
	struct event ev = event_new(EVENT_LOST);

	snprintf(ev.text, sizeof(ev.text),
		 "%" PRIu64 " events were lost here: nobody read them for too long",
		 out.lost);
	if (send_event(&ev))
		out.lost = 0;
}

bool emit(struct event *ev)
{
	bool taken;

	if (!out.hold || out.tail - out.head > EMIT_HELD)
		drain();
	if (out.lost > 0)
		say_lost();
	taken = out.lost == 0 && send_event(ev);
	if (!taken)
		out.lost++;
	if (!out.hold)
		drain();
	return taken;
}

void emit_hold(bool hold)
{
	out.hold = hold;
	if (!hold)
		drain();
}

bool emit_waits(void)
{
	return out.head < out.tail || out.lost > 0;
}

bool emit_flush(void)
{
	bool done = drain();

	if (!done || out.lost == 0)
		return done;
	say_lost();
	return drain();
}

void emit_alive(int64_t monotonic_ms)
{
	struct event ev = event_new(EVENT_ALIVE);

	if (!out.alive_ms)
		out.alive_ms = monotonic_ms; /* it has just started */
	if (!*out.service || monotonic_ms - out.alive_ms < ALIVE_MS || emit_waits())
		return;
	out.alive_ms = monotonic_ms;
	memcpy(ev.text, out.where, sizeof(ev.text));
	emit(&ev);
}

bool emit_unread(void)
{
	int unread = 0;

	return emit_waits() ||
	       (out.pipe && ioctl(STDOUT_FILENO, FIONREAD, &unread) == 0 && unread > 0);
}
