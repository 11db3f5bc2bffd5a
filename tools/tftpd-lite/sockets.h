/*
 * sockets - where requests come in and where transfers run.
 *
 * Listeners are handed over (systemd, inetd) or bound here; transfers share one
 * socket a family on a port of its own, or the listeners (--single-port).
 *
 * Errors  -1 with errno set.
 * Memory  descriptors live as long as the process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOCKETS_MAX 64

struct sockets {
	int listener[SOCKETS_MAX];
	size_t listeners;
	int transfer4, transfer6; /* -1: none; in single-port mode both stay -1 */
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

/* The socket that answers a request which came in on listener. */
int sockets_answer(const struct sockets *s, int listener, bool single_port);
