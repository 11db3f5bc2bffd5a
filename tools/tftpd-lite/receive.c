#include "config.h"

#include "tools/tftpd-lite/receive.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>
#include <sys/socket.h>

static uint8_t octets[RECEIVE_PACKETS][RECEIVE_OCTETS];
static _Alignas(struct cmsghdr) char control[RECEIVE_PACKETS][PEER_CMSG];

static struct mmsghdr messages[RECEIVE_PACKETS];

/* All pointers of a batch; they never change. */
static void prepare(struct received packets[static RECEIVE_PACKETS])
{
	static struct iovec iov[RECEIVE_PACKETS];

	for (size_t i = 0; i < RECEIVE_PACKETS; i++) {
		struct msghdr *msg = &messages[i].msg_hdr;

		iov[i] = (struct iovec){ octets[i], RECEIVE_OCTETS };
		*msg = (struct msghdr){ .msg_iov = &iov[i],
					.msg_iovlen = 1,
					.msg_name = &packets[i].peer.addr,
					.msg_namelen = sizeof(packets[i].peer.addr),
					.msg_control = control[i],
					.msg_controllen = PEER_CMSG };
		packets[i].octets = octets[i];
	}
}

/* What the kernel has changed. */
static void restore(struct msghdr *msg, const struct received *packet)
{
	msg->msg_namelen = sizeof(packet->peer.addr);
	msg->msg_controllen = PEER_CMSG;
	msg->msg_flags = 0;
}

size_t receive(int fd, struct received packets[static RECEIVE_PACKETS])
{
	int count;

	if (messages[0].msg_hdr.msg_name != &packets[0].peer.addr)
		prepare(packets);
	count = recvmmsg(fd, messages, RECEIVE_PACKETS, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++) {
		peer_received(&packets[i].peer, &messages[i].msg_hdr);
		packets[i].len = messages[i].msg_len;
		restore(&messages[i].msg_hdr, &packets[i]);
	}
	return count < 0 ? 0 : (size_t)count;
}

bool receive_one(int fd, struct received *packet)
{
	socklen_t size = sizeof(packet->peer.addr);
	ssize_t len =
		recvfrom(fd, octets[0], RECEIVE_OCTETS, 0, &packet->peer.addr.sa, &size);

	packet->peer.has_local = false;
	packet->peer.interface = 0;
	packet->octets = octets[0];
	packet->len = len < 0 ? 0 : (size_t)len;
	return len >= 0;
}

static bool refuses(struct msghdr *msg)
{
	struct sock_extended_err e;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
		bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;

		if (!v4 && !v6)
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		return e.ee_errno == ECONNREFUSED;
	}
	return false;
}

int receive_refusal(int fd, struct peer *peer)
{
	_Alignas(struct cmsghdr) char room[256];
	struct msghdr msg = {
		.msg_name = &peer->addr,
		.msg_namelen = sizeof(peer->addr),
		.msg_control = room,
		.msg_controllen = sizeof(room),
	};

	if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return -1;
	return refuses(&msg);
}
