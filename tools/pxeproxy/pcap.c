#include "tools/pxeproxy/pcap.h"

#define MICROSECONDS 0xa1b2c3d4
#define NANOSECONDS 0xa1b23c4d
#define LINK_ETHERNET 1
#define LINK_RAW 101
#define LINK_IPV4 228
#define TYPE_IPV4 0x0800

static bool is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8;
}

static bool get_u32(struct pcap *pcap, uint32_t *out)
{
	if (!pkt_get_u32(&pcap->rd, out))
		return false;
	if (pcap->swapped)
		*out = __builtin_bswap32(*out);
	return true;
}

static bool is_magic(uint32_t magic)
{
	return magic == MICROSECONDS || magic == NANOSECONDS;
}

bool pcap_begin(const void *octets, size_t len, struct pcap *out, const char **why)
{
	struct pkt_rd skipped;
	uint32_t magic;

	*out = (struct pcap){ .rd = pkt_rd(octets, len) };
	*why = "not a capture file (pcap)";
	if (!get_u32(out, &magic))
		return false;
	out->swapped = is_magic(__builtin_bswap32(magic));
	if (!out->swapped && !is_magic(magic))
		return false;
	out->nanoseconds =
		magic == NANOSECONDS || __builtin_bswap32(magic) == NANOSECONDS;
	/* version, two fields that are 0, the largest record */
	if (!pkt_get_sub(&out->rd, 16, &skipped) || !get_u32(out, &out->link))
		return false;
	*why = "a capture of another link layer than Ethernet or IP";
	out->link &= 0xffff; /* above it stands the length of a checksum */
	return out->link == LINK_ETHERNET || out->link == LINK_RAW ||
	       out->link == LINK_IPV4;
}

static struct pkt_rd inside_ethernet(struct pkt_rd frame)
{
	struct pkt_rd skipped, none = pkt_rd(frame.end, 0);
	uint16_t type;

	if (!pkt_get_sub(&frame, 12, &skipped) || !pkt_get_u16(&frame, &type))
		return none;
	while (is_vlan(type))
		if (!pkt_get_sub(&frame, 2, &skipped) || !pkt_get_u16(&frame, &type))
			return none;
	return type == TYPE_IPV4 ? frame : none;
}

bool pcap_next(struct pcap *pcap, struct pkt_rd *datagram)
{
	uint32_t seconds, fraction, captured, length;
	struct pkt_rd frame;

	if (!get_u32(pcap, &seconds) || !get_u32(pcap, &fraction) ||
	    !get_u32(pcap, &captured) || !get_u32(pcap, &length) ||
	    !pkt_get_sub(&pcap->rd, captured, &frame))
		return false;
	pcap->frame++;
	pcap->time_us = (int64_t)seconds * 1000000 +
			(pcap->nanoseconds ? fraction / 1000 : fraction);
	*datagram = pcap->link == LINK_ETHERNET ? inside_ethernet(frame) : frame;
	return true;
}

void pcap_put_header(struct pkt_wr *wr)
{
	pkt_put_u32(wr, MICROSECONDS);
	pkt_put_u16(wr, 2); /* version 2.4 */
	pkt_put_u16(wr, 4);
	pkt_put_u32(wr, 0);
	pkt_put_u32(wr, 0);
	pkt_put_u32(wr, 65535);
	pkt_put_u32(wr, LINK_RAW);
}

void pcap_put_record(struct pkt_wr *wr, int64_t time_us, size_t len)
{
	pkt_put_u32(wr, (uint32_t)(time_us / 1000000));
	pkt_put_u32(wr, (uint32_t)(time_us % 1000000));
	pkt_put_u32(wr, (uint32_t)len);
	pkt_put_u32(wr, (uint32_t)len);
}
