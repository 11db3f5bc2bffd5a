/*
 * way - what the kernel knows of the way to a client: its MAC address, the name of
 * the interface, and the longest packet that goes through in one piece.
 *
 * Errors  false or -1: it knows nothing; that is no failure.
 * Memory  a descriptor, as long as the process lives.
 * Source  rtnetlink(7) RTM_GETNEIGH, netdevice(7) SIOCGIFNAME, ip(7) IP_MTU, ipv6(7)
 *         IPV6_MTU.
 */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/core/mac.h"
#include "tools/tftpd-lite/peer.h"

/* Asks the table of neighbours: of clients behind a router there is none. */
int way_open(void);
bool way_mac(int way, const struct peer *peer, struct mac *out);

/* socket: any of UDP. */
bool way_interface(int socket, unsigned index, char name[static IF_NAMESIZE]);

/* Octets of IP to this client that no fragment is needed for; 0: it is not known. */
unsigned way_mtu(const struct peer *peer);
