/*
 * iface - this host's interfaces and their IPv4 addresses, as they are now.
 *
 * Units   addresses and masks are in host byte order.
 * Errors  if the kernel cannot be asked, what was known before still holds.
 */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IFACES_MAX 512

struct iface {
	int index;
	char name[IF_NAMESIZE];
	uint32_t address, mask;
};

struct ifaces {
	struct iface iface[IFACES_MAX];
	size_t count;
	int64_t read_ms; /* 0: not yet */
};

/* Reads them anew if that was not done within the last second. */
void ifaces_refresh(struct ifaces *ifaces, int64_t monotonic_ms);

/* "" for an interface without an address. */
const char *ifaces_name(const struct ifaces *ifaces, int index);

/* The address of an interface within subnet, else its first one, else 0. */
uint32_t ifaces_address(const struct ifaces *ifaces, int index, uint32_t subnet,
			uint32_t mask);

bool ifaces_is_ours(const struct ifaces *ifaces, uint32_t address);

/* Whether a datagram to this address is for us: our own, or a broadcast. */
bool ifaces_hear(const struct ifaces *ifaces, uint32_t address);
