#include "config.h"

#include "tools/pxeproxy/iface.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>

#define REFRESH_MS 1000

static uint32_t address_of(const struct sockaddr *sa)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)(const void *)sa;

	return ntohl(sin->sin_addr.s_addr);
}

static void add(struct ifaces *ifaces, const struct ifaddrs *ifa)
{
	struct iface *i = &ifaces->iface[ifaces->count];

	if (!ifa->ifa_addr || ifa->ifa_addr->sa_family != AF_INET || !ifa->ifa_netmask ||
	    ifaces->count == IFACES_MAX)
		return;
	*i = (struct iface){ .index = (int)if_nametoindex(ifa->ifa_name),
			     .address = address_of(ifa->ifa_addr),
			     .mask = address_of(ifa->ifa_netmask) };
	snprintf(i->name, sizeof(i->name), "%s", ifa->ifa_name);
	ifaces->count++;
}

void ifaces_refresh(struct ifaces *ifaces, int64_t monotonic_ms)
{
	struct ifaddrs *list;

	if (ifaces->read_ms && monotonic_ms - ifaces->read_ms < REFRESH_MS)
		return;
	if (getifaddrs(&list) < 0)
		return;
	ifaces->read_ms = monotonic_ms;
	ifaces->count = 0;
	for (const struct ifaddrs *ifa = list; ifa; ifa = ifa->ifa_next)
		add(ifaces, ifa);
	freeifaddrs(list);
}

const char *ifaces_name(const struct ifaces *ifaces, int index)
{
	for (size_t i = 0; i < ifaces->count; i++)
		if (ifaces->iface[i].index == index)
			return ifaces->iface[i].name;
	return "";
}

uint32_t ifaces_address(const struct ifaces *ifaces, int index, uint32_t subnet,
			uint32_t mask)
{
	uint32_t first = 0;

	for (size_t i = 0; i < ifaces->count; i++) {
		const struct iface *f = &ifaces->iface[i];

		if (f->index != index)
			continue;
		if (mask && (f->address & mask) == subnet)
			return f->address;
		if (!first)
			first = f->address;
	}
	return first;
}

bool ifaces_is_ours(const struct ifaces *ifaces, uint32_t address)
{
	for (size_t i = 0; i < ifaces->count; i++)
		if (ifaces->iface[i].address == address)
			return true;
	return false;
}

bool ifaces_hear(const struct ifaces *ifaces, uint32_t address)
{
	if (address == INADDR_BROADCAST)
		return true;
	for (size_t i = 0; i < ifaces->count; i++) {
		const struct iface *f = &ifaces->iface[i];

		if (address == f->address || address == (f->address | ~f->mask))
			return true;
	}
	return false;
}
