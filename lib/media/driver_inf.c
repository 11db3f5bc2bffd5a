#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/driver_install.h"
#include "lib/media/driver_record.h"

bool driver_complain(struct driver_reading *r, uint32_t line, const char *reason)
{
	inf_complain(r->inf, line, r->why, "%s", reason);
	return false;
}

void driver_put(struct driver_reading *r, const char *text)
{
	putc('\t', r->record);
	for (; *text; text++)
		putc((unsigned char)*text < ' ' ? ' ' : *text, r->record);
}

/* The number of the first line with this key; 0 if there is none, or a bad one (r->why).
 */
static uint32_t first(struct driver_reading *r, const char *section, const char *key,
		      struct inf_fields *out)
{
	struct inf_cursor at = { 0 };

	return inf_next(r->inf, section, key, &at, out, r->why) == INF_LINE && out->key
		       ? at.line
		       : 0;
}

/* 07/09/2025 -> 2025-07-09; anything else -> "". */
static void put_date(struct driver_reading *r, const char *text)
{
	unsigned month, day, year;
	char date[16] = "";

	if (sscanf(text, "%2u%*1[/-]%2u%*1[/-]%4u", &month, &day, &year) == 3 &&
	    month <= 12 && day <= 31 && year <= 9999)
		snprintf(date, sizeof(date), "%04u-%02u-%02u", year, month, day);
	driver_put(r, date);
}

static bool put_version(struct driver_reading *r)
{
	static const char *const keys[] = { "Class", "ClassGuid", "Provider" };
	struct inf_fields fields;

	putc('V', r->record);
	for (size_t i = 0; i < 3; i++)
		driver_put(r, first(r, "Version", keys[i], &fields)
				      ? inf_field(&fields, 0)
				      : "");
	if (!first(r, "Version", "DriverVer", &fields))
		fields.count = 0;
	put_date(r, inf_field(&fields, 0));
	driver_put(r, inf_field(&fields, 1));
	putc('\n', r->record);
	return !*r->why;
}

/* CatalogFile.NT is everybody's, before CatalogFile; an architecture's own is before
 * both. */
static bool put_catalogues(struct driver_reading *r)
{
	struct inf_fields fields;
	char key[32];
	uint32_t line;

	for (unsigned arch = 0; arch < DRIVER_ARCHES; arch++) {
		snprintf(key, sizeof(key), "CatalogFile.NT%s", driver_arch_name(arch));
		line = first(r, "Version", key, &fields);
		if (line == 0 && arch == DRIVER_ANY_ARCH)
			line = first(r, "Version", "CatalogFile", &fields);
		if (line == 0)
			continue;
		if (strpbrk(inf_field(&fields, 0), "/\\"))
			return driver_complain(r, line, "CatalogFile has a folder in it");
		fprintf(r->record, "C\t%u", arch);
		driver_put(r, inf_field(&fields, 0));
		putc('\n', r->record);
	}
	return !*r->why;
}

/* desc = install, id, id...; a line without '=' installs nothing. */
static bool put_model(struct driver_reading *r, const struct inf_fields *model,
		      enum driver_arch arch)
{
	size_t index;

	if (!model->key || !*inf_field(model, 0))
		return true;
	if (!driver_install(r, inf_field(model, 0), arch, &index))
		return false;
	fprintf(r->record, "M\t%zu", index);
	driver_put(r, model->key);
	for (size_t i = 1; i < model->count; i++)
		if (i == 1 || *model->field[i])
			driver_put(r, model->field[i]);
	putc('\n', r->record);
	return true;
}

static bool put_models(struct driver_reading *r, const char *section,
		       unsigned manufacturer, const struct driver_decoration *d)
{
	struct inf_fields *model = malloc(sizeof(*model));
	struct inf_cursor at = { 0 };
	enum inf_next next = INF_BAD;
	bool good = model != NULL;

	fprintf(r->record, "S\t%u\t%u\t%u\t%u\t%u\t%u\t%u\n", manufacturer,
		(unsigned)d->arch, d->major, d->minor, d->product, d->suite, d->build);
	while (good &&
	       (next = inf_next(r->inf, section, NULL, &at, model, r->why)) == INF_LINE) {
		good = put_model(r, model, d->arch);
		if (good && ftello(r->record) > DRIVER_RECORD_LARGEST)
			good = driver_complain(r, at.line, "says more than 32 MiB");
	}
	free(model);
	return good && next == INF_END;
}

/* The next part of a decoration, up to a dot, as a number; "" is 0. */
static bool number_part(const char **p, unsigned *out)
{
	char *end;
	unsigned long value;

	*out = 0;
	if (**p != '.')
		return **p == '\0';
	++*p;
	if (**p == '.' || **p == '\0')
		return true;
	if (**p < '0' || **p > '9')
		return false;
	value = strtoul(*p, &end, 0);
	*p = end;
	*out = (unsigned)value;
	return value <= UINT32_MAX;
}

/* NT[arch][.major[.minor[.product[.suite[.build]]]]] */
static bool read_decoration(const char *text, struct driver_decoration *out)
{
	size_t len = strcspn(text, ".");
	char arch[8] = "";

	*out = (struct driver_decoration){ 0 };
	if (len < 2 || len - 2 >= sizeof(arch) || strncasecmp(text, "NT", 2) != 0)
		return false;
	memcpy(arch, text + 2, len - 2);
	text += len;
	return (!*arch || driver_arch_find(arch, &out->arch)) &&
	       number_part(&text, &out->major) && number_part(&text, &out->minor) &&
	       number_part(&text, &out->product) && number_part(&text, &out->suite) &&
	       number_part(&text, &out->build) && *text == '\0';
}

/* One line of [Manufacturer]; what is no decoration that we know fits nobody. */
static bool put_manufacturer(struct driver_reading *r, const struct inf_fields *line,
			     unsigned number)
{
	const char *models = inf_field(line, 0);
	struct driver_decoration d = { 0 };
	char section[1024];

	if (inf_has_section(r->inf, models) && !put_models(r, models, number, &d))
		return false;
	for (size_t i = 1; line->key && i < line->count; i++) {
		if (!read_decoration(line->field[i], &d))
			continue;
		snprintf(section, sizeof(section), "%.500s.%.500s", models,
			 line->field[i]);
		if (!put_models(r, section, number, &d))
			return false;
	}
	return true;
}

static bool put_manufacturers(struct driver_reading *r)
{
	struct inf_fields *line = malloc(sizeof(*line));
	struct inf_cursor at = { 0 };
	enum inf_next next = INF_BAD;
	unsigned number = 0;
	bool good = line != NULL;

	while (good && (next = inf_next(r->inf, "Manufacturer", NULL, &at, line,
					r->why)) == INF_LINE)
		good = put_manufacturer(r, line, number++);
	free(line);
	return good && next == INF_END;
}

/* [Version] Signature and [Manufacturer] make it a driver's. */
static bool is_driver(struct driver_reading *r)
{
	struct inf_fields fields;

	if (!inf_has_section(r->inf, "Manufacturer") ||
	    !first(r, "Version", "Signature", &fields))
		return false;
	return strcasecmp(inf_field(&fields, 0), "$Windows NT$") == 0 ||
	       strcasecmp(inf_field(&fields, 0), "$Chicago$") == 0;
}

static bool put_all(struct driver_reading *r)
{
	if (!is_driver(r)) {
		fputs("N\n", r->record);
		return !*r->why;
	}
	return put_version(r) && put_catalogues(r) && put_manufacturers(r);
}

static void forget(struct driver_reading *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->known[i].section);
	free(r->known);
	inf_free(r->inf);
}

char *driver_record(const char *name, const void *octets, size_t len, size_t *out_len)
{
	struct driver_reading r = { 0 };
	char *text = NULL;
	bool good;

	r.record = open_memstream(&text, out_len);
	if (!r.record)
		return NULL;
	r.inf = inf_parse(name, octets, len, r.why);
	good = r.inf && put_all(&r);
	if (!good) {
		rewind(r.record);
		putc('E', r.record);
		driver_put(&r, *r.why ? r.why : "there is not enough memory");
		putc('\n', r.record);
	}
	forget(&r);
	if (ferror(r.record)) {
		fclose(r.record);
		free(text);
		return NULL;
	}
	fclose(r.record);
	text[*out_len] = '\0'; /* of what was there before the reason, nothing stays */
	return text;
}
