#include "config.h"

#include "tools/pxeproxy/iface.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REFRESH_MS 1000

static uint32_t address_of(const struct sockaddr *sa)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)(const void *)sa;

	return ntohl(sin->sin_addr.s_addr);
}

/* The kernel takes the address in the request for which of several is meant. */
static void add(struct ifaces *ifaces, int fd, const struct ifreq *entry)
{
	struct iface *i = &ifaces->iface[ifaces->count];
	struct ifreq mask = *entry, index = *entry;
	char *colon = strchr(index.ifr_name, ':'); /* a label, as eth0:1 */

	if (colon)
		*colon = '\0';
	if (entry->ifr_addr.sa_family != AF_INET || ifaces->count == IFACES_MAX ||
	    ioctl(fd, SIOCGIFNETMASK, &mask) < 0 || ioctl(fd, SIOCGIFINDEX, &index) < 0)
		return;
	*i = (struct iface){ .index = index.ifr_ifindex,
			     .address = address_of(&entry->ifr_addr),
			     .mask = address_of(&mask.ifr_netmask) };
	snprintf(i->name, sizeof(i->name), "%s", index.ifr_name);
	ifaces->count++;
}

/* By ioctl: that needs no netlink socket, which the unit forbids. */
void ifaces_refresh(struct ifaces *ifaces, int64_t monotonic_ms)
{
	static struct ifreq list[IFACES_MAX];
	struct ifconf conf = { .ifc_len = sizeof(list), .ifc_req = list };
	int fd;

	if (ifaces->read_ms && monotonic_ms - ifaces->read_ms < REFRESH_MS)
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (ioctl(fd, SIOCGIFCONF, &conf) == 0) {
		ifaces->read_ms = monotonic_ms;
		ifaces->count = 0;
		for (size_t i = 0; i < (size_t)conf.ifc_len / sizeof(list[0]); i++)
			add(ifaces, fd, &list[i]);
	}
	close(fd);
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
