/*
 * medium_build - what the two files of medium share.
 */
#pragma once

#include "tools/ipxegen/medium.h"

enum {
	MEDIUM_ISOLINUX,
	MEDIUM_MBR,
	MEDIUM_LDLINUX,
	MEDIUM_LKRN,
	MEDIUM_EFI,
};

void medium_fill_room(char room[static MEDIUM_SCRIPT]);

/* False if there are fewer of them than wanted. */
bool medium_find_rooms(struct medium *medium, size_t wanted, char why[static MEDIUM_WHY]);
