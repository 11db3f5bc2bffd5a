/*
 * wake - the magic packet of Wake-on-LAN.
 *
 * Units   octets.
 * Errors  wake_password() returns false for what is no password.
 * Source  AMD, Magic Packet Technology (publication 20213); its optional password is
 *         what makers call SecureOn: 6 octets, or 4 with some.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WAKE_PASSWORD 6
#define WAKE_OCTETS (6 + 16 * 6 + WAKE_PASSWORD)

struct wake_password {
	uint8_t octet[WAKE_PASSWORD];
	size_t len; /* 0: none */
};

/* Six pairs of hex digits, with ':' or '-' between them, or four numbers with dots. */
bool wake_password(const char *text, struct wake_password *out);

/* Returns the packet's length. */
size_t wake_packet(const uint8_t mac[static 6], const struct wake_password *password,
		   uint8_t out[static WAKE_OCTETS]);
