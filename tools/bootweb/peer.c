#include "config.h"

#include "tools/bootweb/peer.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void read_v6(struct web_request *r, const struct sockaddr_in6 *sin6)
{
	uint32_t v4;

	if (!IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
		inet_ntop(AF_INET6, &sin6->sin6_addr, r->address, sizeof(r->address));
		return;
	}
	memcpy(&v4, &sin6->sin6_addr.s6_addr[12], sizeof(v4));
	r->ipv4 = ntohl(v4);
	inet_ntop(AF_INET, &v4, r->address, sizeof(r->address));
}

void peer_read(struct web_request *r)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;

	if (!info || !info->client_addr)
		return;
	r->on_socket = info->client_addr->sa_family == AF_UNIX;
	if (info->client_addr->sa_family == AF_INET) {
		memcpy(&sin, info->client_addr, sizeof(sin));
		r->ipv4 = ntohl(sin.sin_addr.s_addr);
		inet_ntop(AF_INET, &sin.sin_addr, r->address, sizeof(r->address));
	} else if (info->client_addr->sa_family == AF_INET6) {
		memcpy(&sin6, info->client_addr, sizeof(sin6));
		read_v6(r, &sin6);
	}
}

/* Only a front server reaches a Unix socket. */
void peer_read_front(struct web_request *r)
{
	const char *real = r->on_socket ? web_header(r, "X-Real-IP") : NULL;
	struct in_addr v4;
	struct sockaddr_in6 sin6 = { 0 };

	if (!real)
		return;
	if (inet_pton(AF_INET, real, &v4) == 1) {
		r->ipv4 = ntohl(v4.s_addr);
		snprintf(r->address, sizeof(r->address), "%s", real);
	} else if (inet_pton(AF_INET6, real, &sin6.sin6_addr) == 1) {
		read_v6(r, &sin6);
	}
}

uint64_t peer_acked(const struct web_request *r)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct tcp_info tcp = { 0 };
	socklen_t len = sizeof(tcp);

	if (!info || getsockopt(info->connect_fd, IPPROTO_TCP, TCP_INFO, &tcp, &len) < 0)
		return 0;
	return tcp.tcpi_bytes_acked;
}
