#include "config.h"

#include "tools/wimprep/manifest.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include "lib/core/image.h"

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

/* One sum of all files of a package: of what the marker says about those beside inf. */
static void sum_package(const char *marker, const char *inf,
			char out[static IMAGE_SHA256])
{
	const char *slash = strrchr(inf, '/');
	size_t folder = slash ? (size_t)(slash - inf) + 1 : 0;
	uint8_t octets[SHA256_DIGEST_SIZE];
	struct sha256_ctx sum;

	sha256_init(&sum);
	for (const char *line = marker; *line;) {
		size_t len = strcspn(line, "\n"), sha1 = strcspn(line, " \n");

		len += line[len] == '\n';
		if (*line != '#' && sha1 + 2 + folder < len &&
		    strncmp(line + sha1 + 2, inf, folder) == 0)
			sha256_update(&sum, len, (const uint8_t *)line);
		line += len;
	}
	sha256_digest(&sum, sizeof(octets), octets);
	base16_encode_update(out, sizeof(octets), octets);
	out[IMAGE_SHA256 - 1] = '\0';
}

static void put_drivers(FILE *out, const char *marker)
{
	char name[64], version[64], inf[PATH_MAX], sum[IMAGE_SHA256];

	for (const char *line = marker; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "# driver: %63s %*s %63s %4095[^\n]", name, version,
			   inf) != 3)
			continue;
		sum_package(marker, inf, sum);
		fprintf(out, "# driver: %s %s %s\n", name, version, sum);
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
