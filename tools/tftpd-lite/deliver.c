#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "tools/tftpd-lite/reading.h"
#include "tools/tftpd-lite/server.h"

/* The file's octets are read here, not mapped: we look at them. */
static bool text_block(struct transfer *t, uint8_t *out, size_t *size)
{
	static uint8_t text[TFTP_BLKSIZE_MAX];
	ssize_t len = pread(t->file->fd, text, *size, (off_t)t->place.offset);

	if (len < 0)
		return false;
	t->place_next = t->place;
	*size = netascii_block(&t->place_next, text, (size_t)len, out, *size);
	return true;
}

/* Where the text ends is only known once it is there. */
static void text_ends(struct transfer *t, uint64_t block, size_t len)
{
	uint16_t size = t->session.grant.blksize;

	if (len == size)
		return;
	t->session.window.last = block;
	t->session.octets = (block - 1) * size + len;
}

static int send_text(struct transfer *t)
{
	static uint8_t packet[TFTP_HEADER + TFTP_BLKSIZE_MAX], made[TFTP_BLKSIZE_MAX];
	uint64_t block = t->session.window.sent + 1;
	struct pkt_wr wr = pkt_wr(packet, sizeof(packet));
	size_t len = t->session.grant.blksize;

	if (block == t->session.window.high + 1)
		t->place = t->place_next;
	if (!text_block(t, made, &len)) {
		errno = EFAULT;
		return -1;
	}
	text_ends(t, block, len);
	tftp_put_data(&wr, (uint16_t)block, made, len);
	return pkt_put_end(&wr, &len) ? send_one(t->fd, &t->peer, packet, len) : -1;
}

static void sent(struct server *sv, struct transfer *t, uint64_t blocks)
{
	int64_t pause_us;

	t->paid = false;
	session_sent(&t->session, blocks, sv->now_us);
	server_wake(sv, t);
	if (session_room(&t->session) == 0)
		return;
	pause_us = session_pause_us(&t->session);
	if (pause_us)
		server_hold(sv, t, sv->now_us + pause_us);
	else
		server_ready(sv, t);
}

/* What a block is on the wire, about. */
static uint64_t wire_octets(const struct transfer *t)
{
	return t->session.grant.blksize + TFTP_HEADER + 28;
}

/* Its turn, as far as rates are concerned; else it waits until then. */
static bool may_go(struct server *sv, struct transfer *t)
{
	struct network *n = t->asker.network;
	uint64_t blocks, octets;
	int64_t when_us, also_us;

	if (t->paid || (!t->pace.rate && !(n && n->pace.rate)))
		return true;
	t->turn = pace_turn(&t->pace, wire_octets(t));
	blocks = n ? pace_turn(&n->pace, wire_octets(t)) : UINT64_MAX;
	if (blocks < t->turn)
		t->turn = blocks;
	blocks = session_turn(&t->session);
	octets = (blocks < t->turn ? blocks : t->turn) * wire_octets(t);
	when_us = pace_take(&t->pace, octets, sv->now_us);
	also_us = n ? pace_take(&n->pace, octets, sv->now_us) : when_us;
	t->paid = true;
	if (when_us < also_us)
		when_us = also_us;
	if (when_us > sv->now_us)
		server_hold(sv, t, when_us);
	return when_us <= sv->now_us;
}

static bool is_last_next(const struct session *s)
{
	return s->window.sent + session_room(s) == s->window.last;
}

/* Before the end, and so before the client may take the whole for good. */
static bool is_sound(struct server *sv, struct transfer *t)
{
	if (t->text || !is_last_next(&t->session) || files_unchanged(t->file))
		return true;
	server_error(sv, t->fd, &t->peer, TFTP_NOT_DEFINED, "the file has changed");
	server_end(sv, t, SESSION_CHANGED, NULL);
	return false;
}

enum verdict {
	AGAIN, /* try the same once more */
	LATER, /* the socket is full */
	LOST,  /* as if the network had lost it */
	DEAD,  /* the transfer is over */
};

static enum verdict judge(struct server *sv, struct transfer *t, uint64_t blocks,
			  int error)
{
	bool train = blocks > 1;

	if (error == EAGAIN)
		return LATER;
	if (train && (error == EINVAL || error == EMSGSIZE || error == EIO)) {
		t->one_by_one = true;
		return AGAIN;
	}
	if (error == EFAULT) {
		server_error(sv, t->fd, &t->peer, TFTP_NOT_DEFINED,
			     "the file has changed");
		server_end(sv, t, SESSION_CHANGED, NULL);
		return DEAD;
	}
	if (error == EMSGSIZE || error == EINVAL || error == EAFNOSUPPORT) {
		server_end(sv, t, SESSION_FAILED, NULL);
		return DEAD;
	}
	return LOST;
}

static void failed(struct server *sv, struct transfer *t, uint64_t blocks, int error)
{
	switch (judge(sv, t, blocks, error)) {
	case LATER:
		server_wait_for(sv, t->fd);
		server_ready(sv, t);
		break;
	case AGAIN:
		server_ready(sv, t);
		break;
	case LOST:
		sent(sv, t, blocks);
		break;
	case DEAD:
		break;
	}
}

static void unready(struct server *sv, struct transfer *t)
{
	TAILQ_REMOVE(&sv->ready, t, in_ready);
	t->ready = false;
}

static void text_turn(struct server *sv, struct transfer *t)
{
	unready(sv, t);
	if (session_room(&t->session) == 0)
		return;
	if (send_text(t) < 0)
		failed(sv, t, 1, errno);
	else
		sent(sv, t, 1);
}

/* As many as one batch holds, in their order. */
static void gather(struct server *sv)
{
	struct transfer *t;

	send_clear(&sv->batch);
	while (sv->blocked < 0 && (t = TAILQ_FIRST(&sv->ready))) {
		if (!may_go(sv, t)) {
			unready(sv, t);
		} else if (!reading_ready(sv, t)) {
			continue;
		} else if (t->text) {
			text_turn(sv, t);
		} else if (is_sound(sv, t)) {
			if (!send_add(&sv->batch, t))
				return;
			unready(sv, t);
		}
	}
}

static bool may_be_about_others(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH;
}

/* Those that did not go out come again, in their order. */
static void requeue(struct server *sv, size_t from)
{
	for (size_t i = from; i < sv->batch.count; i++) {
		struct transfer *t = sv->batch.entry[i].transfer;

		if (t->session.phase != SESSION_OVER)
			server_ready(sv, t);
	}
}

/* The error of the first message; a transfer that ended keeps its memory for a while. */
static void first_failed(struct server *sv, int error, bool *retried)
{
	struct send_entry *first = &sv->batch.entry[0];

	if (error != EAGAIN)
		server_refusals(sv, sv->batch.fd);
	if (may_be_about_others(error) && !*retried) {
		*retried = true;
		requeue(sv, 0);
		return;
	}
	*retried = false;
	if (first->transfer->session.phase != SESSION_OVER)
		failed(sv, first->transfer, first->blocks, error);
	requeue(sv, 1);
}

void server_deliver(struct server *sv)
{
	bool retried = false;
	int count;

	while (sv->blocked < 0 && !TAILQ_EMPTY(&sv->ready)) {
		gather(sv);
		if (sv->batch.count == 0)
			continue;
		count = send_now(&sv->batch);
		if (count < 0) {
			first_failed(sv, errno, &retried);
			continue;
		}
		retried = false;
		sv->now_us = server_clock_us();
		for (int i = 0; i < count; i++)
			sent(sv, sv->batch.entry[i].transfer, sv->batch.entry[i].blocks);
		requeue(sv, (size_t)count);
	}
}
