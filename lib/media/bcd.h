/*
 * bcd - boot configuration data: what Microsoft's boot manager reads first.
 *
 * The store is a registry hive, written by libhivex, of three objects: the boot
 * manager, one Windows PE that it starts without asking, and where that one's RAM
 * disk comes from; for UEFI.  Both files are on the device that the boot manager itself
 * came from, which over the network is the server that gave it.
 *
 * Errors  false and one sentence in why, without the name of the file.
 * Source  the reference of BCD's WMI provider (object and element types); the form
 *         of device elements is that of stores made by bcdedit.
 */
#pragma once

#include <stdbool.h>

#define BCD_WHY 256

struct bcd {
	const char *title; /* for people; printable ASCII, as all of it */
	const char *wim;   /* like \windows\ws2025\1\boot.wim */
	const char *sdi;   /* the same for boot.sdi */
};

/* Replaces path: readers see the old store or the new one. */
bool bcd_write(const struct bcd *bcd, const char *path, char why[static BCD_WHY]);
