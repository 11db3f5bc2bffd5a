#include "config.h"

#include "tools/tftpd-lite/way.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIVES (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)

int way_open(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

struct question {
	struct nlmsghdr header;
	struct ndmsg about;
	struct rtattr attribute;
	uint8_t address[16];
};

static void set_address(struct question *q, const void *octets, uint16_t len)
{
	memcpy(q->address, octets, len);
	q->about.ndm_family = len == 4 ? AF_INET : AF_INET6;
	q->attribute = (struct rtattr){ .rta_type = NDA_DST,
					.rta_len = (uint16_t)(RTA_LENGTH(0) + len) };
	q->header.nlmsg_len = NLMSG_LENGTH(sizeof(q->about)) + RTA_SPACE(len);
}

static struct question ask_about(const struct peer *peer)
{
	const struct in6_addr *in6 = &peer->addr.in6.sin6_addr;
	struct question q = { .header = { .nlmsg_type = RTM_GETNEIGH,
					  .nlmsg_flags = NLM_F_REQUEST },
			      .about = { .ndm_ifindex = (int)peer->interface } };

	if (peer->addr.sa.sa_family == AF_INET)
		set_address(&q, &peer->addr.in.sin_addr, 4);
	else if (IN6_IS_ADDR_V4MAPPED(in6))
		set_address(&q, in6->s6_addr + 12, 4);
	else
		set_address(&q, in6, 16);
	return q;
}

/* One attribute after the other; the kernel's word, but looked at nevertheless. */
static bool take_mac(const uint8_t *p, size_t left, struct mac *out)
{
	static const struct mac none;
	struct rtattr a;

	for (size_t step; left >= sizeof(a); p += step, left -= step) {
		memcpy(&a, p, sizeof(a));
		if (a.rta_len < sizeof(a) || a.rta_len > left)
			return false;
		if (a.rta_type == NDA_LLADDR &&
		    a.rta_len == RTA_LENGTH(sizeof(out->octet))) {
			memcpy(out->octet, p + RTA_LENGTH(0), sizeof(out->octet));
			return memcmp(out, &none, sizeof(none)) != 0;
		}
		step = RTA_ALIGN(a.rta_len) < left ? RTA_ALIGN(a.rta_len) : left;
	}
	return false;
}

static bool read_answer(const uint8_t *octets, size_t len, struct mac *out)
{
	struct nlmsghdr header;
	struct ndmsg about;

	if (len < NLMSG_LENGTH(sizeof(about)))
		return false;
	memcpy(&header, octets, sizeof(header));
	memcpy(&about, octets + NLMSG_HDRLEN, sizeof(about));
	return header.nlmsg_type == RTM_NEWNEIGH && (about.ndm_state & LIVES) &&
	       take_mac(octets + NLMSG_SPACE(sizeof(about)),
			len - NLMSG_SPACE(sizeof(about)), out);
}

bool way_mac(int way, const struct peer *peer, struct mac *out)
{
	const struct question q = ask_about(peer);
	uint8_t answer[1024];
	ssize_t len;

	if (way < 0 || !peer->interface ||
	    send(way, &q, q.header.nlmsg_len, MSG_DONTWAIT) < 0)
		return false;
	len = recv(way, answer, sizeof(answer), MSG_DONTWAIT);
	return len > 0 && read_answer(answer, (size_t)len, out);
}

bool way_interface(int socket, unsigned index, char name[static IF_NAMESIZE])
{
	struct ifreq request = { .ifr_ifindex = (int)index };

	if (ioctl(socket, SIOCGIFNAME, &request) < 0)
		return false;
	memcpy(name, request.ifr_name, IF_NAMESIZE);
	name[IF_NAMESIZE - 1] = '\0';
	return true;
}

/* The kernel chooses a way when a socket is connected; nothing is sent for that. */
static unsigned mtu_to(const struct sockaddr *to, socklen_t size)
{
	bool v4 = to->sa_family == AF_INET;
	int mtu = 0, fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(mtu);

	if (fd < 0)
		return 0;
	if (connect(fd, to, size) < 0 ||
	    getsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MTU : IPV6_MTU, &mtu,
		       &len) < 0)
		mtu = 0;
	close(fd);
	return mtu > 0 ? (unsigned)mtu : 0;
}

unsigned way_mtu(const struct peer *peer)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(1) };
	uint32_t address;

	if (!peer_address4(peer, &address))
		return mtu_to(&peer->addr.sa, sizeof(peer->addr.in6));
	in.sin_addr.s_addr = htonl(address);
	return mtu_to((const struct sockaddr *)&in, sizeof(in));
}
