#include "config.h"

#include "lib/media/driver_match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/driver_set.h"

#define NO_MATCH UINT32_MAX

/* One search. */
struct search {
	const struct driver_device *device;
	const struct driver_target *target;
	bool narrower;
};

static bool meets(const struct search *s, const char *device, const char *inf)
{
	size_t len = strlen(device);

	if (!s->narrower)
		return strcasecmp(device, inf) == 0;
	return strncasecmp(device, inf, len) == 0 && inf[len] == '&';
}

/* T and P of the best meeting of one list of the device with the model's ids. */
static uint32_t meeting(const struct search *s, const char *const ids[], size_t count,
			uint32_t kind, const struct driver_model *model, const char **id)
{
	uint32_t best = NO_MATCH;

	for (size_t d = 0; d < count; d++)
		for (size_t m = 0; m < model->ids; m++) {
			uint32_t score = (kind + (m > 0)) << 12 |
					 (uint32_t)(m > 15 ? 15 : m) << 8 | (uint32_t)d;

			if (score < best && meets(s, ids[d], model->id[m])) {
				best = score;
				*id = model->id[m];
			}
		}
	return best;
}

static uint32_t rank_model(const struct search *s, const struct driver_package *package,
			   const struct driver_model *model, const char **id)
{
	const struct driver_device *device = s->device;
	const struct driver_install *install = &package->install[model->install];
	const char *hardware = NULL, *compatible = NULL;
	uint32_t a = meeting(s, device->hardware, device->hardwares, 0, model, &hardware);
	uint32_t b = meeting(s, device->compatible, device->compatibles, 2, model,
			     &compatible);
	bool is_signed = *package->catalogue[DRIVER_ANY_ARCH] ||
			 *package->catalogue[install->arch];

	if (a == NO_MATCH && b == NO_MATCH)
		return NO_MATCH;
	*id = a < b ? hardware : compatible;
	return (is_signed ? 0 : 0x80000000) | install->feature_score << 16 |
	       (a < b ? a : b);
}

static struct driver_match best_of(const struct search *s,
				   const struct driver_package *package)
{
	struct driver_match best = { .package = package, .rank = NO_MATCH };
	const char *id;

	for (size_t i = 0; i < package->sections; i++) {
		const struct driver_section *section = &package->section[i];

		for (size_t m = 0; m < section->models; m++) {
			uint32_t rank = rank_model(s, package, &section->model[m], &id);

			if (rank >= best.rank ||
			    !driver_section_counts(package, i, s->target))
				continue;
			best.section = section;
			best.model = &section->model[m];
			best.id = id;
			best.rank = rank;
		}
	}
	return best;
}

/* A match with what qsort's comparison needs. */
struct ranked {
	struct driver_match match;
	const struct driver_target *target;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->match.rank != y->match.rank)
		return x->match.rank < y->match.rank ? -1 : 1;
	return driver_better(x->match.package, y->match.package, x->target);
}

static bool search(const struct driver_set *set, const struct search *s,
		   struct driver_match **out, size_t *count)
{
	struct ranked *all = malloc((set->count + 1) * sizeof(*all));

	*count = 0;
	*out = malloc((set->count + 1) * sizeof(**out));
	if (!all || !*out) {
		free(all);
		free(*out);
		return false;
	}
	for (size_t i = 0; i < set->count; i++) {
		const struct driver_package *package = &set->package[i];
		struct driver_match match;

		if (package->why || !driver_folder_suits(package, s->target))
			continue;
		match = best_of(s, package);
		if (match.rank != NO_MATCH)
			all[(*count)++] = (struct ranked){ match, s->target };
	}
	qsort(all, *count, sizeof(*all), by_rank);
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = all[i].match;
	free(all);
	return true;
}

bool driver_match(const struct driver_set *set, const struct driver_device *device,
		  const struct driver_target *target, struct driver_match **out,
		  size_t *count)
{
	return search(set, &(struct search){ device, target, false }, out, count);
}

bool driver_match_narrower(const struct driver_set *set,
			   const struct driver_device *device,
			   const struct driver_target *target, struct driver_match **out,
			   size_t *count)
{
	return search(set, &(struct search){ device, target, true }, out, count);
}

/* Where the part that begins like this is, and how long it is with its '&'. */
static size_t part_of(const char *id, const char *begins, size_t *at)
{
	size_t len = strlen(begins);

	for (const char *p = strchr(id, '&'); p; p = strchr(p + 1, '&'))
		if (strncasecmp(p + 1, begins, len) == 0) {
			*at = (size_t)(p - id);
			return 1 + strcspn(p + 1, "&");
		}
	return 0;
}

static char *without(const char *id, const char *begins)
{
	size_t at = 0, len = part_of(id, begins, &at);
	char *out = len ? strdup(id) : NULL;

	if (out)
		memmove(out + at, out + at + len, strlen(out + at + len) + 1);
	return out;
}

size_t driver_shorter(const char *id, char *out[4])
{
	size_t count = 0;
	char *next = without(id, "REV_");

	if (next)
		out[count++] = next;
	next = without(id, "SUBSYS_");
	if (next) {
		out[count++] = next;
		next = without(next, "REV_");
		if (next)
			out[count++] = next;
	}
	return count;
}
