#include "config.h"

#include "tools/pxeprobe/iface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static uint32_t ask_address(int fd, unsigned long what, struct ifreq *r)
{
	struct sockaddr_in sin;

	if (ioctl(fd, what, r) < 0)
		return 0;
	memcpy(&sin, &r->ifr_addr, sizeof(sin));
	return ntohl(sin.sin_addr.s_addr);
}

static int ask(int fd, struct iface *out)
{
	struct ifreq r = { 0 };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", out->name);
	if (ioctl(fd, SIOCGIFINDEX, &r) < 0)
		return -1;
	out->index = (unsigned)r.ifr_ifindex;
	if (ioctl(fd, SIOCGIFFLAGS, &r) < 0)
		return -1;
	out->up = r.ifr_flags & IFF_UP;
	out->carrier = r.ifr_flags & IFF_RUNNING;
	if (ioctl(fd, SIOCGIFHWADDR, &r) < 0)
		return -1;
	out->ethernet = r.ifr_hwaddr.sa_family == ARPHRD_ETHER;
	memcpy(out->mac.octet, r.ifr_hwaddr.sa_data, sizeof(out->mac.octet));
	out->address = ask_address(fd, SIOCGIFADDR, &r);
	out->mask = ask_address(fd, SIOCGIFNETMASK, &r);
	return 0;
}

int iface_look(const char *name, struct iface *out)
{
	int fd, result, saved;

	*out = (struct iface){ 0 };
	if (strlen(name) >= sizeof(out->name)) {
		errno = ENODEV;
		return -1;
	}
	snprintf(out->name, sizeof(out->name), "%s", name);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	result = ask(fd, out);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

/* ---- can anything get out of here? ---- */

static bool is_enclosed(int fd, const char *name)
{
	static const char *const drivers[] = { "veth", "bridge", "dummy" };
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq r = { .ifr_data = (char *)&info };

	if (strcmp(name, "lo") == 0)
		return true;
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (ioctl(fd, SIOCETHTOOL, &r) < 0)
		return false;
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strcmp(info.driver, drivers[i]) == 0)
			return true;
	return false;
}

static bool interfaces_enclosed(char why[static FACTS_WHY])
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct if_nameindex *all = if_nameindex();
	bool enclosed = fd >= 0 && all;

	snprintf(why, FACTS_WHY, "the interfaces cannot be listed");
	for (struct if_nameindex *i = all; enclosed && i->if_index; i++) {
		enclosed = is_enclosed(fd, i->if_name);
		if (!enclosed)
			snprintf(why, FACTS_WHY, "%s may lead out", i->if_name);
	}
	if (all)
		if_freenameindex(all);
	if (fd >= 0)
		close(fd);
	return enclosed;
}

/* /proc/net is that of the process's own namespace. */
static bool has_default_route(void)
{
	FILE *f = fopen("/proc/self/net/route", "re");
	char line[512], name[32];
	unsigned long to = 1;
	bool has = !f;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%31s %lx", name, &to) == 2 && to == 0)
			has = true;
	if (f)
		fclose(f);
	return has;
}

bool iface_enclosed(char why[static FACTS_WHY])
{
	if (!interfaces_enclosed(why))
		return false;
	if (!has_default_route())
		return true;
	snprintf(why, FACTS_WHY, "there is a default route");
	return false;
}
