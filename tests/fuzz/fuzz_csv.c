/* libFuzzer entry: a CSV file, whose records are written and must be read alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static char *put(char *to, const char *value)
{
	*to++ = '"';
	for (; *value; value++) {
		if (*value == '"')
			*to++ = '"';
		*to++ = *value;
	}
	*to++ = '"';
	return to;
}

static void check_record(const struct csv *csv, size_t len)
{
	char *text = malloc(4 * len + 4 * CSV_FIELDS + 4), *to = text;
	struct csv again;

	must(text && csv->fields > 0 && csv->fields <= CSV_FIELDS);
	for (size_t i = 0; i < csv->fields; i++) {
		to = put(to, csv->field[i]);
		*to++ = i + 1 < csv->fields ? ',' : '\n';
	}
	*to = '\0';
	again = csv_begin(text, (size_t)(to - text));
	must(csv_next(&again) == CSV_RECORD && again.fields == csv->fields);
	for (size_t i = 0; i < csv->fields; i++)
		must(strcmp(csv->field[i], again.field[i]) == 0);
	must(csv_next(&again) == CSV_END);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	char *text = malloc(len + 1);
	struct csv csv;
	enum csv_result got;
	size_t line = 0;

	must(text);
	memcpy(text, octets, len);
	text[len] = '\0';
	csv = csv_begin(text, len);
	while ((got = csv_next(&csv)) != CSV_END) {
		must(csv.line > line);
		line = csv.line;
		must(got == CSV_RECORD || csv.why);
		if (got == CSV_RECORD)
			check_record(&csv, len);
	}
	free(text);
	return 0;
}
