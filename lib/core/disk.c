#include "lib/core/disk.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list ---- */

static size_t split(char *line, char *field[], size_t max)
{
	size_t n = 0;

	for (char *p = line; p && n < max; n++) {
		field[n] = p;
		p = strchr(p, '\t');
		if (p)
			*p++ = '\0';
	}
	return n;
}

static bool name_ok(const char *name)
{
	if (!isalpha((unsigned char)*name) || strlen(name) >= JOB_NAME)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	return true;
}

static void copy_known(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", strcmp(text, "-") == 0 ? "" : text);
}

static bool read_disk(char *line, struct disk *out, const char **why)
{
	char *field[7], *end;

	*why = "does not have six fields with tabs between them";
	if (split(line, field, 7) != 6)
		return false;
	*why = "does not begin with a disk's name";
	if (!name_ok(field[0]))
		return false;
	*why = "has no size in octets";
	errno = 0;
	if (!isdigit((unsigned char)*field[1]))
		return false;
	out->size = strtoll(field[1], &end, 10);
	if (*end || errno)
		return false;
	*why = "ends in neither empty nor used";
	out->empty = strcmp(field[5], "empty") == 0;
	if (!out->empty && strcmp(field[5], "used") != 0)
		return false;
	copy_known(out->name, sizeof(out->name), field[0]);
	copy_known(out->bus, sizeof(out->bus), field[2]);
	copy_known(out->serial, sizeof(out->serial), field[3]);
	copy_known(out->model, sizeof(out->model), field[4]);
	return true;
}

static bool read_line(const char *text, size_t len, struct disks *out, const char **why)
{
	char line[512];

	*why = "is too long, or holds a NUL";
	if (len >= sizeof(line) || memchr(text, '\0', len))
		return false;
	memcpy(line, text, len);
	if (len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	if (!*line)
		return true;
	*why = "is one disk too many";
	if (out->count == DISKS_MAX || !read_disk(line, &out->disk[out->count], why))
		return false;
	*why = "names a disk a second time";
	for (size_t i = 0; i < out->count; i++)
		if (strcmp(out->disk[i].name, out->disk[out->count].name) == 0)
			return false;
	out->count++;
	return true;
}

bool disks_parse(const char *text, size_t len, struct disks *out,
		 char why[static DISK_WHY])
{
	const char *end = text + len, *reason;

	*out = (struct disks){ 0 };
	for (size_t number = 1; text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		if (!read_line(text, (size_t)(stop - text), out, &reason)) {
			snprintf(why, DISK_WHY, "line %zu %s", number, reason);
			return false;
		}
		text = stop + 1;
	}
	return true;
}

/* ---- the rule ---- */

struct rule {
	bool empty, first;
	bool named; /* the rule says which bus, serial or name */
	char bus[16], serial[JOB_NAME], name[JOB_NAME];
	int64_t min, max;
};

static bool read_amount(const char *value, int64_t *out)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	long long v;

	errno = 0;
	if (!isdigit((unsigned char)*value))
		return false;
	v = strtoll(value, &end, 10);
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (errno || (*end && (!unit || end[1])))
		return false;
	for (int i = unit ? (int)(unit - units) : -1; i >= 0; i--)
		if (__builtin_mul_overflow(v, 1024, &v))
			return false;
	*out = v;
	return true;
}

static bool copy_value(char *out, size_t size, const char *value)
{
	if (!*value || strlen(value) >= size)
		return false;
	snprintf(out, size, "%s", value);
	return true;
}

static bool read_pair(const char *word, struct rule *out)
{
	const char *value = strchr(word, '=');

	if (!value)
		return false;
	value++;
	if (strncmp(word, "min=", 4) == 0)
		return read_amount(value, &out->min);
	if (strncmp(word, "max=", 4) == 0)
		return read_amount(value, &out->max);
	out->named = true;
	if (strncmp(word, "bus=", 4) == 0)
		return copy_value(out->bus, sizeof(out->bus), value);
	if (strncmp(word, "serial=", 7) == 0)
		return copy_value(out->serial, sizeof(out->serial), value);
	if (strncmp(word, "name=", 5) == 0)
		return copy_value(out->name, sizeof(out->name), value);
	return false;
}

static bool read_word(const char *word, struct rule *out)
{
	if (strcmp(word, "only") == 0)
		return true;
	if (strcmp(word, "empty") == 0)
		return out->empty = true;
	if (strcmp(word, "first") == 0)
		return out->first = true;
	return read_pair(word, out);
}

static bool read_rule(const char *text, struct rule *out, char why[static DISK_WHY])
{
	char copy[256], *word, *rest = copy;

	*out = (struct rule){ .max = INT64_MAX };
	if (strlen(text) >= sizeof(copy)) {
		snprintf(why, DISK_WHY, "the disk rule is too long");
		return false;
	}
	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strtok_r(rest, " ", &rest)))
		if (!read_word(word, out)) {
			snprintf(why, DISK_WHY,
				 "'%s' is no disk rule (only, empty, first, serial=, "
				 "bus=, "
				 "name=, min=, max=)",
				 word);
			return false;
		}
	return true;
}

bool disk_rule_check(const char *text, char why[static DISK_WHY])
{
	struct rule rule;

	return read_rule(text, &rule, why);
}

/* ---- the choice ---- */

static bool removable(const struct disk *d)
{
	return strcmp(d->bus, "usb") == 0 || strcmp(d->bus, "mmc") == 0;
}

static bool fits(const struct disk *d, const struct rule *r)
{
	if (removable(d) && !r->named)
		return false;
	if (*r->bus && strcmp(r->bus, d->bus) != 0)
		return false;
	if (*r->serial && strcmp(r->serial, d->serial) != 0)
		return false;
	if (*r->name && strcmp(r->name, d->name) != 0)
		return false;
	return (!r->empty || d->empty) && d->size >= r->min && d->size <= r->max;
}

static bool large_enough(const struct disk *d, int64_t min_size,
			 char why[static DISK_WHY])
{
	if (d->size >= min_size)
		return true;
	snprintf(why, DISK_WHY, "%s holds %lld octets, the image needs %lld", d->name,
		 (long long)d->size, (long long)min_size);
	return false;
}

bool disk_choose(const struct disks *disks, const char *rule, int64_t min_size,
		 size_t *chosen, char why[static DISK_WHY])
{
	const char *shown = *rule ? rule : "only";
	size_t found = 0, last = 0;
	struct rule r;

	if (!read_rule(rule, &r, why))
		return false;
	for (size_t i = 0; i < disks->count && !(r.first && found); i++)
		if (fits(&disks->disk[i], &r)) {
			last = i;
			found++;
		}
	if (found != 1) {
		snprintf(why, DISK_WHY,
			 "%zu of %zu disks fit the rule '%.64s', not exactly one", found,
			 disks->count, shown);
		return false;
	}
	if (!large_enough(&disks->disk[last], min_size, why))
		return false;
	*chosen = last;
	return true;
}
