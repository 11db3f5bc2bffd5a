#include "config.h"

#include "tools/tftpd-lite/receive.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>
#include <sys/socket.h>

static uint8_t octets[RECEIVE_PACKETS][RECEIVE_OCTETS];
static _Alignas(struct cmsghdr) char control[RECEIVE_PACKETS][PEER_CMSG];

static void prepare(struct mmsghdr *m, struct iovec *iov, struct received *p, size_t i)
{
	*iov = (struct iovec){ octets[i], RECEIVE_OCTETS };
	*m = (struct mmsghdr){ .msg_hdr = {
				       .msg_name = &p->peer.addr,
				       .msg_namelen = sizeof(p->peer.addr),
				       .msg_iov = iov,
				       .msg_iovlen = 1,
				       .msg_control = control[i],
				       .msg_controllen = PEER_CMSG,
			       } };
}

size_t receive(int fd, struct received packets[static RECEIVE_PACKETS])
{
	static struct mmsghdr m[RECEIVE_PACKETS];
	static struct iovec iov[RECEIVE_PACKETS];
	int count;

	for (size_t i = 0; i < RECEIVE_PACKETS; i++)
		prepare(&m[i], &iov[i], &packets[i], i);
	count = recvmmsg(fd, m, RECEIVE_PACKETS, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++) {
		peer_received(&packets[i].peer, &m[i].msg_hdr);
		packets[i].len = m[i].msg_len;
		packets[i].octets = octets[i];
	}
	return count < 0 ? 0 : (size_t)count;
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
