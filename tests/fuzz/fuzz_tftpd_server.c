/*
 * libFuzzer entry: the whole server but its sockets and its clock, which are here.
 * Whatever comes in, in whatever order and however the system fails to send,
 *
 *   - who only asks gets at most three packets for each request;
 *   - who acknowledges gets at most eight windows for each packet;
 *   - the transfers in memory, and the files that nobody uses, stay within their limits;
 *   - each packet that goes out is one that TFTP knows;
 *   - every transfer ends, is forgotten, and its file is closed.
 *
 * The input is read as one octet of options, then steps of an octet for the kind, one
 * for the client, and what the kind takes.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/event.h"
#include "lib/sys/emit.h"
#include "lib/wire/pkt.h"
#include "tools/tftpd-lite/readers.h"
#include "tools/tftpd-lite/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

#define LISTENER 1000  /* descriptors that nobody has open */
#define TRANSFERS 1001 /* and the next one */
#define CLIENTS 16
#define MAX 8
#define MAX_UNHEARD 4
#define WINDOW 64
#define IDLE_US (30 * (int64_t)SESSION_US)

static struct fake_client {
	uint64_t received, requests, sent;
	bool acknowledged;
} clients[CLIENTS];

static int64_t clock_us;
static int failing; /* what the next send_now() does, as far as there is a choice */
static unsigned sends, refused_port;
static struct server *sv;
static char root[64];

static const struct {
	const char *name;
	size_t size;
} files[] = { { "empty", 0 }, { "small", 1000 }, { "even", 5120 }, { "big", 300000 } };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static const char *in_root(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void remove_files(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(in_root(files[i].name));
	rmdir(root);
}

/* Line ends here and there, so that netascii has something to do. */
static void fill(const char *name, size_t size)
{
	int fd = open(in_root(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	must(fd >= 0);
	for (size_t i = 0; i < size; i += 100)
		must(write(fd, "twenty-five octets, CR\r\nand\n", 25) == 25);
	must(ftruncate(fd, (off_t)size) == 0 && fchmod(fd, 0644) == 0);
	close(fd);
}

static void make_files(void)
{
	if (*root)
		return;
	snprintf(root, sizeof(root), "/tmp/pxekit-fuzz-XXXXXX");
	must(mkdtemp(root) && chmod(root, 0755) == 0);
	atexit(remove_files);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		fill(files[i].name, files[i].size);
}

/* The system, as the server sees it. */

int64_t server_clock_us(void)
{
	return clock_us;
}

bool emit(struct event *ev)
{
	must(ev->kind == EVENT_TRANSFER || ev->kind == EVENT_MALFORMED);
	must(memchr(ev->text, 0, sizeof(ev->text)) && ev->ms < (int64_t)1 << 40);
	return true;
}

bool emit_flush(void)
{
	return true;
}

/* Nobody waits for a disk here. */
int readers_begin(void)
{
	return -1;
}

bool readers_ask(int fd, dev_t device, uint64_t offset, uint64_t len, void *tag)
{
	(void)fd, (void)device, (void)offset, (void)len, (void)tag;
	return false;
}

void *readers_done(int *error)
{
	(void)error;
	return NULL;
}

/* ECONNREFUSED is about this one. */
int receive_refusal(int fd, struct peer *peer)
{
	(void)fd;
	if (!refused_port)
		return -1;
	*peer = (struct peer){ .addr.in = { .sin_family = AF_INET,
					    .sin_port = htons((uint16_t)refused_port) } };
	peer->addr.in.sin_addr.s_addr = htonl(0x0a000001);
	refused_port = 0;
	return 1;
}

static struct fake_client *client_of(const struct sockaddr_in *to)
{
	unsigned port = ntohs(to->sin_port);

	must(port > 0 && port <= CLIENTS);
	return &clients[port - 1];
}

static void went_out(const struct sockaddr_in *to, const uint8_t *octets, size_t len)
{
	struct fake_client *c = client_of(to);

	must(len >= TFTP_HEADER && octets[0] == 0);
	must(octets[1] == TFTP_DATA || octets[1] == TFTP_ERROR || octets[1] == TFTP_OACK);
	c->sent++;
	must(c->acknowledged || c->sent <= 3 * c->received);
	must(c->sent <= 8 * WINDOW * c->received);
}

/* What the kernel would cut it into: each begins with a header of four octets. */
static void message_went_out(const struct msghdr *msg)
{
	must(msg->msg_iovlen % 2 == 0 && msg->msg_iovlen <= 2 * SEND_SEGMENTS);
	for (size_t i = 0; i < msg->msg_iovlen; i += 2) {
		must(msg->msg_iov[i].iov_len == TFTP_HEADER);
		must(i == 0 || msg->msg_iov[i + 1].iov_len <= msg->msg_iov[1].iov_len);
		went_out(msg->msg_name, msg->msg_iov[i].iov_base, TFTP_HEADER);
	}
}

static int may_fail(size_t count)
{
	static const int errors[] = { EAGAIN, ECONNREFUSED, EINVAL, EMSGSIZE,    EIO,
				      EFAULT, ENOBUFS,      EPERM,  EHOSTUNREACH };
	int how = failing;

	must(++sends < 100000);
	failing = 0;
	if (how == 0)
		return (int)count;
	if (how % 2)
		return 1 + how / 2 % (int)count;
	errno = errors[how / 2 % (int)(sizeof(errors) / sizeof(*errors))];
	return -1;
}

int send_now(struct send_batch *batch)
{
	int count = may_fail(batch->count);

	for (int i = 0; i < count; i++)
		message_went_out(&batch->message[i].msg_hdr);
	return count;
}

int send_one(int fd, struct peer *peer, const void *octets, size_t len)
{
	(void)fd;
	if (may_fail(1) < 0)
		return -1;
	went_out(&peer->addr.in, octets, len);
	return 0;
}

/* The steps. */

struct input {
	const uint8_t *p;
	size_t left;
};

static unsigned next(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->p++;
}

static struct peer client_peer(unsigned n)
{
	struct peer peer = { .addr.in = { .sin_family = AF_INET,
					  .sin_port =
						  htons((uint16_t)(n % CLIENTS + 1)) } };

	peer.addr.in.sin_addr.s_addr = htonl(0x0a000001);
	return peer;
}

static void comes_in(int fd, unsigned client, const uint8_t *octets, size_t len)
{
	struct received packet = { .peer = client_peer(client),
				   .octets = octets,
				   .len = len };
	struct fake_client *c = &clients[client % CLIENTS];
	struct tftp_packet p;
	const char *why;

	c->received++;
	if (tftp_get(octets, len, &p, &why) && p.op == TFTP_ACK)
		c->acknowledged = true;
	server_packet(sv, fd, &packet);
}

static void request_step(struct input *in, unsigned client)
{
	unsigned bits = next(in), size = next(in), window = next(in);
	struct tftp_options options = { 0 };
	uint8_t octets[512];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	size_t len;

	if (bits & 4)
		tftp_add(&options, TFTP_BLKSIZE, 8 + size * (bits & 64 ? 256 : 6));
	if (bits & 8)
		tftp_add(&options, TFTP_WINDOWSIZE, 1 + window);
	if (bits & 16)
		tftp_add(&options, TFTP_TSIZE, 0);
	if (bits & 32)
		tftp_add(&options, TFTP_TIMEOUT, 1 + size);
	if (bits & 128)
		tftp_add(&options, TFTP_MSFTWINDOW, TFTP_MSFTWINDOW_ASKED);
	tftp_put_request(&wr, TFTP_RRQ, files[bits & 3].name,
			 size & window & 1 ? TFTP_NETASCII : TFTP_OCTET, &options);
	if (pkt_put_end(&wr, &len))
		comes_in(LISTENER, client, octets, len);
}

/* Of a block that is somewhere near what the transfer is at. */
static void ack_step(struct input *in, unsigned client)
{
	struct peer peer = client_peer(client);
	int fd = sockets_answer(&sv->sockets, LISTENER, sv->single_port, &peer);
	struct transfer *t = transfers_find(&sv->transfers, fd, &peer);
	unsigned ahead = next(in);
	uint64_t block = t ? t->session.window.acked + ahead % 80 : ahead;
	uint8_t octets[5] = { 0, TFTP_ACK, (uint8_t)(block >> 8), (uint8_t)block,
			      (uint8_t)ahead };

	if (ahead > 200)
		octets[3]--;
	comes_in(fd, client, octets, 4 + (ahead & 1));
}

static void raw_step(struct input *in, int fd, unsigned client)
{
	uint8_t octets[256];
	size_t len = next(in);

	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)next(in);
	comes_in(fd, client, octets, len);
}

static void file_step(unsigned what)
{
	const char *path = in_root(files[what & 3].name);

	must(truncate(path, what & 4 ? (off_t)what : (off_t)files[what & 3].size) == 0);
}

static void step(struct input *in)
{
	unsigned kind = next(in), client = next(in);

	switch (kind % 9) {
	case 0:
	case 1:
		request_step(in, client);
		break;
	case 2:
	case 3:
		ack_step(in, client);
		break;
	case 4:
		clock_us += (int64_t)next(in) * (client & 1 ? 100 : 20000);
		break;
	case 5:
		failing = (int)next(in);
		break;
	case 6:
		server_writable(sv, LISTENER);
		refused_port = client % (CLIENTS + 1);
		server_refusals(sv, sv->single_port ? LISTENER : TRANSFERS);
		break;
	case 7:
		raw_step(in, kind & 16 ? LISTENER : TRANSFERS, client);
		break;
	case 8:
		file_step(client);
		break;
	}
}

static void check(void)
{
	const struct transfers *all = &sv->transfers;
	size_t unused = 0;
	struct file *f;

	must(all->count <= MAX && all->live <= all->count && all->pooled <= all->count);
	TAILQ_FOREACH(f, &sv->files.unused, in_unused)
	unused++;
	must(unused == sv->files.unused_count && unused <= FILES_UNUSED);
	for (size_t i = 0; i < all->count; i++) {
		const struct transfer *t = all->heap[i];
		const struct window *w = &t->session.window;

		must((t->file == NULL) == (t->session.phase == SESSION_OVER));
		must(w->acked <= w->sent && w->sent <= w->high && w->size <= WINDOW);
	}
}

static void turn(void)
{
	sends = 0;
	sv->now_us = clock_us;
	server_timers(sv);
	server_deliver(sv);
	check();
}

/* Nobody says a word any more; a rate makes two turns of each block, eight times. */
static void must_end(void)
{
	int64_t limit_us = clock_us + 2 * IDLE_US + 8 * (int64_t)255 * SESSION_US;
	struct transfer *t;
	int times = 0;

	failing = 0;
	while ((t = transfers_next(&sv->transfers))) {
		must(++times < 2 * WINDOW * 8 * MAX && clock_us < limit_us);
		if (t->wake_us > clock_us)
			clock_us = t->wake_us;
		server_writable(sv, LISTENER);
		turn();
	}
	must(sv->transfers.live == 0 && TAILQ_EMPTY(&sv->ready));
}

static struct conf *read_conf(const char *text)
{
	struct conf *conf = conf_parse("fuzz", text, strlen(text));

	must(conf != NULL);
	return conf;
}

static void begin(unsigned options)
{
	static struct conf *open_to_all, *bounded;
	static struct server server;

	if (!bounded) {
		open_to_all = read_conf("");
		bounded = read_conf("network lab { subnet = 10.0.0.0/24 tftp-rate = 90k\n"
				    " tftp-transfers = 2 }\n"
				    "alias a { name = 'big*' file = '*big' }\n");
	}
	clock_us = 1;
	failing = 0;
	refused_port = 0;
	memset(clients, 0, sizeof(clients));
	sv = &server;
	*sv = (struct server){
		.limits = { .blksize = TFTP_BLKSIZE_MAX,
			    .windowsize = WINDOW,
			    .window_octets = 1 << 20,
			    .msftwindow = options & 4 },
		.idle_us = IDLE_US,
		.single_port = options & 1,
		.no_segments = options & 2,
		.sockets = { .listener = { LISTENER },
			     .listeners = 1,
			     .transfer4 = { { TRANSFERS, TRANSFERS + 1 }, 2 },
			     .key = "fixed" },
		.epoll = -1,
		.way = -1,
		.max = options & 8 ? 3 : MAX,
		.max_client = options & 8,
		.rate = options & 16 ? 50000 : 0,
		.conf = options & 32 ? bounded : open_to_all,
	};
	must(networks_take(&sv->networks, sv->conf));
	must(server_prepare(sv, root, MAX, MAX_UNHEARD) == 0);
}

static void end(void)
{
	server_stop(sv);
	networks_drop(&sv->networks);
	for (size_t i = 0; i < FILES_BUCKETS; i++)
		must(LIST_EMPTY(&sv->files.bucket[i]));
	close(sv->files.root);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		must(truncate(in_root(files[i].name), (off_t)files[i].size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct input in = { octets, len };

	make_files();
	begin(next(&in));
	while (in.left) {
		sv->now_us = clock_us;
		sends = 0;
		step(&in);
		turn();
	}
	must_end();
	end();
	return 0;
}
