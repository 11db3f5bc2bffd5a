/*
 * peer - who sent a packet, and to which of our addresses: together the way back.
 *
 * Memory  values; nothing is allocated.
 * Source  ip(7) IP_PKTINFO, ipv6(7) IPV6_PKTINFO.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define PEER_TEXT 64
#define PEER_CMSG 128 /* holds what we add to a message or get with one */

struct peer {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} addr; /* the client's */
	union {
		struct in_addr in;
		struct in6_pktinfo in6;
	} local; /* our address that it asked, if has_local */
	bool has_local;
	unsigned interface; /* that the packet came in on; 0: not known */
};

bool peer_equal(const struct peer *a, const struct peer *b);

/* Differs from run to run, so that nobody can choose addresses that collide. */
uint32_t peer_hash(const struct peer *peer);

/* The address without the port; of IPv4 the form that IPv6 has for it. */
struct in6_addr peer_host(const struct peer *peer);
uint32_t peer_host_hash(const struct peer *peer); /* differs as peer_hash() does */

/* An IPv4 client's address in host byte order; false for others. */
bool peer_address4(const struct peer *peer, uint32_t *out);

/* The address alone; 10.0.0.7 or fe80::1. */
void peer_text(const struct peer *peer, char out[static PEER_TEXT]);
uint16_t peer_port(const struct peer *peer);

/* What recvmsg(2) said: msg_name points to peer->addr already. */
void peer_received(struct peer *peer, const struct msghdr *msg);

/*
 * Makes msg go back the same way; control holds what is added.  segment: the
 * length of the datagrams that msg is cut into (UDP_SEGMENT), 0 for just one.
 */
void peer_address(struct peer *peer, struct msghdr *msg, void *control, uint16_t segment);
