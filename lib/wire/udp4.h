/*
 * udp4 - an IPv4 datagram with UDP inside, as packet sockets and captures have it.
 *
 * Units   addresses are in host byte order; the checksum is not looked at when
 *         reading (the network card did), and always set when writing.
 * Errors  udp4_get() returns false for anything that is not one whole UDP datagram.
 * Source  RFC 791, 768, 1071 (the sum).
 */
#pragma once

#include "lib/wire/pkt.h"

#define UDP4_HEADERS 28 /* octets before the payload */

struct udp4 {
	uint32_t from, to;
	uint16_t from_port, to_port;
};

/* *payload is what UDP's length says, even if octets follow (Ethernet's padding). */
bool udp4_get(struct pkt_rd rd, struct udp4 *out, struct pkt_rd *payload);

/* Headers and payload. */
void udp4_put(struct pkt_wr *wr, const struct udp4 *udp, const void *payload, size_t len);
