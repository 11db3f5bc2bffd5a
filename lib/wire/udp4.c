#include "lib/wire/udp4.h"

#define IP_HEADER 20
#define UDP_HEADER 8
#define PROTOCOL_UDP 17
#define FRAGMENT 0x3fff /* more fragments, or an offset */

/* The fixed part of the header, then its options are skipped. */
static bool get_ip(struct pkt_rd *rd, struct udp4 *out, struct pkt_rd *datagram)
{
	uint8_t version, tos, ttl, protocol, skipped[4];
	uint16_t total, fragment;
	struct pkt_rd options;
	size_t header;

	if (!pkt_get_u8(rd, &version) || !pkt_get_u8(rd, &tos) ||
	    !pkt_get_u16(rd, &total) || !pkt_get_bytes(rd, skipped, 2) ||
	    !pkt_get_u16(rd, &fragment) || !pkt_get_u8(rd, &ttl) ||
	    !pkt_get_u8(rd, &protocol) || !pkt_get_bytes(rd, skipped, 2) ||
	    !pkt_get_u32(rd, &out->from) || !pkt_get_u32(rd, &out->to))
		return false;
	header = 4 * (size_t)(version & 15);
	if (version >> 4 != 4 || header < IP_HEADER || total < header ||
	    protocol != PROTOCOL_UDP || fragment & FRAGMENT)
		return false;
	return pkt_get_sub(rd, header - IP_HEADER, &options) &&
	       pkt_get_sub(rd, total - header, datagram);
}

bool udp4_get(struct pkt_rd rd, struct udp4 *out, struct pkt_rd *payload)
{
	struct pkt_rd datagram;
	uint16_t len, sum;

	if (!get_ip(&rd, out, &datagram) || !pkt_get_u16(&datagram, &out->from_port) ||
	    !pkt_get_u16(&datagram, &out->to_port) || !pkt_get_u16(&datagram, &len) ||
	    !pkt_get_u16(&datagram, &sum) || len < UDP_HEADER)
		return false;
	return pkt_get_sub(&datagram, len - UDP_HEADER, payload);
}

static uint32_t sum_u32(uint32_t sum, uint32_t v)
{
	return sum + (v >> 16) + (v & 0xffff);
}

static uint32_t sum_octets(uint32_t sum, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

static uint16_t sum_end(uint32_t sum)
{
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return (uint16_t)~sum;
}

static void put_ip(struct pkt_wr *wr, const struct udp4 *udp, uint16_t total)
{
	uint32_t sum = 0x4500 + 0x4000 + 0x4011 + (uint32_t)total;

	sum = sum_u32(sum_u32(sum, udp->from), udp->to);
	pkt_put_u16(wr, 0x4500); /* version 4, five words */
	pkt_put_u16(wr, total);
	pkt_put_u32(wr, 0x4000); /* no identification, do not fragment */
	pkt_put_u16(wr, 64 << 8 | PROTOCOL_UDP);
	pkt_put_u16(wr, sum_end(sum));
	pkt_put_u32(wr, udp->from);
	pkt_put_u32(wr, udp->to);
}

void udp4_put(struct pkt_wr *wr, const struct udp4 *udp, const void *payload, size_t len)
{
	uint16_t udp_len, sum;

	if (len > UINT16_MAX - UDP4_HEADERS) {
		wr->full = true;
		return;
	}
	udp_len = (uint16_t)(UDP_HEADER + len);
	sum = sum_end(sum_octets(sum_u32(sum_u32(PROTOCOL_UDP + 2 * (uint32_t)udp_len +
							 udp->from_port + udp->to_port,
						 udp->from),
					 udp->to),
				 payload, len));
	put_ip(wr, udp, (uint16_t)(IP_HEADER + udp_len));
	pkt_put_u16(wr, udp->from_port);
	pkt_put_u16(wr, udp->to_port);
	pkt_put_u16(wr, udp_len);
	pkt_put_u16(wr, sum ? sum : 0xffff); /* RFC 768: 0 means none */
	pkt_put_bytes(wr, payload, len);
}
