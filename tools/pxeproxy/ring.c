#include "config.h"

#include "tools/pxeproxy/ring.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define FRAME 2048 /* an Ethernet frame and the kernel's 66 octets about it */
#define BLOCK 65536

_Static_assert(RING_FRAMES % (BLOCK / FRAME) == 0, "frames fill whole blocks");

bool ring_open(struct ring *ring, int fd)
{
	const int version = TPACKET_V2;
	const struct tpacket_req none = { 0 };
	const struct tpacket_req want = { .tp_block_size = BLOCK,
					  .tp_block_nr = RING_FRAMES * FRAME / BLOCK,
					  .tp_frame_size = FRAME,
					  .tp_frame_nr = RING_FRAMES };
	void *map;

	*ring = (struct ring){ 0 };
	/* One that came with the socket is where another program has left it. */
	if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &none, sizeof(none)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &want, sizeof(want)) < 0)
		return false;
	map = mmap(NULL, (size_t)RING_FRAMES * FRAME, PROT_READ | PROT_WRITE, MAP_SHARED,
		   fd, 0);
	if (map == MAP_FAILED)
		return false;
	ring->map = map;
	return true;
}

bool ring_take(struct ring *ring, uint8_t *octets, size_t size, size_t *len,
	       struct sockaddr_ll *from)
{
	uint8_t *frame = ring->map + ring->next * FRAME;
	struct tpacket2_hdr *head = (struct tpacket2_hdr *)(void *)frame;

	if (!(__atomic_load_n(&head->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return false;
	memcpy(from, frame + TPACKET_ALIGN(sizeof(*head)), sizeof(*from));
	*len = head->tp_snaplen < size ? head->tp_snaplen : size;
	memcpy(octets, frame + head->tp_net, *len);
	__atomic_store_n(&head->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->next = (ring->next + 1) % RING_FRAMES;
	return true;
}
