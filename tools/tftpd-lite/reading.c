#include "config.h"

#include "tools/tftpd-lite/reading.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "tools/tftpd-lite/readers.h"

#define PART_OCTETS (256 << 10)
#define PAGE_OCTETS (4 << 10)
#define PAGES (PART_OCTETS / PAGE_OCTETS)

/* The octets themselves are not wanted: one page takes them all, and stays near. */
static bool in_memory(const struct file *file, uint64_t offset, uint64_t len)
{
	static char page[PAGE_OCTETS];
	static struct iovec iov[PAGES];
	int count = (int)((len + PAGE_OCTETS - 1) / PAGE_OCTETS);
	ssize_t got;

	if (!iov[0].iov_base)
		for (int i = 0; i < PAGES; i++)
			iov[i] = (struct iovec){ page, PAGE_OCTETS };
	got = preadv2(file->fd, iov, count, (off_t)offset, RWF_NOWAIT);
	/* At the end of what was cut short there is nothing to wait for. */
	return got == 0 || (got > 0 && (uint64_t)got >= len);
}

static uint32_t *seen_of(struct file *file)
{
	if (!file->seen)
		file->seen = calloc(file->size / PART_OCTETS + 1, sizeof(*file->seen));
	return file->seen;
}

static uint32_t seconds(int64_t us)
{
	return (uint32_t)(us / SESSION_US) + 1;
}

static bool is_believed(uint32_t seen, int64_t now_us)
{
	return seen && seconds(now_us) - seen <= READING_BELIEVED_US / SESSION_US;
}

static uint64_t part_length(const struct file *file, uint64_t part)
{
	uint64_t left = file->size - part * PART_OCTETS;

	return left < PART_OCTETS ? left : PART_OCTETS;
}

static bool is_there(struct file *file, uint64_t part, int64_t now_us)
{
	uint32_t *seen = seen_of(file);

	if (!seen || is_believed(seen[part], now_us))
		return true;
	if (!in_memory(file, part * PART_OCTETS, part_length(file, part)))
		return false;
	seen[part] = seconds(now_us);
	return true;
}

/* The first part from offset on, before end, that is not there; UINT64_MAX: none. */
static uint64_t missing(struct file *file, uint64_t offset, uint64_t end, int64_t now_us)
{
	if (end > file->size)
		end = file->size;
	for (uint64_t part = offset / PART_OCTETS; part * PART_OCTETS < end; part++)
		if (!is_there(file, part, now_us))
			return part;
	return UINT64_MAX;
}

/* One part of a file at a time, and the file stays open for it. */
static bool ask(struct file *file, uint64_t part)
{
	if (file->reading)
		return true;
	if (!readers_ask(file->fd, file->dev, part * PART_OCTETS, part_length(file, part),
			 file))
		return false;
	file->reading = true;
	file->part = part;
	file->users++;
	return true;
}

static void wait_aside(struct server *sv, struct transfer *t)
{
	TAILQ_REMOVE(&sv->ready, t, in_ready);
	t->ready = false;
	TAILQ_INSERT_TAIL(&sv->reading, t, in_ready);
	t->reading = true;
	t->reading_us = sv->now_us;
}

bool reading_ready(struct server *sv, struct transfer *t)
{
	const struct session *s = &t->session;
	uint64_t blksize = s->grant.blksize, offset = s->window.sent * blksize, part;
	uint64_t blocks = session_turn(s);

	if (blocks > SEND_SEGMENTS)
		blocks = SEND_SEGMENTS;
	if (t->text) {
		offset = s->window.sent == s->window.high ? t->place_next.offset
							  : t->place.offset;
		blocks = 1;
	}
	part = missing(t->file, offset, offset + blocks * blksize, sv->now_us);
	if (part == UINT64_MAX || !ask(t->file, part))
		return true;
	wait_aside(sv, t);
	return false;
}

void reading_leave(struct server *sv, struct transfer *t)
{
	TAILQ_REMOVE(&sv->reading, t, in_ready);
	t->reading = false;
}

static void unreadable(struct server *sv, struct transfer *t, const char *note)
{
	server_error(sv, t->fd, &t->peer, TFTP_NOT_DEFINED, "cannot be read");
	server_end(sv, t, SESSION_FAILED, note);
}

static void resume(struct server *sv, const struct file *file, int error)
{
	struct transfer *t = TAILQ_FIRST(&sv->reading), *next;

	for (; t; t = next) {
		next = TAILQ_NEXT(t, in_ready);
		if (t->file != file)
			continue;
		reading_leave(sv, t);
		if (error)
			unreadable(sv, t, "its file cannot be read");
		else
			server_ready(sv, t);
	}
}

void reading_done(struct server *sv)
{
	struct file *file;
	int error;

	while ((file = readers_done(&error))) {
		file->reading = false;
		if (!error)
			file->seen[file->part] = seconds(sv->now_us);
		resume(sv, file, error);
		files_close(file);
	}
}

void reading_due(struct server *sv, struct transfer *t)
{
	if (sv->now_us - t->reading_us >= sv->idle_us)
		unreadable(sv, t, "its disk does not answer");
	else
		transfers_wake(&sv->transfers, t, sv->now_us + SESSION_US);
}
