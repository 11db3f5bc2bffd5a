/*
 * disk - the safety gate: which one of a machine's disks may be wiped.
 *
 * A rule is blank-separated conditions, all of which must hold:
 *
 *	only            the machine has just one disk (the default rule)
 *	empty           nothing is on it
 *	first           of those that are left, the first listed
 *	serial=TEXT     exactly this serial number
 *	bus=NAME        virtio, scsi, sata, nvme, mmc, usb
 *	name=NAME       sda, nvme0n1, ...
 *	min=SIZE max=SIZE   32G, 512M, 1T (powers of 1024)
 *
 * USB and MMC disks count only if the rule names their bus or their serial.
 *
 * Units   octets.
 * Errors  false and one sentence in why; the disks stay as they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/job.h"

#define DISKS_MAX 64
#define DISK_WHY 256

struct disk {
	char name[JOB_NAME];
	int64_t size;
	char bus[16], serial[JOB_NAME], model[JOB_NAME];
	bool empty;
};

struct disks {
	struct disk disk[DISKS_MAX];
	size_t count;
};

/*
 * One line a disk: NAME OCTETS BUS SERIAL MODEL empty|used, with tabs between;
 * "-" stands for what is not known.  Lines end in LF or CR LF.
 */
bool disks_parse(const char *text, size_t len, struct disks *out,
		 char why[static DISK_WHY]);

bool disk_rule_check(const char *rule, char why[static DISK_WHY]);

/*
 * The index of the one disk that rule leaves, if it holds min_size octets.
 * An empty rule is "only".
 */
bool disk_choose(const struct disks *disks, const char *rule, int64_t min_size,
		 size_t *chosen, char why[static DISK_WHY]);
