/*
 * dhcp - a BOOTP or DHCP packet as a struct, read and written.
 *
 * One struct serves requests and replies, so that what reads one side's
 * packets can test the other's.  Options that nobody here asks for are passed
 * over; of an option that comes twice the first counts.
 *
 * Units   addresses are in host byte order, texts end with a NUL, 0 or an
 *         empty text or len 0 means that an option is not there.
 * Errors  dhcp_decode() returns false and points *why at a constant text.
 *         dhcp_encode() returns false if the packet does not fit.
 * Memory  a struct dhcp owns all its octets.
 * Source  RFC 2131, 2132 (options), 3046 (82), 3004 (77), 4578 (93, 94, 97);
 *         43 as in PXE 2.1; 175 is iPXE's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/wire/pkt.h"

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68
#define DHCP_PXE_PORT 4011

#define DHCP_SIZE_MIN 300  /* BOOTP's; old ROMs drop what is shorter */
#define DHCP_SIZE_MAX 1472 /* EDK2 drops what is longer */
#define DHCP_FILE 128      /* the header's file field with its NUL */
#define DHCP_TEXT 256      /* an option's text with its NUL */
#define DHCP_BROADCAST 0x8000

enum dhcp_op {
	DHCP_OP_REQUEST = 1,
	DHCP_OP_REPLY = 2,
};

enum dhcp_type {
	DHCP_BOOTP = 0, /* there is no option 53 */
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
	DHCP_RELEASE = 7,
	DHCP_INFORM = 8,
};

/* 43.6, discovery control (PXE 2.1 section 2.2) */
enum {
	DHCP_PXE_NO_BROADCAST = 1,
	DHCP_PXE_NO_MULTICAST = 2,
	DHCP_PXE_ONLY_LISTED = 4,
	DHCP_PXE_BOOT_FILE = 8, /* take the file of this packet, ask nobody */
};

struct dhcp_octets {
	uint8_t len, octet[255];
};

/* Option 43 as a PXE client means it. */
struct dhcp_pxe {
	bool has_control, has_menu, has_prompt, has_item;
	uint8_t control;      /* 6: discovery control */
	uint16_t server_type; /* 8: the first boot server's item */
	uint32_t boot_server; /* and its address; 0: there is no 8 */
	uint16_t menu_type;   /* 9: the first item; 0 is "boot locally" */
	char menu_text[64];   /* and its text */
	uint8_t timeout;      /* 10: seconds until the first item is taken */
	char prompt_text[64];
	uint16_t item_type, item_layer; /* 71: the item that the client chose */
};

#define DHCP_ARCHS 8
#define DHCP_CODES 64

struct dhcp {
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	uint16_t secs, flags;
	uint32_t ciaddr, yiaddr, siaddr, giaddr;
	uint8_t chaddr[16];
	char sname[65], file[DHCP_FILE + 1];

	enum dhcp_type type;          /* 53 */
	uint32_t requested;           /* 50 */
	uint32_t server;              /* 54 */
	uint16_t max_size;            /* 57 */
	char vendor_class[DHCP_TEXT]; /* 60 */
	char bootfile[DHCP_TEXT];     /* 67 */
	char user_class[DHCP_TEXT];   /* 77: raw as iPXE sends it, or RFC 3004's first */
	uint16_t arch[DHCP_ARCHS];    /* 93: what the client is, best first */
	size_t archs;
	uint8_t undi[3];               /* 94: type, major, minor */
	struct dhcp_octets client_id;  /* 61 */
	struct dhcp_octets relay_info; /* 82 */
	struct dhcp_octets machine_id; /* 97: 00 and a UUID, but makers differ */
	struct dhcp_octets ipxe;       /* 175 */
	struct dhcp_pxe pxe;           /* 43 */

	uint8_t code[DHCP_CODES]; /* set by dhcp_decode(): the options in their order */
	size_t codes;
};

bool dhcp_decode(const void *octets, size_t len, struct dhcp *out, const char **why);

/* Pads to DHCP_SIZE_MIN.  Option 82 is the last, 43 is closed by its own 255. */
bool dhcp_encode(const struct dhcp *msg, void *octets, size_t size, size_t *len);

/* How many octets a reply to this request may have (option 57, within reason). */
size_t dhcp_room(const struct dhcp *request);

/* In the header if it fits there, else in option 67; false past 255 octets. */
bool dhcp_set_file(struct dhcp *msg, const char *name);

/* User class iPXE or an option 175. */
bool dhcp_is_ipxe(const struct dhcp *msg);

/*
 * The ROM of a Raspberry Pi, which says that it is a BIOS (93 = 0): its 97 is the same
 * for all of a model, or begins with "RPi".
 */
bool dhcp_is_raspberry(const struct dhcp *msg);

/* U-Boot, by its class or by its architecture. */
bool dhcp_is_uboot(const struct dhcp *msg);

/* Whether the vendor class is this one, or begins with it and a colon. */
bool dhcp_has_class(const struct dhcp *msg, const char *class);

const char *dhcp_type_name(enum dhcp_type type);

/*
 * One line "name: value" for each field that says something; octets that are
 * not printable are escaped.  Cut at size; returns the length of the text.
 */
size_t dhcp_text(const struct dhcp *msg, char *out, size_t size);
