/*
 * route - the ways from firmware to an installer, and the forms of an answer.
 *
 * Errors  the parsers return false for a word they do not know; the unsaid has none.
 * Source  DESIGN.md, "Words"; the forms are PXE 2.1's and the firmware's.
 */
#pragma once

#include <stdbool.h>

enum boot_route {
	ROUTE_UNSAID,
	ROUTE_IPXE,      /* iPXE as it comes */
	ROUTE_IPXE_SHIM, /* signed: the shim of iPXE, then iPXE */
	ROUTE_BOOTMGFW,  /* Microsoft's boot manager */
	ROUTE_SHIM_GRUB, /* signed: a distribution's shim, then GRUB */
	ROUTE_HTTP,      /* by UEFI HTTP Boot alone */
	ROUTES,
};

enum boot_style {
	STYLE_UNSAID,
	STYLE_DIRECT, /* server and file in the OFFER, nothing more to ask */
	STYLE_BINL,   /* the file only in the answer of port 4011 */
	STYLE_MENU,   /* a menu of one item, then the answer of port 4011 */
	STYLE_AUTO,   /* these three in turn, while the client asks again */
	STYLES,
};

const char *route_name(enum boot_route route);
bool route_parse(const char *name, enum boot_route *out);
const char *style_name(enum boot_style style);
bool style_parse(const char *name, enum boot_style *out);
