#include "config.h"

#include "lib/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/now.h"

#define SETTLED_S 2 /* FAT counts in steps of two seconds, others in milliseconds */

static int read_all(int fd, char *buffer, size_t size, size_t *len)
{
	*len = 0;
	while (*len < size) {
		ssize_t n = read(fd, buffer + *len, size - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return 0;
}

/* Reads to the end, not to st_size: files in /proc say 0. */
static char *read_fd(int fd, size_t max, size_t *len)
{
	size_t size = 4096, got, more;
	char *text = NULL, *grown;

	for (got = 0;; got += more) {
		if (got == size)
			size *= 2;
		if (size > max + 1)
			size = max + 1;
		grown = realloc(text, size + 1);
		if (!grown)
			break;
		text = grown;
		if (read_all(fd, text + got, size - got, &more) < 0)
			break;
		if (got + more > max) {
			errno = EFBIG;
			break;
		}
		if (got + more < size) {
			*len = got + more;
			text[*len] = '\0';
			return text;
		}
	}
	free(text);
	return NULL;
}

static struct file_mark mark_of(const struct stat *st)
{
	return (struct file_mark){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = st->st_size,
		.modified = st->st_mtim,
		.changed = st->st_ctim,
	};
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_mark(const struct file_mark *a, const struct file_mark *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       same_time(&a->modified, &b->modified) &&
	       same_time(&a->changed, &b->changed);
}

/* The same before and after, and so long ago that the next change has another time. */
static bool is_settled(int fd, const struct file_mark *before)
{
	struct timespec now;
	struct file_mark after;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    clock_gettime(CLOCK_REALTIME, &now) < 0)
		return false;
	after = mark_of(&st);
	return same_mark(before, &after) &&
	       now.tv_sec - before->changed.tv_sec > SETTLED_S &&
	       now.tv_sec - before->modified.tv_sec > SETTLED_S;
}

static char *read_marked_fd(int fd, size_t max, size_t *len, struct file_mark *mark)
{
	struct stat st;
	char *text;

	if (!mark)
		return read_fd(fd, max, len);
	if (fstat(fd, &st) < 0)
		return NULL;
	*mark = mark_of(&st);
	text = read_fd(fd, max, len);
	mark->settled = text && is_settled(fd, mark);
	mark->looked_ms = now_monotonic_ms();
	return text;
}

static char *read_path(const char *path, size_t max, size_t *len, struct file_mark *mark)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
	char *text;

	if (fd < 0)
		return NULL;
	text = read_marked_fd(fd, max, len, mark);
	saved = errno;
	close(fd);
	errno = saved;
	return text;
}

char *file_read(const char *path, size_t max, size_t *len)
{
	return read_path(path, max, len, NULL);
}

char *file_read_marked(const char *path, size_t max, size_t *len, struct file_mark *mark)
{
	*mark = (struct file_mark){ 0 };
	return read_path(path, max, len, mark);
}

int file_unchanged(const char *path, struct file_mark *mark)
{
	int64_t at = now_monotonic_ms();
	struct file_mark now;
	struct stat st;

	if (mark->settled && at - mark->looked_ms < FILE_LOOK_MS)
		return 1;
	if (stat(path, &st) < 0)
		return -1;
	now = mark_of(&st);
	mark->settled = mark->settled && same_mark(mark, &now);
	mark->looked_ms = at;
	return mark->settled;
}

static int write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The name must be on the disk as well, or a power cut brings the old file back. */
static int sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd, result, saved;

	if (!folder)
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return -1;
	result = fsync(fd);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

static int write_closing(int fd, const void *octets, size_t len, unsigned mode)
{
	int result = 0, saved;

	if (fchmod(fd, (mode_t)mode) < 0 || write_all(fd, octets, len) < 0 ||
	    fsync(fd) < 0)
		result = -1;
	saved = errno;
	if (close(fd) < 0 && result == 0)
		return -1;
	errno = saved;
	return result;
}

int file_replace(const char *path, const void *octets, size_t len, unsigned mode)
{
	char *draft;
	int fd, saved, result = -1;

	if (asprintf(&draft, "%s.XXXXXX", path) < 0)
		return -1;
	fd = mkostemp(draft, O_CLOEXEC);
	if (fd >= 0) {
		if (write_closing(fd, octets, len, mode) == 0 && rename(draft, path) == 0)
			result = sync_folder(path);
		else {
			saved = errno;
			unlink(draft);
			errno = saved;
		}
	}
	saved = errno;
	free(draft);
	errno = saved;
	return result;
}

bool file_holds(const char *path, const void *octets, size_t len)
{
	size_t got;
	char *text = file_read(path, len, &got);
	bool same = text && got == len && memcmp(text, octets, len) == 0;

	free(text);
	return same;
}

void file_adopt(int fd, const char *path)
{
	char folder[PATH_MAX];
	struct stat st;

	if (geteuid() != 0 || strlen(path) >= sizeof(folder))
		return;
	snprintf(folder, sizeof(folder), "%s", path);
	if (stat(dirname(folder), &st) < 0 || fchown(fd, st.st_uid, st.st_gid) < 0)
		return;
}
