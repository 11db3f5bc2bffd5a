/*
 * dhcpsend - sends one DHCP packet made on the command line, and prints what
 * comes back, field by field.  For tests; pxeprobe is for people.
 *
 * To prove silence without a clock, --barrier=MAC sends a second DISCOVER, from
 * a machine that a proxy does answer: when that answer is there, what has not
 * been answered before it will never be.
 *
 * --machines=N with --times: each packet is from the next of N machines, whose MACs
 * and xids differ in their last two octets.
 *
 * Exit status: 0 if --replies answers (and the barrier's) came, 1 if fewer came
 * in --wait.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/core/mac.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/now.h"
#include "lib/wire/dhcp.h"

struct options {
	struct dhcp msg;
	const char *interface, *raw;
	uint32_t to, from;
	uint16_t port, source_port;
	unsigned replies, times, machines;
	long wait_ms;
	bool plain;
	bool barrier;
	struct dhcp barrier_msg;
};

#define BARRIER_XID 0xba881e80

static uint32_t address(const char *text)
{
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) != 1)
		errx(EXIT_MISUSE, "'%s' is no address", text);
	return ntohl(in.s_addr);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (end == text || *end)
		errx(EXIT_MISUSE, "'%s' is no number", text);
	return n;
}

static enum dhcp_type type(const char *text)
{
	for (enum dhcp_type t = DHCP_DISCOVER; t <= DHCP_INFORM; t++)
		if (strcasecmp(text, dhcp_type_name(t)) == 0)
			return t;
	errx(EXIT_MISUSE, "'%s' is no type of message", text);
}

static void set_text(char out[static DHCP_TEXT], const char *text)
{
	snprintf(out, DHCP_TEXT, "%s", text);
}

static void set_hex(struct dhcp_octets *out, const char *text)
{
	unsigned octet;

	for (out->len = 0; *text && out->len < sizeof(out->octet); text += 2) {
		if (sscanf(text, "%2x", &octet) != 1 || !text[1])
			errx(EXIT_MISUSE, "not pairs of hex digits");
		out->octet[out->len++] = (uint8_t)octet;
	}
}

static void set_mac(struct dhcp *msg, const char *text)
{
	struct mac mac;
	const char *why;

	if (!mac_parse(text, &mac, &why))
		errx(EXIT_MISUSE, "'%s': %s", text, why);
	memcpy(msg->chaddr, mac.octet, sizeof(mac.octet));
}

static void set_barrier(struct options *o, const char *mac)
{
	struct dhcp *m = &o->barrier_msg;

	*m = (struct dhcp){ .op = DHCP_OP_REQUEST,
			    .htype = 1,
			    .hlen = 6,
			    .xid = BARRIER_XID,
			    .flags = DHCP_BROADCAST,
			    .type = DHCP_DISCOVER,
			    .vendor_class = "PXEClient",
			    .arch = { 7 },
			    .archs = 1 };
	set_mac(m, mac);
	o->barrier = true;
	o->replies = 0;
}

/* A list, best first. */
static void set_archs(struct dhcp *msg, char *text)
{
	for (char *p = strtok(text, ","); p && msg->archs < DHCP_ARCHS;
	     p = strtok(NULL, ","))
		msg->arch[msg->archs++] = (uint16_t)number(p);
}

static void set_field(struct options *o, int option, char *text)
{
	struct dhcp *m = &o->msg;

	switch (option) {
	case 'T':
		m->type = type(text);
		break;
	case 'm':
		set_mac(m, text);
		break;
	case 'a':
		set_archs(m, text);
		break;
	case 'c':
		set_text(m->vendor_class, text);
		break;
	case 'u':
		set_text(m->user_class, text);
		break;
	case 'E':
		set_hex(&m->ipxe, text);
		break;
	case 'U':
		set_hex(&m->machine_id, text);
		break;
	case 'R':
		set_hex(&m->relay_info, text);
		break;
	case 'x':
		m->xid = (uint32_t)number(text);
		break;
	case 'M':
		m->max_size = (uint16_t)number(text);
		break;
	case 'g':
		m->giaddr = address(text);
		m->hops = 1;
		break;
	case 'C':
		m->ciaddr = address(text);
		break;
	case 'q':
		m->requested = address(text);
		break;
	case 'S':
		m->server = address(text);
		break;
	case 'I':
		m->pxe.has_item = true;
		m->pxe.item_type = (uint16_t)number(text);
		break;
	}
}

static const struct option longs[] = {
	{ "type", required_argument, NULL, 'T' },
	{ "mac", required_argument, NULL, 'm' },
	{ "arch", required_argument, NULL, 'a' },
	{ "class", required_argument, NULL, 'c' },
	{ "user-class", required_argument, NULL, 'u' },
	{ "ipxe", required_argument, NULL, 'E' },
	{ "machine-id", required_argument, NULL, 'U' },
	{ "relay-info", required_argument, NULL, 'R' },
	{ "xid", required_argument, NULL, 'x' },
	{ "max-size", required_argument, NULL, 'M' },
	{ "giaddr", required_argument, NULL, 'g' },
	{ "ciaddr", required_argument, NULL, 'C' },
	{ "requested", required_argument, NULL, 'q' },
	{ "server", required_argument, NULL, 'S' },
	{ "item", required_argument, NULL, 'I' },
	{ "interface", required_argument, NULL, 'i' },
	{ "to", required_argument, NULL, 't' },
	{ "from", required_argument, NULL, 'f' },
	{ "port", required_argument, NULL, 'p' },
	{ "source-port", required_argument, NULL, 's' },
	{ "raw", required_argument, NULL, 'r' },
	{ "replies", required_argument, NULL, 'n' },
	{ "times", required_argument, NULL, 'N' },
	{ "machines", required_argument, NULL, 'k' },
	{ "wait", required_argument, NULL, 'w' },
	{ "plain", no_argument, NULL, 'P' },
	{ "barrier", required_argument, NULL, 'B' },
	{ 0 },
};

/* True if the option is about the sending, not about the packet. */
static bool set_sending(struct options *o, int option, const char *text)
{
	switch (option) {
	case 'i':
		o->interface = text;
		return true;
	case 't':
		o->to = address(text);
		return true;
	case 'f':
		o->from = address(text);
		return true;
	case 'p':
		o->port = (uint16_t)number(text);
		return true;
	case 's':
		o->source_port = (uint16_t)number(text);
		return true;
	case 'r':
		o->raw = text;
		return true;
	case 'n':
		o->replies = (unsigned)number(text);
		return true;
	case 'N':
		o->times = (unsigned)number(text);
		return true;
	case 'k':
		o->machines = (unsigned)number(text);
		return true;
	case 'w':
		o->wait_ms = (long)number(text);
		return true;
	case 'P':
		o->plain = true;
		return true;
	case 'B':
		set_barrier(o, text);
		return true;
	default:
		return false;
	}
}

/* What firmware says of itself, unless the command line says something else. */
static void complete(struct options *o)
{
	struct dhcp *m = &o->msg;
	bool http = m->archs && m->arch[0] >= 15 && m->arch[0] <= 20;

	if (!o->plain && !*m->vendor_class)
		snprintf(m->vendor_class, sizeof(m->vendor_class),
			 "%s:Arch:%05u:UNDI:003000", http ? "HTTPClient" : "PXEClient",
			 m->archs ? m->arch[0] : 0);
	if (!o->plain && m->archs)
		memcpy(m->undi, (uint8_t[]){ 1, 3, 0 }, sizeof(m->undi));
	if (o->port == DHCP_PXE_PORT)
		o->barrier_msg.type = DHCP_REQUEST;
}

static struct options parse_options(int argc, char *argv[])
{
	struct options o = {
		.msg = { .op = DHCP_OP_REQUEST,
			 .htype = 1,
			 .hlen = 6,
			 .xid = 0x12345678,
			 .flags = DHCP_BROADCAST,
			 .type = DHCP_DISCOVER,
			 .chaddr = { 0x52, 0x54, 0, 0x77, 0, 0x10 },
			 .max_size = 1472 },
		.to = INADDR_BROADCAST,
		.port = DHCP_SERVER_PORT,
		.source_port = DHCP_CLIENT_PORT,
		.replies = 1,
		.times = 1,
		.machines = 1,
		.wait_ms = 20000,
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == '?')
			exit(EXIT_MISUSE);
		if (!set_sending(&o, c, optarg))
			set_field(&o, c, optarg);
	}
	complete(&o);
	return o;
}

static int open_socket(const struct options *o)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons(o->source_port),
				   .sin_addr.s_addr = htonl(o->from) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0)
		err(EXIT_FAILED, "socket");
	if (o->interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->interface,
				       (socklen_t)strlen(o->interface)) < 0)
		err(EXIT_FAILED, "%s", o->interface);
	if (bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(EXIT_FAILED, "cannot bind UDP port %u", o->source_port);
	return fd;
}

static void send_octets(const struct options *o, int fd, const void *octets, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(o->port),
				  .sin_addr.s_addr = htonl(o->to) };

	if (sendto(fd, octets, len, 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
		err(EXIT_FAILED, "cannot send");
}

/* The last octets of the MAC and of the xid count. */
static void name_machine(char *octets, size_t len, unsigned n)
{
	if (len < 34)
		return;
	octets[6] = octets[32] = (char)(n >> 8);
	octets[7] = octets[33] = (char)n;
}

static void send_packet(const struct options *o, int fd)
{
	static char octets[65536], *raw = octets;
	size_t len;

	if (o->raw)
		raw = file_read(o->raw, sizeof(octets), &len);
	else if (!dhcp_encode(&o->msg, octets, sizeof(octets), &len))
		errx(EXIT_MISUSE, "the packet does not fit");
	if (!raw)
		err(EXIT_FAILED, "%s", o->raw);
	for (unsigned i = 0; i < o->times; i++) {
		if (o->machines > 1)
			name_machine(raw, len, i % o->machines);
		send_octets(o, fd, raw, len);
	}
	if (o->barrier && dhcp_encode(&o->barrier_msg, octets, sizeof(octets), &len))
		send_octets(o, fd, octets, len);
}

static void print_reply(const uint8_t *octets, size_t len, const struct sockaddr_in *from)
{
	char text[8192], name[INET_ADDRSTRLEN];
	struct dhcp msg;
	const char *why;

	printf("from: %s:%u\nlength: %zu\n",
	       inet_ntop(AF_INET, &from->sin_addr, name, sizeof(name)),
	       ntohs(from->sin_port), len);
	if (dhcp_decode(octets, len, &msg, &why)) {
		dhcp_text(&msg, text, sizeof(text));
		puts(text);
	} else {
		printf("broken: %s\n\n", why);
	}
}

/* What a datagram is to us. */
enum seen { SEEN_OTHER, SEEN_REPLY, SEEN_BARRIER };

/* With port 67 as our source we hear other clients' requests too. */
static enum seen look(const struct options *o, const uint8_t *octets, size_t len)
{
	struct dhcp msg;
	const char *why;

	if (!dhcp_decode(octets, len, &msg, &why))
		return SEEN_REPLY;
	if (msg.op != DHCP_OP_REPLY)
		return SEEN_OTHER;
	if (o->barrier && msg.xid == BARRIER_XID)
		return msg.yiaddr ? SEEN_OTHER : SEEN_BARRIER;
	return o->raw || msg.xid == o->msg.xid ? SEEN_REPLY : SEEN_OTHER;
}

static enum seen receive(const struct options *o, int fd, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t octets[4096];
	enum seen seen;
	ssize_t n;

	if (poll(&p, 1, wait_ms) <= 0)
		return SEEN_OTHER;
	n = recvfrom(fd, octets, sizeof(octets), MSG_DONTWAIT, (struct sockaddr *)&from,
		     &len);
	if (n < 0)
		return SEEN_OTHER;
	seen = look(o, octets, (size_t)n);
	if (seen == SEEN_REPLY)
		print_reply(octets, (size_t)n, &from);
	return seen;
}

/* True if all came that was waited for. */
static bool collect(const struct options *o, int fd)
{
	int64_t end_ms = now_monotonic_ms() + o->wait_ms, left_ms;
	bool passed = !o->barrier;
	unsigned got = 0;

	while (got < o->replies || !passed) {
		left_ms = end_ms - now_monotonic_ms();
		if (left_ms <= 0)
			return false;
		switch (receive(o, fd, (int)left_ms)) {
		case SEEN_REPLY:
			got++;
			break;
		case SEEN_BARRIER:
			passed = true;
			break;
		case SEEN_OTHER:
			break;
		}
	}
	return true;
}

int main(int argc, char *argv[])
{
	struct options o = parse_options(argc, argv);
	int fd = open_socket(&o);

	send_packet(&o, fd);
	return collect(&o, fd) ? EXIT_DONE : EXIT_NO;
}
