/*
 * outbox - replies on their way out: those that were made together leave together.
 *
 * An answer to all leaves by the packet socket on an Ethernet, as a frame for everybody;
 * the kernel would otherwise look for a route and hand us a copy of each.  One to a
 * relay leaves by the raw socket, one from port 4011 by its own.
 *
 * Units   addresses and ports are in host byte order.
 * Memory  a struct outbox holds its octets.
 */
#pragma once

#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "lib/wire/udp4.h"
#include "tools/pxeproxy/port.h"

/* Few enough that the first does not wait long for the last. */
#define OUTBOX 16

struct outbox {
	int fd; /* of all that waits */
	size_t count;
	struct letter {
		int interface; /* that the request came by */
		union {
			struct sockaddr_in ip;
			struct sockaddr_ll frame;
		} to;
		socklen_t to_len;
		_Alignas(struct cmsghdr) char from[CMSG_SPACE(sizeof(struct in_pktinfo))];
		size_t from_len;
		size_t len;
		uint8_t octets[UDP4_HEADERS + DHCP_SIZE_MAX];
	} letter[OUTBOX];

	unsigned failed; /* since somebody looked, with errno and interface of the last */
	int why, interface;
};

/* Where the answer goes, and *interface if it must be that one (else 0). */
struct udp4 outbox_way(const struct arrival *via, const struct answer *answer,
		       uint32_t local, int *interface);

/*
 * local is the address to send from.  Sends what waits already if that goes by another
 * socket, or if there is no room left.
 */
void outbox_put(struct outbox *out, const struct ports *ports, const struct arrival *via,
		const struct answer *answer, uint32_t local, const void *octets,
		size_t len);

/* Sends what waits. */
void outbox_send(struct outbox *out);
