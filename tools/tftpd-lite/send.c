#include "config.h"

#include "tools/tftpd-lite/send.h"

#include "lib/wire/pkt.h"

void send_clear(struct send_batch *batch)
{
	batch->fd = -1;
	batch->count = batch->blocks = 0;
}

static uint64_t at_most(uint64_t v, uint64_t limit)
{
	return v < limit ? v : limit;
}

/* How many of t's blocks go into one message. */
static uint64_t train(const struct transfer *t, uint64_t blocks)
{
	uint64_t fit = SEND_TRAIN_OCTETS / (TFTP_HEADER + t->session.grant.blksize);

	return at_most(blocks, t->one_by_one || fit == 0 ? 1 : fit);
}

static size_t block_length(const struct transfer *t, uint64_t block)
{
	uint64_t offset = (block - 1) * t->session.grant.blksize;

	return at_most(t->session.octets - offset, t->session.grant.blksize);
}

/* The header and the octets of one block. */
static void put_block(struct send_batch *batch, const struct transfer *t, uint64_t block)
{
	uint8_t *header = batch->header[batch->blocks];
	struct iovec *iov = &batch->iov[2 * batch->blocks++];
	struct pkt_wr wr = pkt_wr(header, TFTP_HEADER);
	size_t len = block_length(t, block);

	tftp_put_data(&wr, (uint16_t)block, "", 0);
	iov[0] = (struct iovec){ header, TFTP_HEADER };
	iov[1] = (struct iovec){
		len ? t->file->octets + (block - 1) * t->session.grant.blksize : NULL, len
	};
}

static void put_message(struct send_batch *batch, struct transfer *t, uint64_t first,
			uint64_t blocks)
{
	size_t i = batch->count++;
	struct msghdr *msg = &batch->message[i].msg_hdr;
	uint16_t segment = blocks > 1 ? TFTP_HEADER + t->session.grant.blksize : 0;

	*msg = (struct msghdr){ .msg_iov = &batch->iov[2 * batch->blocks],
				.msg_iovlen = 2 * blocks };
	peer_address(&t->peer, msg, batch->control[i], segment);
	batch->entry[i] = (struct send_entry){ t, blocks };
	for (uint64_t n = 0; n < blocks; n++)
		put_block(batch, t, first + n);
}

bool send_add(struct send_batch *batch, struct transfer *t)
{
	uint64_t room =
		at_most(at_most(session_turn(&t->session), t->turn), SEND_SEGMENTS);
	uint64_t each = train(t, room), messages = each ? (room + each - 1) / each : 0;
	uint64_t next = t->session.window.sent + 1;

	if (batch->count && batch->fd != t->fd)
		return false;
	if (batch->count + messages > SEND_MESSAGES || batch->blocks + room > SEND_BLOCKS)
		return false;
	batch->fd = t->fd;
	for (uint64_t n; room; room -= n, next += n) {
		n = train(t, room);
		put_message(batch, t, next, n);
	}
	return true;
}
