#include "lib/media/bcd_hive.h"

#include <stddef.h>
#include <string.h>

#define BLOCK 4096 /* where offsets within the hive count from */
#define ROOT 0x20  /* cells, as such offsets */
#define ROOT_OCTETS 0x60
#define SECURITY (ROOT + ROOT_OCTETS)
#define NAME "NewStoreRoot"

/* Full access for SYSTEM and Administrators, whose it is. */
static const char descriptor[] =
	"\x01\0\x04\x80\x48\0\0\0\x58\0\0\0\0\0\0\0\x14\0\0\0"
	/* the list: two entries, and for keys below */
	"\x02\0\x34\0\x02\0\0\0"
	"\0\x02\x18\0\x3f\0\x0f\0\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0"
	"\0\x02\x14\0\x3f\0\x0f\0\x01\x01\0\0\0\0\0\x05\x12\0\0\0"
	/* owner: Administrators; group: SYSTEM */
	"\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0"
	"\x01\x01\0\0\0\0\0\x05\x12\0\0\0";

#define DESCRIPTOR_OCTETS (sizeof(descriptor) - 1)
#define SECURITY_OCTETS ((4 + 20 + DESCRIPTOR_OCTETS + 7) & ~(size_t)7)

static void put16(uint8_t *p, uint32_t n)
{
	p[0] = n & 255;
	p[1] = n >> 8 & 255;
}

static void put32(uint8_t *p, uint32_t n)
{
	put16(p, n);
	put16(p + 2, n >> 16);
}

static void put_letters(uint8_t *p, const char *letters)
{
	while (*letters)
		*p++ = (uint8_t)*letters++;
}

/* A cell in use has its length below zero. */
static void put_length(uint8_t *cell, size_t len)
{
	put32(cell, 0 - (uint32_t)len);
}

static void put_root(uint8_t *cell)
{
	uint8_t *key = cell + 4;

	put_length(cell, ROOT_OCTETS);
	put_letters(key, "nk");
	put16(key + 2, 0x2c);        /* the root, for ever, its name in single octets */
	put32(key + 16, UINT32_MAX); /* no parent */
	put32(key + 28, UINT32_MAX); /* no keys below, */
	put32(key + 32, UINT32_MAX); /* also no volatile ones, */
	put32(key + 40, UINT32_MAX); /* and no values */
	put32(key + 44, SECURITY);
	put32(key + 48, UINT32_MAX); /* no class */
	put16(key + 72, sizeof(NAME) - 1);
	put_letters(key + 76, NAME);
}

static void put_security(uint8_t *cell)
{
	uint8_t *sk = cell + 4;

	put_length(cell, SECURITY_OCTETS);
	put_letters(sk, "sk");
	put32(sk + 4, SECURITY); /* a ring of one */
	put32(sk + 8, SECURITY);
	put32(sk + 12, 1);
	put32(sk + 16, DESCRIPTOR_OCTETS);
	memcpy(sk + 20, descriptor, DESCRIPTOR_OCTETS);
}

static void put_bin(uint8_t *bin)
{
	size_t used = SECURITY + SECURITY_OCTETS;

	put_letters(bin, "hbin");
	put32(bin + 8, BLOCK);
	put_root(bin + ROOT);
	put_security(bin + SECURITY);
	put32(bin + used, (uint32_t)(BLOCK - used)); /* one cell that is free */
}

static void put_base(uint8_t *base)
{
	uint32_t sum = 0;

	put_letters(base, "regf");
	put32(base + 4, 1); /* both counts alike: it was written to its end */
	put32(base + 8, 1);
	put32(base + 20, 1); /* version 1.3 */
	put32(base + 24, 3);
	put32(base + 32, 1);
	put32(base + 36, ROOT);
	put32(base + 40, BLOCK);
	put32(base + 44, 1);
	for (size_t i = 0; i < 508; i += 4)
		sum ^= base[i] | (uint32_t)base[i + 1] << 8 |
		       (uint32_t)base[i + 2] << 16 | (uint32_t)base[i + 3] << 24;
	put32(base + 508, sum);
}

void bcd_hive_empty(uint8_t hive[static BCD_HIVE_OCTETS])
{
	memset(hive, 0, BCD_HIVE_OCTETS);
	put_base(hive);
	put_bin(hive + BLOCK);
}
