/*
 * pe_inside - the octets of a program, for those that read its headers.
 *
 * Numbers are little-endian; callers have asked pe_has().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PE_MAGIC_32 0x10b
#define PE_MAGIC_64 0x20b

/* The file, and where in it what a signature leaves out lies. */
struct program {
	const uint8_t *octets;
	size_t len;
	size_t checksum;  /* 4 octets */
	size_t directory; /* 8 octets: where the table is */
	size_t table, table_len;
};

static inline bool pe_has(const struct program *p, size_t at, size_t len)
{
	return at <= p->len && len <= p->len - at;
}

static inline uint16_t pe_u16(const struct program *p, size_t at)
{
	return (uint16_t)(p->octets[at] | p->octets[at + 1] << 8);
}

static inline uint32_t pe_u32(const struct program *p, size_t at)
{
	return pe_u16(p, at) | (uint32_t)pe_u16(p, at + 2) << 16;
}
