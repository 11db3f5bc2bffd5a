/*
 * port - the sockets: how requests come in and how replies leave.
 *
 * Port 67 is read by a packet socket with a kernel filter and never bound, so
 * nothing is taken from a DHCP server on this host, in whatever order the two
 * start; replies from it leave by a raw socket that writes its own headers.
 * Port 4011 is an ordinary UDP socket.  A socket that was handed over (systemd,
 * inetd, or ourselves) takes the place of its port's own.
 *
 * Units   addresses and ports are in host byte order.
 * Errors  -1 with errno set.
 * Memory  sockets stay open until the process ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/wire/udp4.h"
#include "tools/pxeproxy/answer.h"
#include "tools/pxeproxy/facts.h"
#include "tools/pxeproxy/ring.h"

#define PORT_BUFFER (4 << 20) /* a thousand machines switched on at once: 0 lost */
#define PORT_DATAGRAM 4096

#define PORT_BATCH 64

struct port {
	int fd; /* -1: not served */
	bool packet;
	uint16_t number;
	struct ring ring;
};

/* Datagrams that came; len 0 for one that is not ours to read. */
struct inbox {
	size_t count;
	struct datagram {
		struct arrival via;
		size_t len;
		uint8_t octets[PORT_DATAGRAM];
	} datagram[PORT_BATCH];
};

struct ports {
	struct port dhcp, pxe; /* 67 and 4011 */
	int raw;               /* to send from 67 if dhcp is a packet socket */
	bool own;              /* opened here, not handed over */
};

/*
 * Opens what was not handed over; *what is then the socket that failed.  only_pxe
 * leaves port 67 to a DHCP server that says option 60 itself.
 */
int ports_open(struct ports *ports, bool only_pxe, const char **what);

/*
 * Starts the program anew with these sockets and without capabilities; returns only if
 * that fails.
 */
int ports_hand_over(const struct ports *ports, char *const argv[]);

/* The octets that the kernel keeps for a port in a burst; a ring is enough. */
int port_buffer(const struct port *port);

/* What waits, PORT_BATCH at most. */
void port_receive(struct port *port, struct inbox *in);
