#include "config.h"

#include "lib/sys/waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As much as there is; a pipe of our own that is empty says EAGAIN. */
static int read_all(struct waiting *w, int fd)
{
	while (w->len < WAITING_OCTETS) {
		ssize_t n = read(fd, w->octets + w->len, WAITING_OCTETS - w->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -1;
		if (n <= 0)
			break;
		w->len += (size_t)n;
	}
	return 0;
}

/* The copy must hold as many pieces as the original, so it is as wide. */
static int read_pipe(struct waiting *w, int fd)
{
	int copy[2], size = fcntl(fd, F_GETPIPE_SZ), result = -1;
	ssize_t n;

	if (size < 0 || pipe2(copy, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	if (fcntl(copy[1], F_SETPIPE_SZ, size) >= 0) {
		n = tee(fd, copy[1], WAITING_OCTETS, SPLICE_F_NONBLOCK);
		if (n >= 0 || errno == EAGAIN)
			result = read_all(w, copy[0]);
	}
	close(copy[0]);
	close(copy[1]);
	return result;
}

static int read_file(struct waiting *w, int fd, off_t size)
{
	off_t from = size > WAITING_OCTETS ? size - WAITING_OCTETS : 0;

	return lseek(fd, from, SEEK_SET) < 0 ? -1 : read_all(w, fd);
}

int waiting_open(struct waiting *w)
{
	struct stat st;
	int fd, result, kept;

	*w = (struct waiting){ 0 };
	if (fstat(STDOUT_FILENO, &st) < 0)
		return -1;
	if (!S_ISFIFO(st.st_mode) && !S_ISREG(st.st_mode))
		return 0;
	/* Standard output itself is open for writing alone. */
	fd = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	w->octets = malloc(WAITING_OCTETS);
	result = !w->octets             ? -1
		 : S_ISFIFO(st.st_mode) ? read_pipe(w, fd)
					: read_file(w, fd, st.st_size);
	kept = errno;
	close(fd);
	if (result < 0)
		waiting_close(w);
	errno = kept;
	return result;
}

bool waiting_next(struct waiting *w, struct event *out)
{
	const char *why;

	while (w->at < w->len) {
		char *line = w->octets + w->at;
		char *newline = memchr(line, '\n', w->len - w->at);
		size_t len = newline ? (size_t)(newline - line) : w->len - w->at;

		w->at += len + 1;
		if (event_parse(line, len, out, &why))
			return true;
	}
	return false;
}

void waiting_close(struct waiting *w)
{
	free(w->octets);
	*w = (struct waiting){ 0 };
}
