#include "config.h"

#include "tools/pxeprobe/cable.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/wire/udp4.h"

#define BUFFER (4 << 20)
#define FRAME 65536

/* UDP to port 68 whose xid is the wanted one under CABLE_MASK. */
static int filter(int fd, uint32_t xid)
{
	struct sock_filter wanted[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9), /* protocol */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 9),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6), /* more fragments, offset */
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x3fff, 7, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* length of the header */
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),  /* UDP's destination port */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DHCP_CLIENT_PORT, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, 8 + 4),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, CABLE_MASK),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, xid & CABLE_MASK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0x40000),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = sizeof(wanted) / sizeof(wanted[0]),
				      .filter = wanted };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int hear_others(int fd, const struct iface *iface)
{
	struct packet_mreq mr = { .mr_ifindex = (int)iface->index,
				  .mr_type = PACKET_MR_PROMISC };

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mr, sizeof(mr));
}

static int closed(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

/* The filter is set before the socket is bound, so that nothing else gets in. */
int cable_open(const struct iface *iface, uint32_t xid, bool foreign)
{
	struct sockaddr_ll here = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_IP),
				    .sll_ifindex = (int)iface->index };
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int octets = BUFFER;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	if (filter(fd, xid) < 0 ||
	    bind(fd, (const struct sockaddr *)&here, sizeof(here)) < 0 ||
	    (foreign && hear_others(fd, iface) < 0))
		return closed(fd);
	return fd;
}

int cable_retune(int fd, uint32_t xid)
{
	char octet;

	if (filter(fd, xid) < 0)
		return -1;
	while (recv(fd, &octet, 1, MSG_DONTWAIT) >= 0)
		continue;
	return 0;
}

int cable_send(int fd, const struct iface *iface, const struct dhcp *msg)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IP),
				  .sll_ifindex = (int)iface->index,
				  .sll_halen = ETH_ALEN };
	struct udp4 udp = { .to = INADDR_BROADCAST,
			    .from_port = DHCP_CLIENT_PORT,
			    .to_port = DHCP_SERVER_PORT };
	uint8_t octets[DHCP_SIZE_MAX], packet[DHCP_SIZE_MAX + UDP4_HEADERS];
	struct pkt_wr wr = pkt_wr(packet, sizeof(packet));
	size_t len;

	memset(to.sll_addr, 0xff, ETH_ALEN);
	errno = EMSGSIZE;
	if (!dhcp_encode(msg, octets, sizeof(octets), &len))
		return -1;
	udp4_put(&wr, &udp, octets, len);
	if (!pkt_put_end(&wr, &len))
		return -1;
	return sendto(fd, packet, len, 0, (const struct sockaddr *)&to, sizeof(to)) < 0
		       ? -1
		       : 0;
}

static void take(struct answer *out, const struct udp4 *udp, struct pkt_rd payload)
{
	*out = (struct answer){ .from = udp->from, .port = udp->from_port };
	if (!dhcp_decode(payload.p, pkt_left(&payload), &out->msg, &out->why))
		return;
	out->why = NULL;
	if (pkt_left(&payload) > DHCP_SIZE_MAX)
		out->why = "is longer than 1472 octets";
}

bool cable_receive(int fd, struct answer *out)
{
	uint8_t frame[FRAME];
	struct pkt_rd payload;
	struct udp4 udp;
	ssize_t n;

	while ((n = recv(fd, frame, sizeof(frame), MSG_DONTWAIT)) >= 0) {
		if (!udp4_get(pkt_rd(frame, (size_t)n), &udp, &payload))
			continue;
		take(out, &udp, payload);
		if (out->why || out->msg.op == DHCP_OP_REPLY)
			return true;
	}
	return false;
}

/* Feature list as iPXE sends it: version 1.0.0, HTTP, TFTP, EFI or PXE. */
static void add_ipxe(struct dhcp *msg)
{
	static const uint8_t features[] = { 0xeb, 3, 1, 0, 0, 0x13, 1, 1, 0x18, 1, 1 };

	snprintf(msg->user_class, sizeof(msg->user_class), "iPXE");
	msg->ipxe.len = sizeof(features);
	memcpy(msg->ipxe.octet, features, sizeof(features));
}

/* No option 97: a UUID of ours must not stick to somebody's machine. */
struct dhcp cable_discover(const struct mac *mac, uint32_t xid, unsigned arch, bool http,
			   bool ipxe)
{
	struct dhcp msg = { .op = DHCP_OP_REQUEST,
			    .htype = 1,
			    .hlen = 6,
			    .xid = xid,
			    .secs = 4,
			    .flags = DHCP_BROADCAST,
			    .type = DHCP_DISCOVER,
			    .max_size = DHCP_SIZE_MAX,
			    .arch = { (uint16_t)arch },
			    .archs = 1,
			    .undi = { 1, 3, 0 } };

	memcpy(msg.chaddr, mac->octet, sizeof(mac->octet));
	snprintf(msg.vendor_class, sizeof(msg.vendor_class), "%s:Arch:%05u:UNDI:003000",
		 http ? "HTTPClient" : "PXEClient", arch);
	if (ipxe)
		add_ipxe(&msg);
	return msg;
}
