/*
 * What wimprep reads by itself: a winpeshl.ini, and the time in the XML of a WIM, which
 * stays as long as it is, and keeps its time when it is put again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/wim_time.h"
#include "tools/wimprep/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void put_twice(const uint8_t *octets, size_t len)
{
	uint8_t *xml = malloc(len + 1), *again = malloc(len + 1);

	if (!xml || !again)
		abort();
	memcpy(xml, octets, len);
	if (wim_time_put(xml, len, 1, 1700000000)) {
		memcpy(again, xml, len);
		if (!wim_time_put(again, len, 1, 1700000000) ||
		    memcmp(xml, again, len) != 0)
			abort();
	}
	free(xml);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	char *text = malloc(len + 1);
	const char *wrong;

	if (!text)
		abort();
	memcpy(text, octets, len);
	text[len] = '\0';
	wrong = verify_launch(text);
	if (wrong && !*wrong)
		abort();
	free(text);
	put_twice(octets, len);
	return 0;
}
