#include "config.h"

#include "tools/tftpd-lite/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/sys/service.h"
#include "lib/sys/udp.h"

#define BUFFER_OCTETS (4 << 20)

/* As much as we may have: a burst of ACKs or of requests must not be lost here. */
static void enlarge(int fd, int force, int ask)
{
	int octets = BUFFER_OCTETS;

	if (setsockopt(fd, SOL_SOCKET, force, &octets, sizeof(octets)) < 0)
		setsockopt(fd, SOL_SOCKET, ask, &octets, sizeof(octets));
}

static int on(int fd, int level, int option)
{
	int one = 1;

	return setsockopt(fd, level, option, &one, sizeof(one));
}

/* Blocks above the MTU are to be fragmented, not to vanish. */
static int prepare4(int fd)
{
	int pmtu = IP_PMTUDISC_DONT;

	if (on(fd, IPPROTO_IP, IP_RECVERR) < 0)
		return -1;
	return setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &pmtu, sizeof(pmtu));
}

/* Such a socket may be handed over as one for both families. */
static int prepare6(int fd)
{
	int pmtu = IPV6_PMTUDISC_DONT;

	if (prepare4(fd) < 0 || on(fd, IPPROTO_IPV6, IPV6_RECVERR) < 0)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &pmtu, sizeof(pmtu));
}

static int family_of(int fd)
{
	int family;
	socklen_t len = sizeof(family);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len) < 0 ? -1 : family;
}

/* All calls say MSG_DONTWAIT but receive_one(), which is to wait for just so long. */
static int prepare(int fd)
{
	const struct timeval patience = { .tv_usec = 2000 };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		return -1;
	enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF);
	enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF);
	switch (family_of(fd)) {
	case AF_INET:
		return prepare4(fd);
	case AF_INET6:
		return prepare6(fd);
	}
	errno = EAFNOSUPPORT;
	return -1;
}

/* The request says which of our addresses is asked; later packets need not. */
static int want_destination(int fd)
{
	if (family_of(fd) == AF_INET6 && on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO) < 0)
		return -1;
	return on(fd, IPPROTO_IP, IP_PKTINFO);
}

static int add_listener(struct sockets *s, int fd)
{
	if (s->listeners == SOCKETS_MAX) {
		errno = EMFILE;
		return -1;
	}
	if (prepare(fd) < 0 || want_destination(fd) < 0)
		return -1;
	s->listener[s->listeners++] = fd;
	return 0;
}

int sockets_inherit(struct sockets *s)
{
	int count = service_listen_fds();
	int inherited = count == 0 ? udp_inherited() : 0;

	if (count < 0 || inherited < 0)
		return -1;
	for (int i = 0; i < count; i++)
		if (add_listener(s, SERVICE_FIRST + i) < 0)
			return -1;
	if (inherited && add_listener(s, 0) < 0)
		return -1;
	s->inherited = s->listeners > 0;
	return 0;
}

/* A listener leaves IPv4 to another socket; transfers answer whom that one hears. */
static int bind_in6(const struct in6_addr *address, uint16_t port)
{
	int v6only = port != 0;
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = *address,
	};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), saved;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only)) == 0 &&
	    bind(fd, (const struct sockaddr *)&sin6, sizeof(sin6)) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int bind_any(const char *address, uint16_t port)
{
	struct in6_addr in6;

	if (inet_pton(AF_INET6, address, &in6) == 1)
		return bind_in6(&in6, port);
	return udp_bind(address, port);
}

int sockets_listen(struct sockets *s, const char *address, uint16_t port)
{
	int fd = bind_any(address, port), saved;

	if (fd < 0)
		return -1;
	if (add_listener(s, fd) == 0)
		return 0;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int open_pool(struct sockets_pool *pool, const char *any)
{
	for (int fd; pool->count < SOCKETS_PORTS; pool->fd[pool->count++] = fd) {
		fd = bind_any(any, 0);
		if (fd < 0 || prepare(fd) < 0)
			return -1;
	}
	return 0;
}

int sockets_open_transfers(struct sockets *s)
{
	if (getrandom(s->key, sizeof(s->key), 0) != (ssize_t)sizeof(s->key))
		return -1;
	for (size_t i = 0; i < s->listeners; i++) {
		bool v6 = family_of(s->listener[i]) == AF_INET6;

		if (open_pool(v6 ? &s->transfer6 : &s->transfer4, v6 ? "::" : "0.0.0.0") <
		    0)
			return -1;
	}
	return 0;
}

bool sockets_listens(const struct sockets *s, int fd)
{
	for (size_t i = 0; i < s->listeners; i++)
		if (s->listener[i] == fd)
			return true;
	return false;
}

static const struct sockets_pool *pool_of(const struct sockets *s, int listener)
{
	return family_of(listener) == AF_INET6 ? &s->transfer6 : &s->transfer4;
}

int sockets_answer(const struct sockets *s, int listener, bool single_port,
		   const struct peer *peer)
{
	const struct in6_addr host = peer_host(peer);
	uint16_t port = peer_port(peer);
	uint8_t from[sizeof(host) + sizeof(port)], hash[crypto_shorthash_BYTES];
	const struct sockets_pool *pool;

	if (single_port)
		return listener;
	pool = pool_of(s, listener);
	memcpy(from, &host, sizeof(host));
	memcpy(from + sizeof(host), &port, sizeof(port));
	crypto_shorthash(hash, from, sizeof(from), s->key);
	return pool->fd[hash[0] % pool->count];
}
