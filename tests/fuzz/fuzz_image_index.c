/* A list that is taken names each version once, and prints as what is read the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/image_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void check_entry(const struct image_index *index,
			const struct image_index_entry *e)
{
	if (strlen(e->sha256) != 64 || !image_name_ok(e->name) ||
	    !image_name_ok(e->version) ||
	    image_index_find(index, e->name, e->version) != e)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct image_index index, again;
	const char *why;
	size_t line;
	char *text;

	if (!image_index_parse((const char *)octets, len, &index, &line, &why))
		return 0;
	for (size_t i = 0; i < index.count; i++)
		check_entry(&index, &index.entry[i]);
	text = image_index_print(&index);
	if (!text || !image_index_parse(text, strlen(text), &again, &line, &why) ||
	    again.count != index.count)
		abort();
	for (size_t i = 0; i < index.count; i++)
		if (again.entry[i].current != index.entry[i].current)
			abort();
	free(text);
	image_index_free(&again);
	image_index_free(&index);
	return 0;
}
