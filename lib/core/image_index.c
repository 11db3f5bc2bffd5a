#include "config.h"

#include "lib/core/image_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 20000
#define LINE_MAX_OCTETS 256
#define HEX 64

bool image_index_add(struct image_index *index, const struct image_index_entry *entry)
{
	struct image_index_entry *more;

	if (index->count >= ENTRIES_MAX)
		return false;
	more = realloc(index->entry, (index->count + 1) * sizeof(*more));
	if (!more)
		return false;
	index->entry = more;
	more[index->count++] = *entry;
	return true;
}

void image_index_free(struct image_index *index)
{
	free(index->entry);
	*index = (struct image_index){ 0 };
}

const struct image_index_entry *image_index_find(const struct image_index *index,
						 const char *name, const char *version)
{
	for (size_t i = 0; i < index->count; i++) {
		const struct image_index_entry *e = &index->entry[i];

		if (strcmp(e->name, name) == 0 &&
		    (*version ? strcmp(e->version, version) == 0 : e->current))
			return e;
	}
	return NULL;
}

/* ---- out ---- */

char *image_index_print(const struct image_index *index)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool good;

	if (!out)
		return NULL;
	fputs("# pxekit-index: 1\n", out);
	for (size_t i = 0; i < index->count; i++)
		if (index->entry[i].current)
			fprintf(out, "# current: %s %s\n", index->entry[i].name,
				index->entry[i].version);
	for (size_t i = 0; i < index->count; i++)
		fprintf(out, "%s  %s/%s/MANIFEST\n", index->entry[i].sha256,
			index->entry[i].name, index->entry[i].version);
	good = !ferror(out);
	if (fclose(out) == 0 && good)
		return text;
	free(text);
	return NULL;
}

/* ---- in ---- */

/* What is between two separators; false if it is no name. */
static bool take_name(const char **text, char end, char out[static JOB_NAME])
{
	const char *stop = strchr(*text, end);
	size_t len = stop ? (size_t)(stop - *text) : 0;

	if (!stop || len >= JOB_NAME)
		return false;
	memcpy(out, *text, len);
	out[len] = '\0';
	*text = stop + (end != '\0');
	return image_name_ok(out) && strcmp(out, "current") != 0;
}

/* "HEX64  NAME/VERSION/MANIFEST" */
static bool read_entry(const char *line, struct image_index *out, const char **why)
{
	struct image_index_entry e = { 0 };

	*why = "is neither a comment nor SHA-256, two blanks and NAME/VERSION/MANIFEST";
	if (strspn(line, "0123456789abcdef") != HEX || strncmp(line + HEX, "  ", 2) != 0)
		return false;
	memcpy(e.sha256, line, HEX);
	line += HEX + 2;
	if (!take_name(&line, '/', e.name) || !take_name(&line, '/', e.version) ||
	    strcmp(line, "MANIFEST") != 0)
		return false;
	*why = "there are too many versions";
	return image_index_add(out, &e);
}

/* "# current: NAME VERSION"; the version itself may stand above or below. */
static bool read_comment(const char *line, struct image_index *currents, const char **why)
{
	static const char format[] = "# pxekit-index: ", current[] = "# current: ";
	struct image_index_entry e = { 0 };

	*why = "is of a format this version does not know";
	if (strncmp(line, format, strlen(format)) == 0)
		return strcmp(line + strlen(format), "1") == 0;
	if (strncmp(line, current, strlen(current)) != 0)
		return true;
	line += strlen(current);
	*why = "current is not NAME VERSION, or there are too many";
	return take_name(&line, ' ', e.name) && take_name(&line, '\0', e.version) &&
	       image_index_add(currents, &e);
}

static bool read_line(const char *text, size_t len, struct image_index *out,
		      struct image_index *currents, const char **why)
{
	char line[LINE_MAX_OCTETS];

	*why = "is too long, or holds a NUL";
	if (len >= sizeof(line) || memchr(text, '\0', len))
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	if (!*line)
		return true;
	return *line == '#' ? read_comment(line, currents, why)
			    : read_entry(line, out, why);
}

static int by_name(const void *a, const void *b)
{
	const struct image_index_entry *x = a, *y = b;
	int names = strcmp(x->name, y->name);

	return names ? names : strcmp(x->version, y->version);
}

static bool has_one_current(const struct image_index *index, const char **why)
{
	const struct image_index_entry *last = NULL;

	*why = "says that two versions of an image are current";
	for (size_t i = 0; i < index->count; i++) {
		const struct image_index_entry *e = &index->entry[i];

		if (e->current && last && strcmp(last->name, e->name) == 0)
			return false;
		last = e->current ? e : last;
	}
	return true;
}

/* Sorted, so that a version that stands there twice is found, and each current soon. */
static bool complete(struct image_index *out, const struct image_index *currents,
		     const char **why)
{
	if (out->count)
		qsort(out->entry, out->count, sizeof(*out->entry), by_name);
	*why = "names a version a second time";
	for (size_t i = 1; i < out->count; i++)
		if (by_name(&out->entry[i - 1], &out->entry[i]) == 0)
			return false;
	*why = "says that a version is current which it does not name";
	for (size_t i = 0; i < currents->count; i++) {
		struct image_index_entry *e =
			out->count ? bsearch(&currents->entry[i], out->entry, out->count,
					     sizeof(*e), by_name)
				   : NULL;

		if (!e)
			return false;
		e->current = true;
	}
	return has_one_current(out, why);
}

bool image_index_parse(const char *text, size_t len, struct image_index *out,
		       size_t *line, const char **why)
{
	struct image_index currents = { 0 };
	const char *end = text + len;
	bool good = true;

	*out = (struct image_index){ 0 };
	*line = 1;
	*why = "is no INDEX";
	if (len < 18 || strncmp(text, "# pxekit-index: 1\n", 18) != 0)
		return false;
	for (; good && text < end; ++*line) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		good = read_line(text, (size_t)(stop - text), out, &currents, why);
		if (!good)
			break;
		text = stop + 1;
	}
	good = good && complete(out, &currents, why);
	image_index_free(&currents);
	if (!good)
		image_index_free(out);
	return good;
}
