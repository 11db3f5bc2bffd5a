/*
 * tftp_limit [-n] ADDRESS PORT FILE: the least that a server can do.  One client at a
 * time, no timer, no check, one file whatever is asked for: it shows what a window
 * costs the kernel, and so what any server may hope for.
 *
 *   -n  any number of clients at a time, window 1, all with the blksize of the last one
 *       who asked: an ACK says what comes next, and nothing else is known of anybody
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/wire/tftp.h"

#define SEGMENTS 64
#define TRAIN 65000
#define BATCH 64

static const uint8_t *file;
static uint64_t file_size;

static void map_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) < 0)
		err(EXIT_MISUSE, "%s", path);
	file_size = (uint64_t)st.st_size;
	file = mmap(NULL, file_size, PROT_READ, MAP_SHARED, fd, 0);
	if (file == MAP_FAILED)
		err(EXIT_MISUSE, "%s", path);
}

static int bound(const char *address, const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1 || fd < 0 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		err(EXIT_FAILED, "%s port %s", address, port);
	return fd;
}

/* Blocks first.. of one train; the count of those that it holds. */
static uint64_t send_train(int fd, uint64_t first, uint64_t blocks, uint16_t blksize)
{
	static uint8_t header[SEGMENTS][TFTP_HEADER];
	static struct iovec iov[2 * SEGMENTS];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(uint16_t))] = { 0 };
	struct msghdr msg = { .msg_iov = iov };
	uint16_t segment = (uint16_t)(blksize + TFTP_HEADER);
	uint64_t n;

	for (n = 0; n < blocks && n < SEGMENTS && (n + 1) * segment <= TRAIN; n++) {
		uint64_t offset = (first + n - 1) * blksize, left = file_size - offset;
		struct pkt_wr wr = pkt_wr(header[n], TFTP_HEADER);

		tftp_put_data(&wr, (uint16_t)(first + n), "", 0);
		iov[2 * n] = (struct iovec){ header[n], TFTP_HEADER };
		iov[2 * n + 1] = (struct iovec){ (void *)(uintptr_t)(file + offset),
						 left < blksize ? left : blksize };
	}
	msg.msg_iovlen = 2 * n;
	if (n > 1) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		*CMSG_FIRSTHDR(&msg) =
			(struct cmsghdr){ .cmsg_level = IPPROTO_UDP,
					  .cmsg_type = UDP_SEGMENT,
					  .cmsg_len = CMSG_LEN(sizeof(segment)) };
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&msg)), &segment, sizeof(segment));
	}
	if (sendmsg(fd, &msg, 0) < 0)
		err(EXIT_FAILED, "sendmsg");
	return n;
}

static void serve(int fd, const struct tftp_grant *g)
{
	uint64_t last = file_size / g->blksize + 1, acked = 0, sent = 0;
	uint8_t octets[512];
	struct tftp_packet p;
	const char *why;

	while (acked < last) {
		ssize_t len = recv(fd, octets, sizeof(octets), 0);

		if (len < 0 || !tftp_get(octets, (size_t)len, &p, &why) ||
		    p.op != TFTP_ACK)
			return;
		acked += (uint16_t)(p.block - (uint16_t)acked);
		sent = acked;
		while (sent < last && sent < acked + g->windowsize) {
			uint64_t room = acked + g->windowsize - sent;

			sent += send_train(fd, sent + 1,
					   room < last - sent ? room : last - sent,
					   g->blksize);
		}
	}
}

static void answer(int fd, const uint8_t *octets, size_t len,
		   const struct sockaddr_in *from)
{
	const struct tftp_limits limits = { TFTP_BLKSIZE_MAX, 64, 1 << 22, false };
	struct tftp_packet p;
	struct tftp_grant g;
	const char *why;
	uint8_t oack[TFTP_OACK_SIZE];
	struct pkt_wr wr = pkt_wr(oack, sizeof(oack));

	if (!tftp_get(octets, len, &p, &why) || p.op != TFTP_RRQ)
		return;
	g = tftp_negotiate(&p, &limits, (int64_t)file_size);
	tftp_put_oack(&wr, &g.oack);
	if (connect(fd, (const struct sockaddr *)from, sizeof(*from)) < 0 ||
	    !pkt_put_end(&wr, &len) || send(fd, oack, len, 0) < 0)
		err(EXIT_FAILED, "send");
	serve(fd, &g);
}

static struct crowd {
	uint16_t blksize;
	struct sockaddr_in from[BATCH];
	uint8_t octets[BATCH][512], first[BATCH][TFTP_OACK_SIZE];
	struct iovec in[BATCH], out[BATCH][2];
	struct mmsghdr received[BATCH], answers[BATCH];
} crowd;

/* The octets of the answer to packet i; 0: none. */
static size_t first_part(size_t i, const struct tftp_packet *p)
{
	const struct tftp_limits limits = { TFTP_BLKSIZE_MAX, 1, 1, false };
	struct pkt_wr wr = pkt_wr(crowd.first[i], TFTP_OACK_SIZE);
	struct tftp_grant g;
	size_t len;

	if (p->op == TFTP_RRQ) {
		g = tftp_negotiate(p, &limits, (int64_t)file_size);
		crowd.blksize = g.blksize;
		tftp_put_oack(&wr, &g.oack);
	} else if (p->op == TFTP_ACK) {
		tftp_put_data(&wr, (uint16_t)(p->block + 1), "", 0);
	}
	return pkt_put_end(&wr, &len) ? len : 0;
}

/* False if packet i wants no answer; else message n is the answer. */
static bool make_answer(size_t i, size_t n)
{
	struct iovec *out = crowd.out[i];
	struct tftp_packet p;
	const char *why;
	uint64_t offset;

	if (!tftp_get(crowd.octets[i], crowd.received[i].msg_len, &p, &why))
		return false;
	offset = (uint64_t)p.block * crowd.blksize;
	out[0] = (struct iovec){ crowd.first[i], first_part(i, &p) };
	if (out[0].iov_len == 0 || (p.op == TFTP_ACK && offset > file_size))
		return false;
	out[1] = (struct iovec){ (void *)(uintptr_t)(file + offset),
				 file_size - offset < crowd.blksize ? file_size - offset
								    : crowd.blksize };
	crowd.answers[n].msg_hdr =
		(struct msghdr){ .msg_name = &crowd.from[i],
				 .msg_namelen = sizeof(crowd.from[i]),
				 .msg_iov = out,
				 .msg_iovlen = p.op == TFTP_ACK ? 2 : 1 };
	return true;
}

static void serve_crowd(int fd)
{
	for (;;) {
		size_t n = 0;
		int count;

		for (size_t i = 0; i < BATCH; i++) {
			crowd.in[i] = (struct iovec){ crowd.octets[i], 512 };
			crowd.received[i].msg_hdr =
				(struct msghdr){ .msg_name = &crowd.from[i],
						 .msg_namelen = sizeof(crowd.from[i]),
						 .msg_iov = &crowd.in[i],
						 .msg_iovlen = 1 };
		}
		count = recvmmsg(fd, crowd.received, BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < count; i++)
			n += make_answer((size_t)i, n);
		for (size_t sent = 0; sent < n;) {
			int more = sendmmsg(fd, crowd.answers + sent,
					    (unsigned)(n - sent), 0);

			sent += more > 0 ? (size_t)more : 1;
		}
	}
}

int main(int argc, char *argv[])
{
	const struct sockaddr any = { .sa_family = AF_UNSPEC };
	uint8_t octets[2048];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	bool many = argc == 5 && strcmp(argv[1], "-n") == 0;
	int fd;

	argv += many;
	if (argc - many != 4)
		errx(EXIT_MISUSE, "wants address, port and file");
	map_file(argv[3]);
	fd = bound(argv[1], argv[2]);
	if (many)
		serve_crowd(fd);
	for (;;) {
		ssize_t len = recvfrom(fd, octets, sizeof(octets), 0,
				       (struct sockaddr *)&from, &from_len);

		if (len > 0)
			answer(fd, octets, (size_t)len, &from);
		if (connect(fd, &any, sizeof(any)) < 0)
			err(EXIT_FAILED, "connect");
	}
}
