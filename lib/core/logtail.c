#include "config.h"

#include "lib/core/logtail.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What is seen of a line: behind its last carriage return that something follows. */
static const char *seen(const char *line, size_t *len)
{
	const char *end = line + *len, *from;

	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	from = memrchr(line, '\r', (size_t)(end - line));
	from = from ? from + 1 : line;
	while (from < end && isspace((unsigned char)*from))
		from++;
	*len = (size_t)(end - from);
	return from;
}

/* The line that ends before end; *end becomes where it begins. */
static const char *line_before(const char *log, const char **end, size_t *len)
{
	const char *newline = memrchr(log, '\n', (size_t)(*end - log));
	const char *line = newline ? newline + 1 : log;

	*len = (size_t)(*end - line);
	*end = newline ? newline : log;
	return seen(line, len);
}

static void put(char *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\t')
			out[i] = ' ';
		else
			out[i] =
				(char)(text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?');
}

void logtail(const char *log, char *out, size_t size)
{
	const char *end = log + strlen(log);
	size_t at = size - 1; /* it grows from the end of out */

	out[at] = '\0';
	while (end > log && at > 0) {
		size_t len, room = at;
		const char *line = line_before(log, &end, &len);
		bool first = out[at] == '\0';

		if (len == 0)
			continue;
		if (!first && len + 1 > room)
			break;
		if (!first)
			out[--at] = '\n';
		else if (len > room)
			line += len - room, len = room;
		at -= len;
		put(out + at, line, len);
	}
	memmove(out, out + at, size - at);
}

int logtail_percent(const char *log)
{
	const char *p = log + strlen(log);

	while ((p = memrchr(log, '%', (size_t)(p - log)))) {
		const char *from = p;
		long figure;

		while (from > log &&
		       (isdigit((unsigned char)from[-1]) || from[-1] == '.'))
			from--;
		if (from == p || p - from > 8 || !isdigit((unsigned char)*from))
			continue;
		figure = strtol(from, NULL, 10);
		if (figure <= 100)
			return (int)figure;
	}
	return -1;
}
