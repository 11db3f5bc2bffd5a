#include "config.h"

#include "tools/pxeproxy/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sys/service.h"
#include "lib/sys/udp.h"
#include "tools/pxeproxy/filter.h"

/* ---- opening ---- */

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

/* The limit of net.core.rmem_max binds only those who may not force it. */
static void set_buffer(int fd)
{
	if (set(fd, SOL_SOCKET, SO_RCVBUFFORCE, PORT_BUFFER) < 0)
		set(fd, SOL_SOCKET, SO_RCVBUF, PORT_BUFFER);
}

static int option_of(int fd, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) < 0 ? -1 : value;
}

int port_buffer(const struct port *port)
{
	if (port->ring.map)
		return PORT_BUFFER;
	return option_of(port->fd, SO_RCVBUF) /
	       2; /* the kernel doubles what was asked for (socket(7)) */
}

static int closed(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

/* The filter is set before the socket is bound, so that nothing else gets in. */
static int set_up_packet(int fd)
{
	struct sock_filter octets[FILTER_MOST];
	struct sock_fprog filter = { .len = (unsigned short)filter_make(octets),
				     .filter = octets };
	struct sockaddr_ll all = { .sll_family = AF_PACKET,
				   .sll_protocol = htons(ETH_P_IP) };

	set_buffer(fd);
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0)
		return -1;
	return bind(fd, (const struct sockaddr *)&all, sizeof(all));
}

static int open_packet(void)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd >= 0 && set_up_packet(fd) < 0 ? closed(fd) : fd;
}

static int open_raw(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd >= 0 && set(fd, SOL_SOCKET, SO_BROADCAST, 1) < 0)
		return closed(fd);
	return fd;
}

static int set_up_udp(int fd)
{
	set_buffer(fd);
	if (set(fd, IPPROTO_IP, IP_PKTINFO, 1) < 0 ||
	    set(fd, SOL_SOCKET, SO_BROADCAST, 1) < 0)
		return -1;
	return 0;
}

static int open_udp(uint16_t number)
{
	int fd = udp_bind("0.0.0.0", number);

	if (fd >= 0 && set_up_udp(fd) < 0)
		return closed(fd);
	return fd;
}

/* ---- sockets handed over ---- */

static uint16_t udp_port(int fd)
{
	struct sockaddr_in sin = { .sin_family = AF_UNSPEC };
	socklen_t len = sizeof(sin);

	if (option_of(fd, SO_TYPE) != SOCK_DGRAM ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0 ||
	    sin.sin_family != AF_INET)
		return 0;
	return ntohs(sin.sin_port);
}

static int adopt_packet(struct ports *ports, int fd)
{
	if (set_up_packet(fd) < 0)
		return -1;
	ports->dhcp.fd = fd;
	ports->dhcp.packet = true;
	ring_open(&ports->dhcp.ring, fd);
	return 0;
}

static int adopt_udp(struct ports *ports, int fd)
{
	uint16_t number = udp_port(fd);

	if (number == DHCP_SERVER_PORT)
		ports->dhcp.fd = fd;
	else if (number == DHCP_PXE_PORT)
		ports->pxe.fd = fd;
	else {
		errno = EPROTOTYPE;
		return -1;
	}
	return set_up_udp(fd);
}

static int adopt(struct ports *ports, int fd)
{
	int domain = option_of(fd, SO_DOMAIN), type = option_of(fd, SO_TYPE);

	if (domain == AF_PACKET && type == SOCK_DGRAM)
		return adopt_packet(ports, fd);
	if (domain != AF_INET || type != SOCK_RAW)
		return adopt_udp(ports, fd);
	ports->raw = fd;
	return 0;
}

/* How many were handed over. */
static int adopt_all(struct ports *ports)
{
	int count = service_listen_fds();
	int inherited = count == 0 ? udp_inherited() : 0;

	if (inherited != 0)
		return inherited < 0 || adopt(ports, 0) < 0 ? -1 : 1;
	for (int i = 0; i < count; i++)
		if (adopt(ports, SERVICE_FIRST + i) < 0)
			return -1;
	if (ports->dhcp.packet && ports->raw < 0) {
		errno = EPROTOTYPE;
		return -1;
	}
	return count;
}

static int open_dhcp(struct ports *ports, const char **what)
{
	*what = "packet socket for UDP port 67";
	ports->dhcp.fd = open_packet();
	ports->dhcp.packet = true;
	if (ports->dhcp.fd < 0)
		return -1;
	ring_open(&ports->dhcp.ring, ports->dhcp.fd);
	*what = "raw socket";
	ports->raw = open_raw();
	return ports->raw < 0 ? -1 : 0;
}

/* A unit that hands over only one port wants only that one served. */
int ports_open(struct ports *ports, bool only_pxe, const char **what)
{
	int count;

	*ports = (struct ports){ .dhcp = { .fd = -1, .number = DHCP_SERVER_PORT },
				 .pxe = { .fd = -1, .number = DHCP_PXE_PORT },
				 .raw = -1 };
	*what = "the socket handed over";
	count = adopt_all(ports);
	if (count != 0)
		return count < 0 ? -1 : 0;
	if (!only_pxe && open_dhcp(ports, what) < 0)
		return -1;
	*what = "UDP port 4011";
	ports->pxe.fd = open_udp(DHCP_PXE_PORT);
	ports->own = true;
	return ports->pxe.fd < 0 ? -1 : 0;
}

int ports_hand_over(const struct ports *ports, char *const argv[])
{
	const int all[] = { ports->dhcp.fd, ports->raw, ports->pxe.fd };
	int fds[sizeof(all) / sizeof(all[0])];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] >= 0)
			fds[count++] = all[i];
	return service_start_again(argv, fds, count);
}

/* ---- receiving ---- */

static bool receive_packet(struct port *port, uint8_t *octets, size_t *len,
			   struct sockaddr_ll *sll)
{
	socklen_t sll_len = sizeof(*sll);
	ssize_t n;

	if (port->ring.map)
		return ring_take(&port->ring, octets, PORT_DATAGRAM, len, sll);
	n = recvfrom(port->fd, octets, PORT_DATAGRAM, MSG_DONTWAIT,
		     (struct sockaddr *)sll, &sll_len);
	if (n < 0)
		return false;
	*len = (size_t)n;
	return true;
}

static void unwrap(struct datagram *d, const struct sockaddr_ll *sll)
{
	struct pkt_rd payload;
	struct udp4 udp;

	if (!udp4_get(pkt_rd(d->octets, d->len), &udp, &payload)) {
		d->len = 0;
		return;
	}
	d->via = (struct arrival){ .interface = sll->sll_ifindex,
				   .ethernet = sll->sll_hatype == ARPHRD_ETHER,
				   .from = udp.from,
				   .to = udp.to,
				   .from_port = udp.from_port,
				   .port = udp.to_port };
	d->len = pkt_left(&payload);
	memmove(d->octets, payload.p, d->len);
}

static void receive_packets(struct port *port, struct inbox *in)
{
	struct sockaddr_ll sll = { 0 };

	while (in->count < PORT_BATCH) {
		struct datagram *d = &in->datagram[in->count];

		if (!receive_packet(port, d->octets, &d->len, &sll))
			return;
		d->via = (struct arrival){ 0 };
		unwrap(d, &sll);
		in->count++;
	}
}

static void read_pktinfo(struct msghdr *msg, struct arrival *via)
{
	struct in_pktinfo info;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		via->interface = info.ipi_ifindex;
		via->to = ntohl(info.ipi_addr.s_addr);
	}
}

union control {
	struct cmsghdr aligned;
	char room[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

static void receive_udp(const struct port *port, struct inbox *in)
{
	static union control control[PORT_BATCH];
	static struct sockaddr_in from[PORT_BATCH];
	struct mmsghdr msg[PORT_BATCH];
	struct iovec iov[PORT_BATCH];
	int n;

	for (size_t i = 0; i < PORT_BATCH; i++) {
		iov[i] = (struct iovec){ in->datagram[i].octets, PORT_DATAGRAM };
		msg[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
						  .msg_namelen = sizeof(from[i]),
						  .msg_iov = &iov[i],
						  .msg_iovlen = 1,
						  .msg_control = &control[i],
						  .msg_controllen = sizeof(control[i]) };
	}
	n = recvmmsg(port->fd, msg, PORT_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		struct datagram *d = &in->datagram[i];

		d->len = msg[i].msg_len;
		d->via = (struct arrival){ .from = ntohl(from[i].sin_addr.s_addr),
					   .from_port = ntohs(from[i].sin_port),
					   .port = port->number };
		read_pktinfo(&msg[i].msg_hdr, &d->via);
	}
	in->count = n > 0 ? (size_t)n : 0;
}

void port_receive(struct port *port, struct inbox *in)
{
	in->count = 0;
	if (port->packet)
		receive_packets(port, in);
	else
		receive_udp(port, in);
}
