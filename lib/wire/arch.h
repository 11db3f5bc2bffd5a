/*
 * arch - the client architectures of DHCP option 93, by their numbers.
 *
 * Source  IANA "Processor Architecture Types" (RFC 4578, 5970); 9 was used for
 *         x64 before the erratum of RFC 4578, so 7 and 9 are one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ARCH_UBOOT_FIRST 21
#define ARCH_UBOOT_LAST 24
#define ARCH_RASPBERRY 41

struct arch {
	uint16_t number;
	uint16_t plain; /* the same machine by PXE: for 16 and 9 it is 7, for 7 it is 7 */
	bool http, efi;
	const char *name;
};

/* NULL for a number that IANA has not given out. */
const struct arch *arch_find(unsigned number);

/* The number to look a loader up by, if there is none for number itself. */
unsigned arch_plain(unsigned number);

/* Unknown numbers are taken for UEFI: new ones are. */
bool arch_is_efi(unsigned number);
