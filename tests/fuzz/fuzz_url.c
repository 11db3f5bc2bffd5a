/*
 * libFuzzer entry: a request line, a newline, and what else came with it, which
 * is read as a form, a report, a Range and a list of ETags.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/core/report.h"
#include "lib/wire/range.h"
#include "lib/wire/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_path(const struct url_path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		must(*path->segment[i] && !strpbrk(path->segment[i], "/\\\n"));
		must(strcmp(path->segment[i], "..") != 0);
	}
}

static void check_range(const char *header)
{
	const int64_t size = 1000;
	int64_t first, last;

	if (range_parse(header, size, &first, &last) == RANGE_PART)
		must(0 <= first && first <= last && last < size);
	range_etag_listed(header, "\"1\"");
}

static void check_body(char *body, size_t len, struct url_form *form)
{
	struct event ev = event_new(EVENT_REPORT);
	char why[REPORT_WHY], line[EVENT_LINE];
	const char *reason;

	if (!url_form(body, len, form, &reason) || !report_read(form, &ev, why))
		return;
	must(ev.percent >= -1 && ev.percent <= 100);
	must(event_format(&ev, line) <= sizeof(line));
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	char *text = malloc(len + 1), *path, *query, *body;
	struct url_path parts = { .count = 0 };
	struct url_form form = { .count = 0 };
	const char *why;

	must(text);
	memcpy(text, octets, len);
	text[len] = '\0';
	body = memchr(text, '\n', len);
	if (body) {
		*body++ = '\0';
		check_range(body);
	}
	if (url_target(text, &path, &query, &why) && url_path(path, &parts, &why)) {
		check_path(&parts);
		url_form(query, strlen(query), &form, &why);
	}
	if (body)
		check_body(body, len - (size_t)(body - text), &form);
	free(text);
	return 0;
}
