/*
 * iface - one network interface as the kernel has it.
 *
 * Errors  -1 with errno set.
 * Source  netdevice(7), ioctls: sysfs may show another namespace than ours.
 */
#pragma once

#include "tools/pxeprobe/facts.h"

int iface_look(const char *name, struct iface *out);

/*
 * Whether nothing sent here can reach a network that others use: all interfaces of
 * this namespace are lo, veth, bridge or dummy ones, and there is no default route.
 * Else *why names what speaks against it.
 */
bool iface_enclosed(char why[static FACTS_WHY]);
