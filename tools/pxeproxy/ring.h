/*
 * ring - memory that the kernel fills with what a packet socket hears.
 *
 * A burst waits there and not in the socket's buffer, whose size only a privileged
 * process may raise; and taking a packet out of it costs no system call.
 *
 * Errors  ring_open() returns false; the socket then works without a ring.
 * Memory  mapped until the process ends.
 * Source  packet(7), Documentation/networking/packet_mmap.rst (TPACKET_V2).
 */
#pragma once

#include <linux/if_packet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_FRAMES 1536 /* a thousand machines at once, and as many still to answer */

struct ring {
	uint8_t *map; /* NULL: there is none */
	size_t next;
};

bool ring_open(struct ring *ring, int fd);

/*
 * Copies the next packet of a SOCK_DGRAM socket, cut at size; false if nothing waits.
 */
bool ring_take(struct ring *ring, uint8_t *octets, size_t size, size_t *len,
	       struct sockaddr_ll *from);
