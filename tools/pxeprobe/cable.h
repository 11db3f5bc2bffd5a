/*
 * cable - DHCP as a machine without an address speaks it: whole datagrams, by a
 * packet socket on one interface, whatever address the kernel has there.
 *
 * Units   addresses in host byte order.
 * Errors  -1 with errno set.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/wire/dhcp.h"
#include "tools/pxeprobe/facts.h"

#define CABLE_MASK 0xffffff00u /* of an xid: what all DISCOVERs of one probe share */

/*
 * Hears only what comes to port 68 with this xid, but for its last octet.  foreign:
 * the client's MAC is not the interface's, so answers to it are heard, too.
 */
int cable_open(const struct iface *iface, uint32_t xid, bool foreign);

/* The same socket for another xid; what is waiting there is dropped. */
int cable_retune(int fd, uint32_t xid);

/* A broadcast from 0.0.0.0 port 68 to port 67. */
int cable_send(int fd, const struct iface *iface, const struct dhcp *msg);

/* What is waiting, into everything but out->ms; false if nothing is. */
bool cable_receive(int fd, struct answer *out);

/* What firmware of this kind says first. */
struct dhcp cable_discover(const struct mac *mac, uint32_t xid, unsigned arch, bool http,
			   bool ipxe);
