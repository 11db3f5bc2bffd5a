/* libFuzzer entry: an iPXE script as pxeprobe reads it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/pxeprobe/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static struct script_variables variables;
	static struct script_links links;
	const char *why = NULL;

	variables.count = 0;
	script_set(&variables, "mac", "52:54:00:00:00:01");
	if (!script_read((const char *)octets, len, &variables, &links, &why)) {
		must(why != NULL);
		return 0;
	}
	must(script_is((const char *)octets, len));
	must(links.count <= SCRIPT_LINKS && variables.count <= SCRIPT_VARIABLES);
	for (size_t i = 0; i < links.count; i++)
		must(*links.link[i].url &&
		     memchr(links.link[i].url, '\0', SCRIPT_URL) != NULL);
	return 0;
}
