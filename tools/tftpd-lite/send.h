/*
 * send - blocks of many transfers, with one system call.
 *
 * Consecutive blocks of one transfer are one message that the kernel cuts into
 * datagrams (UDP_SEGMENT); where that does not work, each is a message of its
 * own.  The file's octets go from its mapping to the socket, and no other way.
 *
 * Memory  a batch is big; the process has one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "tools/tftpd-lite/transfers.h"

#define SEND_MESSAGES 64
#define SEND_SEGMENTS 64        /* of one message: UDP_MAX_SEGMENTS of older kernels */
#define SEND_TRAIN_OCTETS 65000 /* of one message, with its headers */
#define SEND_BLOCKS 1024        /* of one batch */

struct send_entry {
	struct transfer *transfer;
	uint64_t blocks;
};

struct send_batch {
	int fd;
	size_t count, blocks;
	struct send_entry entry[SEND_MESSAGES];
	struct mmsghdr message[SEND_MESSAGES];
	uint8_t header[SEND_BLOCKS][TFTP_HEADER];
	struct iovec iov[2 * SEND_BLOCKS];
	_Alignas(size_t) char control[SEND_MESSAGES][PEER_CMSG];
};

void send_clear(struct send_batch *batch);

/*
 * Adds what t may send now, as much as one turn is.  False, and nothing added,
 * if there is no room for it or if it speaks through another socket.
 */
bool send_add(struct send_batch *batch, struct transfer *t);

/* How many messages went out; -1 with errno set if the first could not. */
int send_now(struct send_batch *batch);

/* One datagram, at once.  -1 with errno set. */
int send_one(int fd, struct peer *peer, const void *octets, size_t len);
