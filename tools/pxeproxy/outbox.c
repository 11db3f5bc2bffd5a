#include "config.h"

#include "tools/pxeproxy/outbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <string.h>

enum form {
	UDP,   /* the kernel writes the headers */
	RAW,   /* we do, and the kernel finds the way */
	FRAME, /* and there is nothing to find */
};

/* ---- the way ---- */

struct udp4 outbox_way(const struct arrival *via, const struct answer *answer,
		       uint32_t local, int *interface)
{
	struct udp4 udp = { .from = local, .from_port = via->port };

	*interface = 0;
	switch (answer->to) {
	case ANSWER_TO_ALL:
		udp.to = INADDR_BROADCAST;
		udp.to_port = DHCP_CLIENT_PORT;
		*interface = via->interface;
		break;
	case ANSWER_TO_RELAY:
		udp.to = answer->reply.giaddr;
		udp.to_port = DHCP_SERVER_PORT;
		break;
	case ANSWER_TO_SENDER:
		udp.to = via->from;
		udp.to_port = via->from_port;
		break;
	}
	return udp;
}

/* interface 0 leaves the choice to the routes; a raw socket takes no port. */
static void by_route(struct letter *l, const struct udp4 *udp, int interface, bool raw)
{
	struct in_pktinfo info = { .ipi_ifindex = interface,
				   .ipi_spec_dst.s_addr = htonl(udp->from) };
	struct cmsghdr head = { .cmsg_level = IPPROTO_IP,
				.cmsg_type = IP_PKTINFO,
				.cmsg_len = CMSG_LEN(sizeof(info)) };

	l->to.ip = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_port = raw ? 0 : htons(udp->to_port),
					 .sin_addr.s_addr = htonl(udp->to) };
	l->to_len = sizeof(l->to.ip);
	memcpy(l->from, &head, sizeof(head));
	memcpy(l->from + CMSG_LEN(0), &info, sizeof(info));
	l->from_len = sizeof(l->from);
}

static void to_everybody(struct letter *l, int interface)
{
	l->to.frame = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = interface,
		.sll_halen = ETH_ALEN,
		.sll_addr = { 255, 255, 255, 255, 255, 255 },
	};
	l->to_len = sizeof(l->to.frame);
	l->from_len = 0;
}

static enum form form_of(const struct ports *ports, const struct arrival *via,
			 const struct udp4 *udp)
{
	if (via->port != DHCP_SERVER_PORT || !ports->dhcp.packet)
		return UDP;
	return udp->to == INADDR_BROADCAST && via->ethernet ? FRAME : RAW;
}

static int socket_of(const struct ports *ports, const struct arrival *via, enum form form)
{
	if (form == RAW)
		return ports->raw;
	return via->port == DHCP_SERVER_PORT ? ports->dhcp.fd : ports->pxe.fd;
}

/* ---- sending ---- */

static struct mmsghdr message_of(struct letter *l, struct iovec *iov)
{
	*iov = (struct iovec){ l->octets, l->len };
	return (struct mmsghdr){ .msg_hdr = { .msg_name = &l->to,
					      .msg_namelen = l->to_len,
					      .msg_iov = iov,
					      .msg_iovlen = 1,
					      .msg_control = l->from_len ? l->from : NULL,
					      .msg_controllen = l->from_len } };
}

/* One that cannot be sent does not keep the others back. */
void outbox_send(struct outbox *out)
{
	struct mmsghdr msg[OUTBOX];
	struct iovec iov[OUTBOX];
	size_t done = 0;

	for (size_t i = 0; i < out->count; i++)
		msg[i] = message_of(&out->letter[i], &iov[i]);
	while (done < out->count) {
		int n = sendmmsg(out->fd, msg + done, (unsigned)(out->count - done),
				 MSG_DONTWAIT);

		if (n <= 0) {
			out->failed++;
			out->why = errno;
			out->interface = out->letter[done].interface;
			n = 1;
		}
		done += (size_t)n;
	}
	out->count = 0;
}

static bool write_letter(struct letter *l, const struct udp4 *udp, bool wrapped,
			 const void *octets, size_t len)
{
	struct pkt_wr wr = pkt_wr(l->octets, sizeof(l->octets));

	if (wrapped)
		udp4_put(&wr, udp, octets, len);
	else
		pkt_put_bytes(&wr, octets, len);
	return pkt_put_end(&wr, &l->len);
}

void outbox_put(struct outbox *out, const struct ports *ports, const struct arrival *via,
		const struct answer *answer, uint32_t local, const void *octets,
		size_t len)
{
	int interface;
	struct udp4 udp = outbox_way(via, answer, local, &interface);
	enum form form = form_of(ports, via, &udp);
	struct letter *l;

	if (out->count == OUTBOX ||
	    (out->count && out->fd != socket_of(ports, via, form)))
		outbox_send(out);
	out->fd = socket_of(ports, via, form);
	l = &out->letter[out->count];
	l->interface = via->interface;
	if (form == FRAME)
		to_everybody(l, interface);
	else
		by_route(l, &udp, interface, form == RAW);
	if (write_letter(l, &udp, form != UDP, octets, len))
		out->count++;
}
