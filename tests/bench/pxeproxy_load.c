/*
 * pxeproxy_load - asks a ProxyDHCP server as fast as it answers, from many machines.
 *
 * usage: pxeproxy_load INTERFACE MODE OUTSTANDING COUNT MACHINES
 *   discover  DISCOVERs to 255.255.255.255:67, OUTSTANDING of them unanswered at a time
 *   pxe       REQUESTs to 10.0.0.1:4011
 *   burst     COUNT DISCOVERs from as many machines with no pause; then waits
 *   other     COUNT DISCOVERs that are no network boot; nobody answers
 *
 * Prints: answers/s, p50 and p99 in microseconds, how many were lost (no answer in a
 * second).  For tests/bench/pxeproxy.sh, in a namespace of its own.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/dhcp.h"

#define LOST_NS 1000000000LL
#define SERVER 0x0a000001

static struct load {
	int fd;
	const char *mode;
	unsigned outstanding, count, machines;
	uint8_t packet[2][1500];
	size_t len[2];
	struct sockaddr_in to;
	int64_t *sent, *took; /* by xid */
	unsigned first, next, waiting, answered, lost;
} load;

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void make_packet(int which, uint16_t arch)
{
	bool pxe = strcmp(load.mode, "pxe") == 0, other = strcmp(load.mode, "other") == 0;
	struct dhcp m = { .op = DHCP_OP_REQUEST,
			  .htype = 1,
			  .hlen = 6,
			  .flags = pxe ? 0 : DHCP_BROADCAST,
			  .ciaddr = pxe ? SERVER + 8 : 0,
			  .type = pxe ? DHCP_REQUEST : DHCP_DISCOVER,
			  .max_size = 1472 };

	if (!other) {
		snprintf(m.vendor_class, sizeof(m.vendor_class),
			 "PXEClient:Arch:%05u:UNDI:003000", arch);
		m.arch[0] = arch;
		m.archs = 1;
		memcpy(m.undi, (uint8_t[]){ 1, 3, 0 }, 3);
		m.machine_id = (struct dhcp_octets){ 17, { 0 } };
	} else {
		snprintf(m.vendor_class, sizeof(m.vendor_class), "MSFT 5.0");
	}
	if (!dhcp_encode(&m, load.packet[which], sizeof(load.packet[which]),
			 &load.len[which]))
		errx(EXIT_FAILED, "the packet does not fit");
}

static void open_socket(const char *interface)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons(DHCP_CLIENT_PORT) };
	int on = 1, large = 16 << 20;

	load.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(load.fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	setsockopt(load.fd, SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large));
	setsockopt(load.fd, SOL_SOCKET, SO_SNDBUFFORCE, &large, sizeof(large));
	if (setsockopt(load.fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		       (socklen_t)strlen(interface)) < 0 ||
	    bind(load.fd, (const struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(EXIT_FAILED, "%s", interface);
}

/* Machine n is 52:54:01:00:00:00 + n, as the database of the bench has it. */
static void send_one(unsigned xid)
{
	unsigned n = xid % load.machines;
	uint8_t *p = load.packet[n % 2];
	uint32_t wire = htonl(xid);

	memcpy(p + 4, &wire, sizeof(wire));
	memcpy(p + 28,
	       (uint8_t[]){ 0x52, 0x54, 1, (uint8_t)(n >> 16), (uint8_t)(n >> 8),
			    (uint8_t)n },
	       6);
	memcpy(p + 28 + 6, (uint8_t[10]){ 0 }, 10);
	load.sent[xid] = now_ns();
	if (sendto(load.fd, p, load.len[n % 2], 0, (const struct sockaddr *)&load.to,
		   sizeof(load.to)) < 0)
		err(EXIT_FAILED, "sendto");
}

static void take_answers(int timeout_ms)
{
	struct pollfd pfd = { .fd = load.fd, .events = POLLIN };
	uint8_t octets[1500];
	uint32_t xid;

	if (poll(&pfd, 1, timeout_ms) <= 0)
		return;
	while (recv(load.fd, octets, sizeof(octets), MSG_DONTWAIT) > 240) {
		memcpy(&xid, octets + 4, sizeof(xid));
		xid = ntohl(xid);
		if (octets[0] != DHCP_OP_REPLY || xid >= load.next || load.took[xid])
			continue;
		load.took[xid] = now_ns() - load.sent[xid];
		load.answered++;
		load.waiting--;
	}
}

static void drop_lost(void)
{
	int64_t now = now_ns();

	for (; load.first < load.next; load.first++) {
		if (load.took[load.first])
			continue;
		if (now - load.sent[load.first] < LOST_NS)
			return;
		load.took[load.first] = -1;
		load.waiting--;
		load.lost++;
	}
}

static void run(void)
{
	while (load.next < load.count || load.waiting) {
		while (load.waiting < load.outstanding && load.next < load.count) {
			load.waiting++;
			send_one(load.next++);
		}
		take_answers(100);
		drop_lost();
	}
}

/* Slowly enough that no queue of the kernel is full. */
static void run_other(void)
{
	for (; load.next < load.count; load.next++) {
		send_one(load.next);
		if (load.next % 200 == 199)
			usleep(10000);
	}
	usleep(200000);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print(int64_t ns)
{
	qsort(load.took, load.count, sizeof(*load.took), by_size);
	int64_t *good = load.took + load.lost;
	unsigned n = load.answered ? load.answered : 1;

	printf("%.0f %.1f %.1f %u\n", load.answered * 1e9 / (double)ns,
	       (double)good[n / 2] / 1e3, (double)good[(uint64_t)n * 99 / 100] / 1e3,
	       load.lost);
}

int main(int argc, char *argv[])
{
	int64_t start;

	if (argc != 6)
		errx(EXIT_MISUSE, "INTERFACE MODE OUTSTANDING COUNT MACHINES");
	load.mode = argv[2];
	load.outstanding = (unsigned)atoi(argv[3]);
	load.count = (unsigned)atoi(argv[4]);
	load.machines = (unsigned)atoi(argv[5]);
	load.sent = calloc(load.count + 1, sizeof(*load.sent));
	load.took = calloc(load.count + 1, sizeof(*load.took));
	if (!load.sent || !load.took || !load.machines || !load.outstanding)
		errx(EXIT_MISUSE, "numbers, please");
	load.to = (struct sockaddr_in){ .sin_family = AF_INET,
					.sin_port = htons(DHCP_SERVER_PORT),
					.sin_addr.s_addr = INADDR_BROADCAST };
	if (strcmp(load.mode, "pxe") == 0) {
		load.to.sin_port = htons(DHCP_PXE_PORT);
		load.to.sin_addr.s_addr = htonl(SERVER);
	}
	make_packet(0, 0);
	make_packet(1, 7);
	open_socket(argv[1]);
	start = now_ns();
	if (strcmp(load.mode, "other") == 0)
		run_other();
	else
		run();
	print(now_ns() - start);
	return EXIT_DONE;
}
