/*
 * dhcp_code - the numbers of the options, for lib/wire/dhcp*.c alone.
 *
 * Source  RFC 2131 section 3 (the cookie), RFC 2132 and its followers.
 */
#pragma once

#define DHCP_COOKIE 0x63825363

enum {
	OPT_PAD = 0,
	OPT_VENDOR = 43,
	OPT_REQUESTED = 50,
	OPT_OVERLOAD = 52,
	OPT_TYPE = 53,
	OPT_SERVER = 54,
	OPT_MAX_SIZE = 57,
	OPT_VENDOR_CLASS = 60,
	OPT_CLIENT_ID = 61,
	OPT_BOOTFILE = 67,
	OPT_USER_CLASS = 77,
	OPT_RELAY_INFO = 82,
	OPT_ARCH = 93,
	OPT_UNDI = 94,
	OPT_MACHINE_ID = 97,
	OPT_IPXE = 175,
	OPT_END = 255,

	PXE_CONTROL = 6,
	PXE_SERVERS = 8,
	PXE_MENU = 9,
	PXE_PROMPT = 10,
	PXE_ITEM = 71,
};
