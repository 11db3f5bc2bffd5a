#include "config.h"

#include "tools/wimprep/manifest.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "# size: 123 FILE": where FILE begins, or NULL. */
static const char *size_file(const char *line, size_t len)
{
	const char *blank;

	if (len < 8 || strncmp(line, "# size: ", 8) != 0)
		return NULL;
	blank = memchr(line + 8, ' ', len - 8);
	return blank ? blank + 1 : NULL;
}

static bool is_name(const char *start, const char *end, const char *name)
{
	return start && (size_t)(end - start) == strlen(name) &&
	       memcmp(start, name, strlen(name)) == 0;
}

static void put_drivers(FILE *out, const char *marker)
{
	char name[64], version[64];

	for (const char *line = marker; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "# driver: %63s %*s %63s", name, version) == 2)
			fprintf(out, "# driver: %s %s\n", name, version);
	}
}

static void put_line(FILE *out, const char *line, size_t len,
		     const struct manifest_change *c)
{
	const char *end = line + len;

	if (len > 10 && strncmp(line, "# driver: ", 10) == 0)
		return; /* of the boot.wim that was */
	if (len > 11 && strncmp(line, "# version: ", 11) == 0) {
		fprintf(out, "# version: %s\n# prepared-from: %.*s\n", c->version,
			(int)(len - 11), line + 11);
		put_drivers(out, c->marker);
	} else if (is_name(size_file(line, len), end, c->file))
		fprintf(out, "# size: %" PRId64 " %s\n", c->size, c->file);
	else if (len > 66 && *line != '#' && is_name(line + 66, end, c->file))
		fprintf(out, "%s  %s\n", c->sha256, c->file);
	else
		fprintf(out, "%.*s\n", (int)len, line);
}

char *manifest_change(const char *base, const struct manifest_change *change)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	while (*base) {
		size_t line = strcspn(base, "\n");

		put_line(out, base, line, change);
		base += line + (base[line] == '\n');
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
