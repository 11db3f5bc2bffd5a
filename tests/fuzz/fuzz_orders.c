/*
 * libFuzzer entry: a file or a body with many orders. Its first octet says which format;
 * what comes after is read to its end, forwards only, and every complaint has a reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/order/order_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool check_one(struct order_source *s, size_t *line)
{
	struct order o = { .sealed = true };
	bool is_one = order_source_next(s, &o);

	must(!is_one || s->format == ORDER_JSON || s->line > *line ||
	     (s->ended && s->nothing));
	must(!s->nothing || o.refused);
	must(!s->broken || (!is_one && s->format == ORDER_JSON));
	for (size_t i = 0; i < o.notes; i++)
		must(*o.note[i].sentence && o.note[i].why < sizeof(o.note[i].sentence));
	*line = s->line;
	order_free(&o);
	return is_one;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct order_source s;
	size_t line = 0, count = 0;
	char *text;

	if (len == 0)
		return 0;
	text = malloc(len);
	must(text);
	memcpy(text, octets + 1, len - 1);
	text[len - 1] = '\0';
	s = order_source_begin(text, len - 1, octets[0] % 3);
	while (check_one(&s, &line))
		must(++count <= len);
	free(text);
	return 0;
}
