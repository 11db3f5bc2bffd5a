#include "lib/wire/pkt.h"

#include <string.h>

struct pkt_rd pkt_rd(const void *octets, size_t len)
{
	const uint8_t *p = octets;

	return (struct pkt_rd){ .p = p, .end = p + len };
}

struct pkt_wr pkt_wr(void *octets, size_t size)
{
	uint8_t *p = octets;

	return (struct pkt_wr){ .start = p, .p = p, .end = p + size };
}

/* The only place that moves a reader. */
static const uint8_t *take(struct pkt_rd *rd, size_t len)
{
	const uint8_t *p = rd->p;

	if (len > pkt_left(rd))
		return NULL;
	rd->p += len;
	return p;
}

bool pkt_get_u8(struct pkt_rd *rd, uint8_t *out)
{
	const uint8_t *p = take(rd, 1);

	if (!p)
		return false;
	*out = p[0];
	return true;
}

bool pkt_get_u16(struct pkt_rd *rd, uint16_t *out)
{
	const uint8_t *p = take(rd, 2);

	if (!p)
		return false;
	*out = (uint16_t)(p[0] << 8 | p[1]);
	return true;
}

bool pkt_get_u32(struct pkt_rd *rd, uint32_t *out)
{
	const uint8_t *p = take(rd, 4);

	if (!p)
		return false;
	*out = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return true;
}

bool pkt_get_bytes(struct pkt_rd *rd, void *out, size_t len)
{
	const uint8_t *p = take(rd, len);

	if (!p)
		return false;
	memcpy(out, p, len);
	return true;
}

bool pkt_get_sub(struct pkt_rd *rd, size_t len, struct pkt_rd *sub)
{
	const uint8_t *p = take(rd, len);

	if (!p)
		return false;
	*sub = pkt_rd(p, len);
	return true;
}

bool pkt_get_str(struct pkt_rd *rd, const char **out)
{
	const uint8_t *nul = memchr(rd->p, '\0', pkt_left(rd));

	if (!nul)
		return false;
	*out = (const char *)rd->p;
	rd->p = nul + 1;
	return true;
}

/* The only place that moves a writer. */
void pkt_put_bytes(struct pkt_wr *wr, const void *octets, size_t len)
{
	if (wr->full || len > (size_t)(wr->end - wr->p)) {
		wr->full = true;
		return;
	}
	memcpy(wr->p, octets, len);
	wr->p += len;
}

void pkt_put_u8(struct pkt_wr *wr, uint8_t v)
{
	pkt_put_bytes(wr, &v, 1);
}

void pkt_put_u16(struct pkt_wr *wr, uint16_t v)
{
	pkt_put_bytes(wr, (uint8_t[]){ v >> 8, v & 0xff }, 2);
}

void pkt_put_u32(struct pkt_wr *wr, uint32_t v)
{
	pkt_put_u16(wr, v >> 16);
	pkt_put_u16(wr, v & 0xffff);
}

bool pkt_put_end(const struct pkt_wr *wr, size_t *len)
{
	*len = (size_t)(wr->p - wr->start);
	return !wr->full;
}
