/*
 * tftp_client [options] ADDRESS PORT NAME: fetches a file as firmware does it,
 * good or bad, and writes it to standard output; on standard error, how it went:
 * blocks, repeats that came in, and the OACK's options.
 *
 *   -b N  blksize      -w N  windowsize     -s  tsize       -T N  timeout
 *   -a    netascii     -p    probe: ERROR 8 to the OACK
 *   -A N  lose every Nth ACK that goes out  -D N  lose every Nth DATA that comes in
 *   -r    reorder: swap each DATA with the next one, now and then
 *   -2    send each ACK twice
 *   -e    acknowledge every unexpected block, as EDK2 does
 *   -c N  stop without a word after N blocks
 *   -z N  acknowledge nothing after N blocks, and wait for what comes
 *   -q    ask just once, and say nothing of how it went
 *   -B A  ask from this address of ours
 *   -t N  ask N times (15), a second each, before it gives up
 *   -f N  first send N requests from other ports, and acknowledge nothing
 *
 * Exit status: 0 all came, 1 the server sent an ERROR (its code and text on
 * standard error), 3 it fell silent.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define PATIENCE_MS 1000

static struct options {
	struct tftp_options ask;
	enum tftp_mode mode;
	const char *name;
	unsigned lose_acks, lose_data, cut, silent, flood;
	bool probe, twice, edk2, reorder, once;
	const char *from;
	int tries;
} o = { .tries = 15 };

static struct client {
	int fd;
	struct sockaddr_storage server; /* its transfer's address, once it has answered */
	socklen_t server_len;
	bool answered;
	uint64_t block; /* the last one in order */
	uint32_t blksize, window, in_window;
	unsigned acks, datas, repeats, blocks;
	bool ended;
	uint8_t held[65536]; /* a DATA that waits to be overtaken */
	size_t held_len;
	struct tftp_options granted;
} c = { .blksize = TFTP_BLKSIZE_DEFAULT, .window = 1 };

static void add_number(enum tftp_option option, const char *text)
{
	tftp_add(&o.ask, option, strtoull(text, NULL, 10));
}

static void parse_option(int opt)
{
	switch (opt) {
	case 'b':
		add_number(TFTP_BLKSIZE, optarg);
		break;
	case 'w':
		add_number(TFTP_WINDOWSIZE, optarg);
		break;
	case 's':
		add_number(TFTP_TSIZE, "0");
		break;
	case 'T':
		add_number(TFTP_TIMEOUT, optarg);
		break;
	case 'a':
		o.mode = TFTP_NETASCII;
		break;
	case 'p':
		o.probe = true;
		break;
	case 'r':
		o.reorder = true;
		break;
	case '2':
		o.twice = true;
		break;
	case 'q':
		o.once = true;
		break;
	case 'B':
		o.from = optarg;
		break;
	case 'e':
		o.edk2 = true;
		break;
	case 'A':
		o.lose_acks = (unsigned)strtoul(optarg, NULL, 10);
		break;
	case 'D':
		o.lose_data = (unsigned)strtoul(optarg, NULL, 10);
		break;
	case 'c':
		o.cut = (unsigned)strtoul(optarg, NULL, 10);
		break;
	case 'z':
		o.silent = (unsigned)strtoul(optarg, NULL, 10);
		break;
	case 't':
		o.tries = atoi(optarg);
		break;
	case 'f':
		o.flood = (unsigned)strtoul(optarg, NULL, 10);
		break;
	default:
		exit(EXIT_MISUSE);
	}
}

static void set_server(const char *address, const char *port)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	uint16_t number = htons((uint16_t)strtoul(port, NULL, 10));

	sin.sin_port = sin6.sin6_port = number;
	if (inet_pton(AF_INET, address, &sin.sin_addr) == 1) {
		memcpy(&c.server, &sin, sizeof(sin));
		c.server_len = sizeof(sin);
	} else if (inet_pton(AF_INET6, address, &sin6.sin6_addr) == 1) {
		memcpy(&c.server, &sin6, sizeof(sin6));
		c.server_len = sizeof(sin6);
	} else {
		errx(EXIT_MISUSE, "%s: not an address", address);
	}
}

static int open_socket(void)
{
	int fd = socket(c.server.ss_family, SOCK_DGRAM, 0), octets = 4 << 20;
	struct sockaddr_in sin = { .sin_family = AF_INET };

	if (fd < 0)
		err(EXIT_FAILED, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	if (o.from && (inet_pton(AF_INET, o.from, &sin.sin_addr) != 1 ||
		       bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0))
		err(EXIT_FAILED, "%s", o.from);
	return fd;
}

static void put(int fd, const struct pkt_wr *wr)
{
	size_t len;

	if (!pkt_put_end(wr, &len))
		errx(EXIT_MISUSE, "the packet is too long");
	if (sendto(fd, wr->start, len, 0, (struct sockaddr *)&c.server, c.server_len) < 0)
		err(EXIT_FAILED, "sendto");
}

static void ask(int fd)
{
	uint8_t octets[2048];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));

	tftp_put_request(&wr, TFTP_RRQ, o.name, o.mode, &o.ask);
	put(fd, &wr);
}

/* Each port stays open, so that the server learns nothing from ICMP. */
static void flood(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	for (unsigned i = 0; i < o.flood; i++)
		ask(open_socket());
}

static bool nth(unsigned *count, unsigned n)
{
	return n && ++*count % n == 0;
}

static void ack(uint64_t block)
{
	uint8_t octets[TFTP_HEADER];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));

	c.in_window = 0;
	if (nth(&c.acks, o.lose_acks) || (o.silent && c.blocks >= o.silent))
		return;
	tftp_put_ack(&wr, (uint16_t)block);
	put(c.fd, &wr);
	if (o.twice)
		put(c.fd, &wr);
}

static void in_order(const struct tftp_packet *p)
{
	size_t len = pkt_left(&p->data);

	c.block++;
	c.blocks++;
	if (fwrite(p->data.p, 1, len, stdout) != len)
		err(EXIT_FAILED, "standard output");
	c.ended = len < c.blksize;
	if (o.silent)
		fflush(stdout);
	if (o.cut && c.blocks >= o.cut)
		exit(EXIT_DONE);
	if (c.ended || ++c.in_window >= c.window)
		ack(c.block);
}

/* A gap is reported once a window; EDK2 does it for each block. */
static void out_of_order(const struct tftp_packet *p)
{
	uint16_t behind = (uint16_t)(c.block - p->block);
	static uint64_t reported = UINT64_MAX;

	if (behind < 0x8000) {
		c.repeats++;
		if (o.edk2 || p->block == (uint16_t)c.block)
			ack(c.block);
		return;
	}
	if (o.edk2 || reported != c.block)
		ack(c.block);
	reported = c.block;
}

static void on_data(const struct tftp_packet *p)
{
	if (p->block == (uint16_t)(c.block + 1))
		in_order(p);
	else
		out_of_order(p);
}

static void on_oack(const struct tftp_packet *p)
{
	uint8_t octets[64];
	struct pkt_wr wr = pkt_wr(octets, sizeof(octets));

	c.granted = p->options;
	if (tftp_has(&p->options, TFTP_BLKSIZE))
		c.blksize = (uint32_t)p->options.value[TFTP_BLKSIZE];
	if (tftp_has(&p->options, TFTP_WINDOWSIZE))
		c.window = (uint32_t)p->options.value[TFTP_WINDOWSIZE];
	if (!o.probe) {
		ack(0);
		return;
	}
	tftp_put_error(&wr, TFTP_OPTIONS_REFUSED, "User aborted the transfer");
	put(c.fd, &wr);
	c.ended = true;
}

static void on_error(const struct tftp_packet *p)
{
	fprintf(stderr, "ERROR %u %.*s\n", p->code, (int)pkt_left(&p->data),
		(const char *)p->data.p);
	exit(EXIT_NO);
}

static void handle(const uint8_t *octets, size_t len)
{
	struct tftp_packet p;
	const char *why;

	if (!tftp_get(octets, len, &p, &why))
		errx(EXIT_FAILED, "the server sent nonsense: %s", why);
	if (p.op == TFTP_DATA)
		on_data(&p);
	else if (p.op == TFTP_OACK && c.block == 0)
		on_oack(&p);
	else if (p.op == TFTP_ERROR)
		on_error(&p);
}

/* Every seventh DATA lets the next one overtake it. */
static void deliver(const uint8_t *octets, size_t len)
{
	if (o.reorder && !c.held_len && c.datas % 7 == 3) {
		memcpy(c.held, octets, len);
		c.held_len = len;
		return;
	}
	handle(octets, len);
	if (c.held_len && !c.ended)
		handle(c.held, c.held_len);
	c.held_len = 0;
}

static void take(void)
{
	static uint8_t octets[65536];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	ssize_t len = recvfrom(c.fd, octets, sizeof(octets), 0, (struct sockaddr *)&from,
			       &from_len);

	if (len < 0)
		err(EXIT_FAILED, "recvfrom");
	c.server = from;
	c.server_len = from_len;
	c.answered = true;
	c.datas++;
	if (o.lose_data && c.datas % o.lose_data == 0)
		return;
	deliver(octets, (size_t)len);
}

static void silence(void)
{
	if (!c.answered)
		ask(c.fd);
	else
		ack(c.block);
}

static int fetch(void)
{
	struct pollfd pfd = { .fd = c.fd, .events = POLLIN };
	int tries = 0;

	ask(c.fd);
	while (!c.ended && tries < (o.once ? 1 : o.tries)) {
		if (poll(&pfd, 1, PATIENCE_MS) > 0) {
			take();
			tries = 0;
		} else {
			tries++;
			if (!o.once)
				silence();
		}
	}
	return c.ended ? EXIT_DONE : EXIT_FAILED;
}

static void tell(void)
{
	fprintf(stderr, "%u blocks, %u repeats", c.blocks, c.repeats);
	for (size_t i = 0; i < c.granted.count; i++)
		fprintf(stderr, ", %s %llu", tftp_option_name(c.granted.order[i]),
			(unsigned long long)c.granted.value[c.granted.order[i]]);
	fputc('\n', stderr);
}

int main(int argc, char *argv[])
{
	int opt, code;

	while ((opt = getopt(argc, argv, "b:w:sT:apr2eqB:A:D:c:z:f:t:")) != -1)
		parse_option(opt);
	if (argc - optind != 3)
		errx(EXIT_MISUSE, "wants options, address, port and name");
	set_server(argv[optind], argv[optind + 1]);
	o.name = argv[optind + 2];
	flood();
	c.fd = open_socket();
	code = fetch();
	if (!o.once)
		tell();
	return fclose(stdout) == 0 ? code : EXIT_FAILED;
}
