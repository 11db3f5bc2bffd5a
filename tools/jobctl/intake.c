#include "config.h"

#include "tools/jobctl/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/alive.h"
#include "lib/sys/now.h"
#include "lib/sys/service.h"

#define ROOM (1 << 20) /* more than that no user may ask for (pipe-max-size) */
#define NAP_MS 50

/* Wider, so that writers have room while a batch is written to the disk. */
static int widen(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	if (size >= 0 && size < ROOM && fcntl(fd, F_SETPIPE_SZ, ROOM) >= 0)
		size = fcntl(fd, F_GETPIPE_SZ);
	return size;
}

/* The copy must hold as many pieces as the original, so it is as wide. */
static int open_pipe(struct intake *in)
{
	int size = widen(in->fd);
	char path[32];

	if (size < 0 || pipe2(in->copy, O_CLOEXEC) < 0)
		return -1;
	fcntl(in->copy[1], F_SETPIPE_SZ, size);
	in->size = (size_t)size;
	/* A description of its own: flock() does not tell those apart that share one. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", in->fd);
	in->lock = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (in->lock < 0)
		in->lock = fcntl(in->fd, F_DUPFD_CLOEXEC, 3);
	return in->lock < 0 ? -1 : 0;
}

int intake_open(struct intake *in, int fd)
{
	struct stat st;

	*in = (struct intake){ .fd = fd, .lock = -1, .copy = { -1, -1 }, .size = ROOM };
	if (fstat(fd, &st) < 0)
		return -1;
	in->pipe = S_ISFIFO(st.st_mode);
	if (in->pipe && open_pipe(in) < 0)
		return -1;
	in->octets = malloc(in->size + 1);
	return in->octets ? 0 : -1;
}

void intake_close(struct intake *in)
{
	if (in->copy[0] >= 0)
		close(in->copy[0]);
	if (in->copy[1] >= 0)
		close(in->copy[1]);
	/* Said expressly: others may hold the same description open. */
	if (in->lock >= 0 && flock(in->lock, LOCK_UN) == 0)
		close(in->lock);
	free(in->octets);
}

bool intake_locked(struct intake *in)
{
	return in->pipe && flock(in->lock, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

int intake_lock(struct intake *in)
{
	return in->pipe ? flock(in->lock, LOCK_EX) : 0;
}

/* ---- waiting ---- */

bool intake_stopped(void)
{
	sigset_t none, held;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, &held);
	sigprocmask(SIG_SETMASK, &held, NULL);
	return service_stop;
}

static const struct timespec idle = { .tv_sec = ALIVE_MS / 1000 };

/* Signals come in while this waits. */
static int wait_readable(int fd, const struct timespec *timeout)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t none;

	sigemptyset(&none);
	if (ppoll(&p, 1, timeout, &none) < 0)
		return -1;
	return p.revents;
}

/*
 * poll(2) says nothing new about a pipe in which half a line stands already,
 * so that its other half is waited for by the clock.
 */
static enum intake_result wait_for_more(struct intake *in, int *there)
{
	static const struct timespec nap = { .tv_nsec = NAP_MS * 1000000L };
	static const struct timespec now;
	const int64_t until_ms = now_monotonic_ms() + ALIVE_MS;
	int revents;

	while (!service_stop) {
		if (now_monotonic_ms() >= until_ms)
			return INTAKE_IDLE;
		revents = wait_readable(in->fd, in->seen ? &now : &idle);
		if (revents < 0 && errno != EINTR)
			return INTAKE_FAILED;
		if (revents < 0 || (!revents && !in->seen))
			continue;
		if (ioctl(in->fd, FIONREAD, there) < 0)
			return INTAKE_FAILED;
		if ((size_t)*there > in->seen)
			return INTAKE_MORE;
		if (revents & POLLHUP)
			return INTAKE_END;
		if (ppoll(NULL, 0, &nap, &(sigset_t){ 0 }) < 0 && errno != EINTR)
			return INTAKE_FAILED;
	}
	return INTAKE_STOPPED;
}

/* ---- looking and taking ---- */

static int read_all(int fd, char *out, size_t len)
{
	while (len > 0) {
		ssize_t n = read(fd, out, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		out += n;
		len -= (size_t)n;
	}
	return 0;
}

static enum intake_result look_into_pipe(struct intake *in)
{
	int there = 0;
	enum intake_result result = wait_for_more(in, &there);
	ssize_t n;

	if (result != INTAKE_MORE)
		return result;
	n = tee(in->fd, in->copy[1], in->size, SPLICE_F_NONBLOCK);
	if (n < 0 || read_all(in->copy[0], in->octets, (size_t)n) < 0)
		return INTAKE_FAILED;
	in->seen = (size_t)n;
	in->full = n < there || in->seen == in->size;
	return INTAKE_MORE;
}

static enum intake_result look_into_other(struct intake *in)
{
	ssize_t n;

	while (!service_stop) {
		int revents = wait_readable(in->fd, &idle);

		if (revents < 0 && errno != EINTR)
			return INTAKE_FAILED;
		if (revents == 0)
			return INTAKE_IDLE;
		if (revents < 0)
			continue;
		n = read(in->fd, in->octets + in->seen, in->size - in->seen);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return INTAKE_FAILED;
		in->seen += (size_t)n;
		in->full = in->seen == in->size;
		return n == 0 ? INTAKE_END : INTAKE_MORE;
	}
	return INTAKE_STOPPED;
}

enum intake_result intake_look(struct intake *in)
{
	return in->pipe ? look_into_pipe(in) : look_into_other(in);
}

int intake_take(struct intake *in, size_t octets)
{
	in->full = false;
	if (in->pipe) {
		/* Only what was seen is read, so this never waits. */
		if (read_all(in->fd, in->octets, octets) < 0)
			return -1;
		in->seen = 0;
		return 0;
	}
	in->seen -= octets;
	memmove(in->octets, in->octets + octets, in->seen);
	return 0;
}
