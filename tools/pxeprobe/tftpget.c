#include "config.h"

#include "tools/pxeprobe/tftpget.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "lib/wire/tftp.h"

#define BLKSIZE 1428 /* fits any Ethernet */
#define WINDOWSIZE 16
#define REPEAT_MS 1000
#define SIZE_MAX_OCTETS (1LL << 30)

struct transfer {
	struct fetch *f;
	struct kept *kept;
	int fd;
	struct sockaddr_in peer; /* its port changes with the first answer */
	bool answered, ended;
	uint64_t block; /* the last one that came in order */
	size_t blksize;
	unsigned window, in_window;
	crypto_hash_sha256_state hash;
};

static void fail(struct transfer *t, enum fetch_result result, const char *why)
{
	t->f->result = result;
	snprintf(t->f->why, sizeof(t->f->why), "%s", why);
	t->ended = true;
}

static void put(struct transfer *t, const struct pkt_wr *wr)
{
	size_t len;

	if (!pkt_put_end(wr, &len))
		fail(t, FETCH_UNSUPPORTED, "the name is too long for TFTP");
	else if (sendto(t->fd, wr->start, len, 0, (struct sockaddr *)&t->peer,
			sizeof(t->peer)) < 0)
		fail(t, t->answered ? FETCH_CUT : FETCH_UNREACHABLE, strerror(errno));
}

static void request(struct transfer *t, const char *name)
{
	uint8_t packet[600];
	struct pkt_wr wr = pkt_wr(packet, sizeof(packet));
	struct tftp_options ask = { .count = 0 };

	tftp_add(&ask, TFTP_TSIZE, 0);
	tftp_add(&ask, TFTP_BLKSIZE, BLKSIZE);
	tftp_add(&ask, TFTP_WINDOWSIZE, WINDOWSIZE);
	tftp_put_request(&wr, TFTP_RRQ, name, TFTP_OCTET, &ask);
	put(t, &wr);
}

static void acknowledge(struct transfer *t)
{
	uint8_t packet[TFTP_HEADER];
	struct pkt_wr wr = pkt_wr(packet, sizeof(packet));

	tftp_put_ack(&wr, (uint16_t)t->block);
	t->in_window = 0;
	put(t, &wr);
}

/* More than was asked for is no grant, and blocks of nothing would never end. */
static bool may_grant(const struct tftp_options *o, enum tftp_option option,
		      uint64_t least, uint64_t most)
{
	return !tftp_has(o, option) ||
	       (o->value[option] >= least && o->value[option] <= most);
}

static void take_oack(struct transfer *t, const struct tftp_options *o)
{
	if (t->block)
		return;
	if (!may_grant(o, TFTP_BLKSIZE, TFTP_BLKSIZE_MIN, BLKSIZE) ||
	    !may_grant(o, TFTP_WINDOWSIZE, 1, WINDOWSIZE)) {
		fail(t, FETCH_REFUSED, "grants what was not asked for");
		return;
	}
	if (tftp_has(o, TFTP_BLKSIZE))
		t->blksize = o->value[TFTP_BLKSIZE];
	if (tftp_has(o, TFTP_WINDOWSIZE))
		t->window = (unsigned)o->value[TFTP_WINDOWSIZE];
	acknowledge(t);
}

static void keep(struct kept *kept, const uint8_t *p, size_t len)
{
	size_t room = sizeof(kept->text) - kept->len;

	len = len < room ? len : room;
	memcpy(kept->text + kept->len, p, len);
	kept->len += len;
}

/* A block out of order is asked for again by acknowledging the last one before it. */
static void take_data(struct transfer *t, const struct tftp_packet *p)
{
	size_t len = pkt_left(&p->data);

	if (p->block != (uint16_t)(t->block + 1)) {
		if (p->block != (uint16_t)t->block || t->in_window == 0)
			acknowledge(t);
		return;
	}
	t->block++;
	t->in_window++;
	t->f->size += (int64_t)len;
	crypto_hash_sha256_update(&t->hash, p->data.p, len);
	if (t->kept)
		keep(t->kept, p->data.p, len);
	if (t->f->size > SIZE_MAX_OCTETS) {
		fail(t, FETCH_CUT, "does not end");
		return;
	}
	t->ended = len < t->blksize;
	if (t->ended || t->in_window >= t->window)
		acknowledge(t);
}

static void take_error(struct transfer *t, const struct tftp_packet *p)
{
	char text[FACTS_WHY];

	snprintf(text, sizeof(text), "%.*s", (int)pkt_left(&p->data),
		 (const char *)p->data.p);
	t->f->status = p->code;
	fail(t, p->code == TFTP_NOT_FOUND ? FETCH_MISSING : FETCH_REFUSED, text);
}

static void take(struct transfer *t, const uint8_t *octets, size_t len)
{
	struct tftp_packet p;
	const char *why;

	if (!tftp_get(octets, len, &p, &why))
		return;
	if (p.op == TFTP_OACK)
		take_oack(t, &p.options);
	else if (p.op == TFTP_DATA)
		take_data(t, &p);
	else if (p.op == TFTP_ERROR)
		take_error(t, &p);
}

/* The first answer fixes the server's port; others are not part of this. */
static bool receive(struct transfer *t)
{
	uint8_t octets[TFTP_HEADER + 65536];
	struct sockaddr_in from = { 0 };
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(t->fd, octets, sizeof(octets), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &size);

	if (n < 0 || from.sin_addr.s_addr != t->peer.sin_addr.s_addr ||
	    (t->answered && from.sin_port != t->peer.sin_port))
		return false;
	t->answered = true;
	t->peer.sin_port = from.sin_port;
	take(t, octets, (size_t)n);
	return true;
}

static void give_up(struct transfer *t)
{
	char why[FACTS_WHY];

	if (!t->answered) {
		fail(t, FETCH_UNREACHABLE, "no answer from UDP port 69");
		return;
	}
	snprintf(why, sizeof(why), "nothing after %" PRId64 " octets", t->f->size);
	fail(t, FETCH_CUT, why);
}

/* Only what gets on counts as heard: a server may repeat itself for ever. */
static void run(struct transfer *t, const char *name, int64_t timeout_ms)
{
	int64_t heard_ms = now_monotonic_ms(), said_ms = heard_ms, at_ms;
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	bool answered;
	uint64_t block;

	request(t, name);
	while (!t->ended) {
		block = t->block;
		answered = t->answered;
		if (poll(&p, 1, 100) > 0 && receive(t))
			said_ms = now_monotonic_ms();
		at_ms = now_monotonic_ms();
		if (t->block != block || t->answered != answered)
			heard_ms = at_ms;
		if (t->ended)
			continue;
		if (at_ms - heard_ms >= timeout_ms) {
			give_up(t);
			continue;
		}
		if (at_ms - said_ms < REPEAT_MS)
			continue;
		said_ms = at_ms;
		if (t->answered)
			acknowledge(t);
		else
			request(t, name);
	}
}

static void end(struct transfer *t)
{
	uint8_t digest[crypto_hash_sha256_BYTES];

	if (t->f->result != FETCH_OK)
		return;
	crypto_hash_sha256_final(&t->hash, digest);
	sodium_bin2hex(t->f->sha256, sizeof(t->f->sha256), digest, sizeof(digest));
}

void tftpget(const struct iface *iface, uint32_t server, const char *name,
	     int64_t timeout_ms, struct fetch *f, struct kept *kept)
{
	struct transfer t = { .f = f, .kept = kept, .blksize = TFTP_BLKSIZE_DEFAULT };
	int64_t began_ms = now_monotonic_ms();

	t.window = 1;
	t.peer = (struct sockaddr_in){ .sin_family = AF_INET,
				       .sin_port = htons(TFTP_PORT),
				       .sin_addr.s_addr = htonl(server) };
	t.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	crypto_hash_sha256_init(&t.hash);
	f->result = FETCH_OK;
	f->size = 0;
	if (t.fd < 0 || setsockopt(t.fd, SOL_SOCKET, SO_BINDTODEVICE, iface->name,
				   sizeof(iface->name)) < 0)
		fail(&t, FETCH_UNREACHABLE, strerror(errno));
	else
		run(&t, name, timeout_ms);
	end(&t);
	f->ms = now_monotonic_ms() - began_ms;
	if (t.fd >= 0)
		close(t.fd);
}
