/*
 * receive - packets from a socket, many at a time.
 *
 * Units   octets; what is longer than RECEIVE_OCTETS is cut.
 * Memory  one batch belongs to the process; it is overwritten by the next.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/tftpd-lite/peer.h"

#define RECEIVE_PACKETS 64
#define RECEIVE_OCTETS 2048

struct received {
	struct peer peer;
	size_t len;
	const uint8_t *octets;
};

/* Fills packets; less than RECEIVE_PACKETS if that was all there is to read. */
size_t receive(int fd, struct received packets[static RECEIVE_PACKETS]);

/*
 * Waits for one packet, but no longer than the socket's own patience (SO_RCVTIMEO);
 * does not say to which of our addresses it came.
 */
bool receive_one(int fd, struct received *packet);

/*
 * The client whose port is closed, by the next ICMP message in fd's error
 * queue: 1 and *peer, 0 for another message, -1 if there is none.
 */
int receive_refusal(int fd, struct peer *peer);
