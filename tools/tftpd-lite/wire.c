/* The two calls of send.h that reach the system. */
#include "config.h"

#include "tools/tftpd-lite/send.h"

int send_now(struct send_batch *batch)
{
	if (batch->count == 1)
		return sendmsg(batch->fd, &batch->message[0].msg_hdr, MSG_DONTWAIT) < 0
			       ? -1
			       : 1;
	return sendmmsg(batch->fd, batch->message, (unsigned)batch->count, MSG_DONTWAIT);
}

int send_one(int fd, struct peer *peer, const void *octets, size_t len)
{
	_Alignas(size_t) char control[PEER_CMSG];
	struct iovec iov = { (void *)(uintptr_t)octets, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	peer_address(peer, &msg, control, 0);
	return sendmsg(fd, &msg, MSG_DONTWAIT) < 0 ? -1 : 0;
}
