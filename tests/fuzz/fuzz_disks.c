/* Whatever a machine lists: the gate names one of its disks, or none. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/core/disk.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	char why[DISK_WHY];
	struct disks disks;
	size_t chosen;

	if (!disks_parse((const char *)octets, len, &disks, why))
		return 0;
	if (disk_choose(&disks, "first", 1, &chosen, why) && chosen >= disks.count)
		abort();
	return 0;
}
