#include "config.h"

#include "tools/tftpd-lite/peer.h"

#include <arpa/inet.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

bool peer_equal(const struct peer *a, const struct peer *b)
{
	if (a->addr.sa.sa_family != b->addr.sa.sa_family)
		return false;
	if (a->addr.sa.sa_family == AF_INET)
		return a->addr.in.sin_port == b->addr.in.sin_port &&
		       a->addr.in.sin_addr.s_addr == b->addr.in.sin_addr.s_addr;
	return a->addr.in6.sin6_port == b->addr.in6.sin6_port &&
	       a->addr.in6.sin6_scope_id == b->addr.in6.sin6_scope_id &&
	       IN6_ARE_ADDR_EQUAL(&a->addr.in6.sin6_addr, &b->addr.in6.sin6_addr);
}

static uint64_t secret(void)
{
	static uint64_t value;

	while (!value)
		if (getrandom(&value, sizeof(value), 0) != (ssize_t)sizeof(value))
			value = 0x9e3779b97f4a7c15;
	return value;
}

/* A step of splitmix64. */
static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0xbf58476d1ce4e5b9;
	hash = (hash ^ hash >> 27) * 0x94d049bb133111eb;
	return hash ^ hash >> 31;
}

uint32_t peer_hash(const struct peer *peer)
{
	uint64_t words[2];

	if (peer->addr.sa.sa_family == AF_INET)
		return (uint32_t)mix(secret(),
				     (uint64_t)peer->addr.in.sin_addr.s_addr << 16 |
					     peer->addr.in.sin_port);
	memcpy(words, &peer->addr.in6.sin6_addr, sizeof(words));
	return (uint32_t)mix(mix(mix(secret(), words[0]), words[1]),
			     peer->addr.in6.sin6_port);
}

struct in6_addr peer_host(const struct peer *peer)
{
	struct in6_addr host = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

	if (peer->addr.sa.sa_family != AF_INET)
		return peer->addr.in6.sin6_addr;
	memcpy(host.s6_addr + 12, &peer->addr.in.sin_addr, 4);
	return host;
}

uint32_t peer_host_hash(const struct peer *peer)
{
	const struct in6_addr host = peer_host(peer);
	uint64_t words[2];

	memcpy(words, &host, sizeof(words));
	return (uint32_t)mix(mix(secret(), words[0]), words[1]);
}

/* An IPv4 client of a socket for both families is still one. */
bool peer_address4(const struct peer *peer, uint32_t *out)
{
	const struct in6_addr *in6 = &peer->addr.in6.sin6_addr;
	bool v4 = peer->addr.sa.sa_family == AF_INET;

	if (!v4 && !IN6_IS_ADDR_V4MAPPED(in6))
		return false;
	memcpy(out, v4 ? (const void *)&peer->addr.in.sin_addr : in6->s6_addr + 12,
	       sizeof(*out));
	*out = ntohl(*out);
	return true;
}

void peer_text(const struct peer *peer, char out[static PEER_TEXT])
{
	const struct in6_addr *in6 = &peer->addr.in6.sin6_addr;
	const char *text;

	if (peer->addr.sa.sa_family == AF_INET)
		text = inet_ntop(AF_INET, &peer->addr.in.sin_addr, out, PEER_TEXT);
	else if (IN6_IS_ADDR_V4MAPPED(in6))
		text = inet_ntop(AF_INET, in6->s6_addr + 12, out, PEER_TEXT);
	else
		text = inet_ntop(AF_INET6, in6, out, PEER_TEXT);
	if (!text)
		snprintf(out, PEER_TEXT, "?");
}

uint16_t peer_port(const struct peer *peer)
{
	return ntohs(peer->addr.sa.sa_family == AF_INET ? peer->addr.in.sin_port
							: peer->addr.in6.sin6_port);
}

/* The interface only matters where an address alone does not say which one is meant. */
static void received_in6(struct peer *peer, const struct cmsghdr *c)
{
	memcpy(&peer->local.in6, CMSG_DATA(c), sizeof(peer->local.in6));
	peer->interface = peer->local.in6.ipi6_ifindex;
	if (!IN6_IS_ADDR_LINKLOCAL(&peer->local.in6.ipi6_addr))
		peer->local.in6.ipi6_ifindex = 0;
	peer->has_local = !IN6_IS_ADDR_MULTICAST(&peer->local.in6.ipi6_addr);
}

/*
 * spec_dst is a unicast address even if the packet was broadcast.  A socket for both
 * families gives this and the IPv6 form of it, and takes only that back.
 */
static void received_in(struct peer *peer, const struct cmsghdr *c)
{
	struct in_pktinfo in;

	memcpy(&in, CMSG_DATA(c), sizeof(in));
	peer->interface = (unsigned)in.ipi_ifindex;
	if (peer->addr.sa.sa_family == AF_INET) {
		peer->local.in = in.ipi_spec_dst;
		peer->has_local = true;
	} else if (in.ipi_spec_dst.s_addr != INADDR_ANY) {
		peer->local.in6 = (struct in6_pktinfo){
			.ipi6_addr.s6_addr = { [10] = 0xff, [11] = 0xff }
		};
		memcpy(peer->local.in6.ipi6_addr.s6_addr + 12, &in.ipi_spec_dst,
		       sizeof(in.ipi_spec_dst));
		peer->has_local = true;
	}
}

void peer_received(struct peer *peer, const struct msghdr *msg)
{
	struct msghdr copy = *msg; /* CMSG_NXTHDR() of some C libraries wants no const */

	peer->has_local = false;
	peer->interface = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&copy); c; c = CMSG_NXTHDR(&copy, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			received_in(peer, c);
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
			   c->cmsg_type == IPV6_PKTINFO) {
			received_in6(peer, c);
		}
	}
}

static size_t add(char *control, size_t used, int level, int type, const void *octets,
		  size_t len)
{
	struct cmsghdr c = { .cmsg_level = level,
			     .cmsg_type = type,
			     .cmsg_len = CMSG_LEN(len) };

	memcpy(control + used, &c, sizeof(c));
	memcpy(control + used + CMSG_LEN(0), octets, len);
	return used + CMSG_SPACE(len);
}

static size_t add_local(const struct peer *peer, char *control)
{
	struct in_pktinfo in = { .ipi_spec_dst = peer->local.in };

	if (!peer->has_local)
		return 0;
	if (peer->addr.sa.sa_family == AF_INET)
		return add(control, 0, IPPROTO_IP, IP_PKTINFO, &in, sizeof(in));
	return add(control, 0, IPPROTO_IPV6, IPV6_PKTINFO, &peer->local.in6,
		   sizeof(peer->local.in6));
}

void peer_address(struct peer *peer, struct msghdr *msg, void *control, uint16_t segment)
{
	size_t used = add_local(peer, control);

	if (segment)
		used = add(control, used, IPPROTO_UDP, UDP_SEGMENT, &segment,
			   sizeof(segment));
	msg->msg_name = &peer->addr;
	msg->msg_namelen = peer->addr.sa.sa_family == AF_INET ? sizeof(peer->addr.in)
							      : sizeof(peer->addr.in6);
	msg->msg_control = used ? control : NULL;
	msg->msg_controllen = used;
}
