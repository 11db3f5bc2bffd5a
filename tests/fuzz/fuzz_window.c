/* The heads of xz and zstd: whatever they hold, nothing is read behind their end. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/media/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	uint64_t window = window_of(octets, len);

	/* More of the same file changes nothing once the head is whole. */
	if (window && len > 1 && window_of(octets, len - 1) &&
	    window_of(octets, len - 1) != window)
		abort();
	return 0;
}
