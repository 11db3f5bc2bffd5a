/*
 * tftp_load [options] ADDRESS PORT NAME FILE: fetches NAME as many clients at once
 * and compares every octet with FILE.
 *
 *   -n N  clients (1)          -r N  files each, one after the other (1)
 *   -b N  blksize (1468)       -w N  windowsize (1)
 *   -d N  delay each ACK by N us: a network of that round trip
 *   -l N  lose N of 10000 packets, in both directions
 *   -e    acknowledge every unexpected block, as EDK2 does
 *
 * All clients have one socket, and each transfer an address of 127.0.0.0/8 of its own:
 * with a socket for each, the clients would cost more than most servers, and be what
 * is measured.
 *
 * One line comes out: MB/s, the median and the 99th percentile of the transfers'
 * milliseconds, packets received for each one needed, and failures.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define PATIENCE_US 1000000
#define BATCH 64

static struct options {
	unsigned clients, files, blksize, window, delay_us, lose;
	bool edk2;
	const char *name;
	struct sockaddr_in server;
} o = { .clients = 1, .files = 1, .blksize = 1468, .window = 1 };

static const uint8_t *file;
static uint64_t file_size;

static struct client {
	bool active, answered;
	struct sockaddr_in to; /* the server's port for this transfer, once it answered */
	uint64_t block;
	unsigned in_window, files;
	int64_t begun_us, heard_us;
	int64_t ack_us; /* when the ACK that waits goes out, 0 for none */
	uint64_t ack_block;
} * clients;

static int wire;
static int64_t *took_us;
static size_t took, running;
static uint64_t received, needed, failures, octets_total;

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static bool is_lost(void)
{
	return o.lose && (unsigned)(random() % 10000) < o.lose;
}

/* What goes out with the next flush(). */
static struct {
	struct mmsghdr m[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_in to[BATCH];
	uint8_t octets[BATCH][1024];
	_Alignas(struct cmsghdr) char control[BATCH]
					     [CMSG_SPACE(sizeof(struct in_pktinfo))];
	unsigned count;
} out;

static void flush(void)
{
	for (unsigned sent = 0; sent < out.count;) {
		int n = sendmmsg(wire, out.m + sent, out.count - sent, 0);

		/* As if it had been lost, such as an ACK to a port that was closed. */
		sent += n > 0 ? (unsigned)n : 1;
	}
	out.count = 0;
}

/* 127.(1 + file).(client / 250).(1 + client % 250) */
static struct in_addr address_of(const struct client *c)
{
	unsigned i = (unsigned)(c - clients);

	return (struct in_addr){ htonl(127u << 24 | (1 + c->files % 250) << 16 |
				       i / 250 << 8 | (1 + i % 250)) };
}

static struct client *client_at(struct in_addr address)
{
	uint32_t a = ntohl(address.s_addr);
	unsigned i = (a >> 8 & 255) * 250 + (a & 255) - 1;

	if (i >= o.clients || !clients[i].active ||
	    address_of(&clients[i]).s_addr != address.s_addr)
		return NULL;
	return &clients[i];
}

static void put(struct client *c, const uint8_t *octets, size_t len)
{
	unsigned n = out.count;
	struct in_pktinfo from = { .ipi_spec_dst = address_of(c) };
	struct cmsghdr h = { .cmsg_level = IPPROTO_IP,
			     .cmsg_type = IP_PKTINFO,
			     .cmsg_len = CMSG_LEN(sizeof(from)) };

	if (is_lost())
		return;
	memcpy(out.octets[n], octets, len);
	memcpy(out.control[n], &h, sizeof(h));
	memcpy(out.control[n] + CMSG_LEN(0), &from, sizeof(from));
	out.to[n] = c->to;
	out.iov[n] = (struct iovec){ out.octets[n], len };
	out.m[n].msg_hdr = (struct msghdr){ .msg_name = &out.to[n],
					    .msg_namelen = sizeof(out.to[n]),
					    .msg_iov = &out.iov[n],
					    .msg_iovlen = 1,
					    .msg_control = out.control[n],
					    .msg_controllen = sizeof(out.control[n]) };
	if (++out.count == BATCH)
		flush();
}

static void ask(struct client *c)
{
	uint8_t octets[1024];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));
	struct tftp_options asked = { 0 };
	size_t len;

	tftp_add(&asked, TFTP_BLKSIZE, o.blksize);
	if (o.window > 1)
		tftp_add(&asked, TFTP_WINDOWSIZE, o.window);
	tftp_put_request(&wr, TFTP_RRQ, o.name, TFTP_OCTET, &asked);
	if (!pkt_put_end(&wr, &len))
		errx(EXIT_MISUSE, "%s: too long", o.name);
	put(c, octets, len);
}

static void begin(struct client *c)
{
	c->active = true;
	c->answered = false;
	c->to = o.server;
	c->block = 0;
	c->in_window = 0;
	c->ack_us = 0;
	c->begun_us = c->heard_us = now_us();
	ask(c);
}

static void end(struct client *c, bool good)
{
	took_us[took++] = now_us() - c->begun_us;
	failures += !good;
	octets_total += file_size;
	needed += file_size / o.blksize + 1;
	c->active = false;
	if (++c->files < o.files)
		begin(c);
	else
		running--;
}

static void send_ack(struct client *c, uint64_t block)
{
	uint8_t octets[TFTP_HEADER];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));

	tftp_put_ack(&wr, (uint16_t)block);
	put(c, octets, sizeof(octets));
	c->ack_us = 0;
}

static void ack(struct client *c)
{
	c->in_window = 0;
	if (!o.delay_us) {
		send_ack(c, c->block);
		return;
	}
	if (c->ack_us)
		send_ack(c, c->ack_block);
	c->ack_us = now_us() + o.delay_us;
	c->ack_block = c->block;
}

/* True if that was the last one. */
static bool data(struct client *c, const struct tftp_packet *p)
{
	uint64_t offset = c->block * o.blksize;
	size_t len = pkt_left(&p->data);

	if (p->block != (uint16_t)(c->block + 1)) {
		uint16_t ahead = (uint16_t)(p->block - c->block);

		if (o.edk2 || ahead == 0 || (ahead == 2 && o.window > 1))
			ack(c);
		return false;
	}
	if (offset + len > file_size || memcmp(file + offset, p->data.p, len) != 0)
		errx(EXIT_FAILED, "block %llu is wrong",
		     (unsigned long long)c->block + 1);
	c->block++;
	if (len < o.blksize || ++c->in_window >= o.window)
		ack(c);
	return len < o.blksize;
}

static void packet(struct client *c, const uint8_t *octets, size_t len, int64_t now)
{
	struct tftp_packet p;
	const char *why;

	received++;
	if (is_lost())
		return;
	c->heard_us = now;
	if (!tftp_get(octets, len, &p, &why) || p.op == TFTP_ERROR) {
		end(c, false);
		return;
	}
	if (p.op == TFTP_OACK && c->block == 0)
		ack(c);
	if (p.op != TFTP_DATA || !data(c, &p))
		return;
	if (c->ack_us)
		send_ack(c, c->ack_block);
	end(c, true);
}

static bool is_from_server(struct client *c, const struct sockaddr_in *from)
{
	if (!c->answered)
		c->to = *from;
	c->answered = true;
	return c->to.sin_port == from->sin_port;
}

/* To which of the clients it came. */
static struct client *client_of(struct msghdr *m)
{
	struct cmsghdr *h = CMSG_FIRSTHDR(m);
	struct in_pktinfo to;

	if (!h || h->cmsg_type != IP_PKTINFO)
		errx(EXIT_FAILED, "no IP_PKTINFO");
	memcpy(&to, CMSG_DATA(h), sizeof(to));
	return client_at(to.ipi_addr);
}

static void take(void)
{
	static uint8_t *octets; /* close together, as caches like it */
	static struct mmsghdr m[BATCH];
	static struct iovec iov[BATCH];
	static struct sockaddr_in from[BATCH];
	const size_t each = TFTP_HEADER + o.blksize + 64;
	static _Alignas(struct cmsghdr) char control[BATCH][256];
	int64_t now;
	int count;

	if (!octets && !(octets = malloc(BATCH * each)))
		err(EXIT_FAILED, "memory");
	for (size_t i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ octets + i * each, each };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i],
						.msg_iovlen = 1,
						.msg_name = &from[i],
						.msg_namelen = sizeof(from[i]),
						.msg_control = control[i],
						.msg_controllen = sizeof(control[i]) };
	}
	count = recvmmsg(wire, m, BATCH, MSG_DONTWAIT, NULL);
	now = now_us();
	for (int i = 0; i < count; i++) {
		struct client *c = client_of(&m[i].msg_hdr);

		if (c && is_from_server(c, &from[i]))
			packet(c, octets + (size_t)i * each, m[i].msg_len, now);
	}
}

/* What is due: ACKs that were delayed, and a client's patience. */
static int64_t due(struct client *c, int64_t now)
{
	int64_t silence_us = c->heard_us + PATIENCE_US;

	if (c->ack_us && c->ack_us <= now)
		send_ack(c, c->ack_block);
	if (silence_us <= now) {
		c->heard_us = now;
		if (c->answered)
			send_ack(c, c->block);
		else
			ask(c);
		return now + PATIENCE_US;
	}
	return c->ack_us && c->ack_us < silence_us ? c->ack_us : silence_us;
}

static void wait_until(int64_t then_us)
{
	struct pollfd pfd = { .fd = wire, .events = POLLIN };
	int64_t us = then_us - now_us();
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	if (us < 0)
		ts = (struct timespec){ 0 };
	if (ppoll(&pfd, 1, &ts, NULL) < 0)
		err(EXIT_FAILED, "ppoll");
}

/* When something is due next; that may be later by now, but is no sooner. */
static int64_t all_due(int64_t now)
{
	int64_t next = now + PATIENCE_US;

	for (unsigned i = 0; i < o.clients; i++)
		if (clients[i].active) {
			int64_t mine = due(&clients[i], now);

			next = mine < next ? mine : next;
		}
	return next;
}

static void run(void)
{
	int64_t next = 0, now;

	while (running) {
		now = now_us();
		if (o.delay_us || now >= next)
			next = all_due(now);
		flush();
		wait_until(next);
		take();
	}
	flush();
}

static void open_socket(void)
{
	const int octets = 64 << 20, one = 1;
	const struct sockaddr_in any = { .sin_family = AF_INET };

	wire = socket(AF_INET, SOCK_DGRAM, 0);
	if (wire < 0 || bind(wire, (const struct sockaddr *)&any, sizeof(any)) < 0 ||
	    setsockopt(wire, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one)) < 0)
		err(EXIT_FAILED, "socket");
	setsockopt(wire, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets));
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void map_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_MISUSE, "%s", path);
	file_size = (uint64_t)st.st_size;
	file = mmap(NULL, file_size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (file == MAP_FAILED)
		err(EXIT_MISUSE, "%s", path);
}

static unsigned number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

static void parse_option(int c)
{
	switch (c) {
	case 'n':
		o.clients = number(optarg);
		break;
	case 'r':
		o.files = number(optarg);
		break;
	case 'b':
		o.blksize = number(optarg);
		break;
	case 'w':
		o.window = number(optarg);
		break;
	case 'd':
		o.delay_us = number(optarg);
		break;
	case 'l':
		o.lose = number(optarg);
		break;
	case 'e':
		o.edk2 = true;
		break;
	default:
		exit(EXIT_MISUSE);
	}
}

static double took_ms(size_t percent)
{
	size_t i = took * percent / 100;

	return (double)took_us[i] / 1000;
}

static void tell(int64_t us)
{
	qsort(took_us, took, sizeof(*took_us), by_size);
	printf("%.1f MB/s, p50 %.1f ms, p99 %.1f ms, %.3f packets each, %llu failed\n",
	       (double)octets_total / (double)us, took_ms(50), took_ms(99),
	       (double)received / (double)needed, (unsigned long long)failures);
}

int main(int argc, char *argv[])
{
	int64_t start_us;
	int c;

	while ((c = getopt(argc, argv, "n:r:b:w:d:l:e")) != -1)
		parse_option(c);
	if (argc - optind != 4 || !o.clients || !o.files)
		errx(EXIT_MISUSE, "wants options, address, port, name and file");
	o.server.sin_family = AF_INET;
	o.server.sin_port = htons((uint16_t)number(argv[optind + 1]));
	if (inet_pton(AF_INET, argv[optind], &o.server.sin_addr) != 1)
		errx(EXIT_MISUSE, "%s: not an IPv4 address", argv[optind]);
	o.name = argv[optind + 2];
	map_file(argv[optind + 3]);
	clients = calloc(o.clients, sizeof(*clients));
	took_us = calloc((size_t)o.clients * o.files, sizeof(*took_us));
	if (!clients || !took_us)
		err(EXIT_FAILED, "memory");
	srandom(1);
	open_socket();
	start_us = now_us();
	running = o.clients;
	for (unsigned i = 0; i < o.clients; i++)
		begin(&clients[i]);
	run();
	tell(now_us() - start_us);
	return failures ? EXIT_FAILED : EXIT_DONE;
}
