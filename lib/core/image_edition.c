/* Editions: the systems inside a WIM, as a manifest lists them and people name them. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/core/image.h"

/* ---- the line in a manifest ---- */

/* The next word of *text; "-" is "".  A blank follows it. */
static bool take_word(const char **text, char *out, size_t size)
{
	size_t len = strcspn(*text, " ");

	if (len == 0 || len >= size || (*text)[len] != ' ')
		return false;
	memcpy(out, *text, len);
	out[len] = '\0';
	if (strcmp(out, "-") == 0)
		*out = '\0';
	*text += len + 1;
	return true;
}

static bool take_number(const char **text, long long max, long long *out)
{
	char word[24], *end;

	if (!take_word(text, word, sizeof(word)) || !isdigit((unsigned char)*word))
		return false;
	errno = 0;
	*out = strtoll(word, &end, 10);
	return !*end && !errno && *out <= max;
}

bool image_edition_read(const char *text, struct image_edition *out)
{
	long long index, build, size;

	*out = (struct image_edition){ 0 };
	if (!take_number(&text, INT_MAX, &index) || !take_number(&text, INT_MAX, &build))
		return false;
	if (!take_word(&text, out->arch, sizeof(out->arch)) ||
	    !take_word(&text, out->type, sizeof(out->type)) ||
	    !take_word(&text, out->id, sizeof(out->id)) ||
	    !take_word(&text, out->language, sizeof(out->language)))
		return false;
	if (!take_number(&text, INT64_MAX, &size) || !index || !*text ||
	    strlen(text) >= sizeof(out->name))
		return false;
	out->index = (int)index;
	out->build = (int)build;
	out->size = size;
	snprintf(out->name, sizeof(out->name), "%s", text);
	return true;
}

bool image_wim_name_read(const char *text, struct image *image)
{
	long long index;

	if (!take_number(&text, INT_MAX, &index) || !*text)
		return false;
	for (size_t i = 0; i < image->editions; i++) {
		struct image_edition *e = &image->edition[i];

		if (e->index != index || strlen(text) >= sizeof(e->wim_name))
			continue;
		snprintf(e->wim_name, sizeof(e->wim_name), "%s", text);
		return true;
	}
	return false;
}

/* ---- which one is meant ---- */

static bool is_index(const struct image_edition *e, const char *text)
{
	char *end;
	long index = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : 0;

	return index > 0 && !*end && index == e->index;
}

static bool is_name(const struct image_edition *e, const char *text)
{
	return strcmp(e->name, text) == 0;
}

static bool is_name_in_any_case(const struct image_edition *e, const char *text)
{
	return strcasecmp(e->name, text) == 0;
}

static bool ends_name(const struct image_edition *e, const char *text)
{
	size_t whole = strlen(e->name), len = strlen(text);

	return len && whole > len && e->name[whole - len - 1] == ' ' &&
	       strcasecmp(e->name + whole - len, text) == 0;
}

static bool is_id(const struct image_edition *e, const char *text)
{
	return *text && strcasecmp(e->id, text) == 0;
}

static bool is_part(const struct image_edition *e, const char *text)
{
	/* A number is an index and nothing else: "5" is no part of "2025". */
	return text[strspn(text, "0123456789")] && strcasestr(e->name, text);
}

/* Adds "INDEX name" to a sentence, as far as it has room. */
static void name_candidate(char why[static IMAGE_WHY], const struct image_edition *e)
{
	size_t len = strlen(why);

	snprintf(why + len, IMAGE_WHY - len, "%s %d %s", why[len - 1] == ':' ? "" : ",",
		 e->index, e->name);
}

const struct image_edition *image_edition_find(const struct image *image,
					       const char *text,
					       char why[static IMAGE_WHY])
{
	/* The first way in which any edition is meant decides. */
	static bool (*const ways[])(const struct image_edition *, const char *) = {
		is_index, is_name, is_name_in_any_case, ends_name, is_id, is_part,
	};
	const struct image_edition *found = NULL;
	size_t count = 0;

	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]) && count == 0; w++) {
		snprintf(why, IMAGE_WHY, "'%.100s' may be any of these editions:", text);
		for (size_t i = 0; i < image->editions; i++)
			if (ways[w](&image->edition[i], text)) {
				found = &image->edition[i];
				name_candidate(why, found);
				count++;
			}
	}
	if (count == 1)
		return found;
	if (count > 1)
		return NULL;
	if (!image->editions) {
		snprintf(why, IMAGE_WHY, "%s@%s has no editions", image->name,
			 image->version);
		return NULL;
	}
	snprintf(why, IMAGE_WHY, "%s@%s has no edition '%.100s', but:", image->name,
		 image->version, text);
	for (size_t i = 0; i < image->editions; i++)
		name_candidate(why, &image->edition[i]);
	return NULL;
}
