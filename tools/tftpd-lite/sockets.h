/*
 * sockets - where requests come in and where transfers run.
 *
 * Listeners are handed over (systemd, inetd) or bound here; transfers share a few
 * sockets on ports of their own, or the listeners (--single-port).  Which of them a
 * client has follows from its address and port, by a hash whose key nobody knows.
 *
 * Errors  -1 with errno set.
 * Memory  descriptors live as long as the process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/tftpd-lite/peer.h"

#define SOCKETS_MAX 64

/*
 * Of a family.  More would be harder to guess, but each wants system calls of its own:
 * 64 clients in lockstep had a third less of 16.
 */
#define SOCKETS_PORTS 4

struct sockets_pool {
	int fd[SOCKETS_PORTS];
	size_t count;
};

struct sockets {
	int listener[SOCKETS_MAX];
	size_t listeners;
	struct sockets_pool transfer4, transfer6; /* empty in single-port mode */
	uint8_t key[16];
	bool inherited;
};

/* Those that systemd or inetd left, if any; sets ->inherited. */
int sockets_inherit(struct sockets *s);

/* address: IPv4 or IPv6 in numbers; "0.0.0.0" and "::" for all. */
int sockets_listen(struct sockets *s, const char *address, uint16_t port);

/* The sockets of the transfers, of each family that has a listener. */
int sockets_open_transfers(struct sockets *s);

/* It is one of the listeners. */
bool sockets_listens(const struct sockets *s, int fd);

/* The socket that answers this client, whose request came in on listener. */
int sockets_answer(const struct sockets *s, int listener, bool single_port,
		   const struct peer *peer);
