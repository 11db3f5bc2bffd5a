#include "config.h"

#include "tools/tftpd-lite/server.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "tools/tftpd-lite/readers.h"
#include "tools/tftpd-lite/reading.h"
#include "tools/tftpd-lite/way.h"

int server_watch(const struct server *sv, int fd, int operation, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return epoll_ctl(sv->epoll, operation, fd, &e);
}

/*
 * Edge-triggered: a socket that has been read to its end costs nothing until the
 * next packet comes.
 */
#define SOCKET_EVENTS (EPOLLIN | EPOLLET)

static int watch_each(const struct server *sv, const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (server_watch(sv, fds[i], EPOLL_CTL_ADD, SOCKET_EVENTS) < 0)
			return -1;
	return 0;
}

static int watch_all(const struct server *sv)
{
	const struct sockets *s = &sv->sockets;

	if (watch_each(sv, s->listener, s->listeners) < 0 ||
	    watch_each(sv, s->transfer4.fd, s->transfer4.count) < 0)
		return -1;
	return watch_each(sv, s->transfer6.fd, s->transfer6.count);
}

int server_prepare(struct server *sv, const char *root, size_t transfers, size_t unheard)
{
	TAILQ_INIT(&sv->ready);
	TAILQ_INIT(&sv->reading);
	sv->blocked = -1;
	sv->now_us = sv->last_us = server_clock_us();
	if (files_begin(&sv->files, root) < 0)
		return -1;
	return transfers_begin(&sv->transfers, transfers, unheard);
}

int server_begin(struct server *sv, const char *root)
{
	sv->way = way_open();
	if (server_prepare(sv, root, sv->max + SERVER_UNHEARD, SERVER_UNHEARD) < 0)
		return -1;
	sv->epoll = epoll_create1(EPOLL_CLOEXEC);
	sv->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	sv->timer_us = INT64_MAX;
	sv->readers = readers_begin();
	if (sv->epoll < 0 || sv->timer < 0 || sv->readers < 0 ||
	    server_watch(sv, sv->readers, EPOLL_CTL_ADD, EPOLLIN) < 0)
		return -1;
	return server_watch(sv, sv->timer, EPOLL_CTL_ADD, EPOLLIN) < 0 ? -1
								       : watch_all(sv);
}

void server_ready(struct server *sv, struct transfer *t)
{
	if (t->ready || t->reading || t->hold_us > sv->now_us)
		return;
	t->hold_us = 0;
	TAILQ_INSERT_TAIL(&sv->ready, t, in_ready);
	t->ready = true;
}

void server_hold(struct server *sv, struct transfer *t, int64_t until_us)
{
	t->hold_us = until_us;
	if (sv->held_us < until_us)
		sv->held_us = until_us;
	if (until_us < t->wake_us)
		transfers_wake(&sv->transfers, t, until_us);
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
	server_watch_again(sv, fd);
}

void server_watch_again(struct server *sv, int fd)
{
	server_watch(sv, fd, EPOLL_CTL_MOD,
		     fd == sv->blocked ? SOCKET_EVENTS | EPOLLOUT : SOCKET_EVENTS);
}

void server_writable(struct server *sv, int fd)
{
	sv->blocked = -1;
	server_watch_again(sv, fd);
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
	sv->transfers.live--;
	if (t->heard) {
		sv->heard--;
		clients_leave(t->client);
		t->client = NULL;
		if (t->asker.network)
			t->asker.network->live--;
	}
	t->heard = false;
	report_transfer(&sv->report, t, note, sv->now_us);
	files_close(t->file);
	t->file = NULL;
	if (t->ready)
		TAILQ_REMOVE(&sv->ready, t, in_ready);
	t->ready = false;
	if (t->reading)
		reading_leave(sv, t);
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

/* From now on it counts. */
static void heard(struct server *sv, struct transfer *t)
{
	t->heard = true;
	sv->heard++;
	t->client = clients_join(&sv->clients, &t->peer);
	if (t->asker.network)
		t->asker.network->live++;
	transfers_unpool(&sv->transfers, t);
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
	if (t->session.heard && !t->heard)
		heard(sv, t);
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

/*
 * RFC 1350 section 4: a wrong TID is told so, but not more often than is useful.  One
 * that has a transfer with another port of ours knows better: this was forged, and
 * its client hears nothing that might end the transfer.
 */
static void stranger(struct server *sv, int fd, struct received *packet)
{
	uint16_t op = tftp_peek(packet->octets, packet->len);

	if ((op != TFTP_ACK && op != TFTP_DATA) ||
	    transfers_knows(&sv->transfers, &packet->peer))
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

void server_packet(struct server *sv, int fd, struct received *packet)
{
	bool listener = sockets_listens(&sv->sockets, fd);

	if (listener && (!sv->single_port || is_request(packet)))
		server_request(sv, fd, packet);
	else
		transfer_packet(sv, fd, packet);
}
