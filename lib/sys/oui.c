#include "config.h"

#include "lib/sys/oui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/file.h"

#define LIST "/usr/share/ieee-data/oui.txt"
#define LARGEST (64 << 20)

struct row {
	uint32_t prefix;
	const char *name; /* in the text */
	size_t len;
};

struct oui {
	char *text;
	struct row *row;
	size_t rows;
};

/* "28-6F-B9   (hex)\t\tNokia Shanghai Bell Co., Ltd." */
static bool read_row(const char *line, size_t len, struct row *out)
{
	static const char mark[] = "(hex)";
	const char *found = memmem(line, len, mark, sizeof(mark) - 1), *end = line + len;
	unsigned a, b, c;
	char head[9];

	if (!found || len < sizeof(head))
		return false;
	snprintf(head, sizeof(head), "%s", line);
	if (sscanf(head, "%2x-%2x-%2x", &a, &b, &c) != 3)
		return false;
	found += sizeof(mark) - 1;
	while (found < end && (*found == ' ' || *found == '\t'))
		found++;
	while (end > found && (end[-1] == '\r' || end[-1] == ' '))
		end--;
	*out = (struct row){ a << 16 | b << 8 | c, found, (size_t)(end - found) };
	return true;
}

static int by_prefix(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->prefix > y->prefix) - (x->prefix < y->prefix);
}

static bool read_rows(struct oui *oui, size_t len)
{
	const char *end = oui->text + len;
	size_t room = 0;
	struct row row;

	for (const char *p = oui->text, *next; p < end; p = next + 1) {
		next = memchr(p, '\n', (size_t)(end - p));
		if (!next)
			next = end;
		if (!read_row(p, (size_t)(next - p), &row))
			continue;
		if (oui->rows == room) {
			struct row *more =
				reallocarray(oui->row, room += 16384, sizeof(row));

			if (!more)
				return false;
			oui->row = more;
		}
		oui->row[oui->rows++] = row;
	}
	if (oui->rows)
		qsort(oui->row, oui->rows, sizeof(row), by_prefix);
	return true;
}

struct oui *oui_load(void)
{
	const char *path = getenv("PXEKIT_OUI");
	struct oui *oui = calloc(1, sizeof(*oui));
	size_t len;

	if (!oui)
		return NULL;
	oui->text = file_read(path && *path ? path : LIST, LARGEST, &len);
	if (oui->text && read_rows(oui, len))
		return oui;
	oui_free(oui);
	return NULL;
}

void oui_free(struct oui *oui)
{
	if (!oui)
		return;
	free(oui->text);
	free(oui->row);
	free(oui);
}

const char *oui_vendor(const struct oui *oui, const struct mac *mac,
		       char out[static OUI_VENDOR])
{
	struct row key = { .prefix = (uint32_t)mac->octet[0] << 16 |
				     (uint32_t)mac->octet[1] << 8 | mac->octet[2] };
	const struct row *found;

	*out = '\0';
	found = oui && oui->rows
			? bsearch(&key, oui->row, oui->rows, sizeof(key), by_prefix)
			: NULL;
	if (found)
		snprintf(out, OUI_VENDOR, "%.*s", (int)found->len, found->name);
	else if (mac->octet[0] & 2)
		snprintf(out, OUI_VENDOR, "locally administered");
	return out;
}
