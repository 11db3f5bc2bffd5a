#include "config.h"

#include "tools/wimprep/json.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/jsonout.h"
#include "lib/sys/exits.h"

void json_text(const char *text)
{
	size_t size = 6 * strlen(text) + 3, len; /* \u0000, and the quotes */
	char *buffer = malloc(size);
	struct jsonout j;

	if (!buffer)
		err(EXIT_FAILED, "JSON");
	j = jsonout_begin(buffer, size);
	jsonout_text(&j, NULL, text);
	if (jsonout_end(&j, &len))
		fwrite(buffer, 1, len, stdout);
	free(buffer);
}
