#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/driver_set.h"

#define FOREIGN 1000 /* kinship of those that are not for the target */

/* Version numbers compare part by part. */
static int compare_versions(const char *a, const char *b)
{
	while (*a || *b) {
		char *next_a, *next_b;
		unsigned long x = strtoul(a, &next_a, 10), y = strtoul(b, &next_b, 10);

		if (x != y)
			return x < y ? -1 : 1;
		if ((next_a == a && *a) || (next_b == b && *b))
			return strcmp(a, b);
		a = next_a + (*next_a == '.');
		b = next_b + (*next_b == '.');
	}
	return 0;
}

int driver_newer(const struct driver_package *a, const struct driver_package *b)
{
	int order = strcmp(b->date, a->date);

	return order ? order : compare_versions(b->version, a->version);
}

/* The OS that one of its folders names, from the INF upwards; build 0 for none. */
static struct driver_target folder_os(const struct driver_package *package)
{
	struct driver_target os = { 0 };
	const char *end = driver_base(package->inf);
	char part[16];

	while (end > package->inf) {
		const char *start = --end;
		size_t len;

		while (start > package->inf && start[-1] != '/')
			start--;
		len = (size_t)(end - start);
		if (len < sizeof(part)) {
			memcpy(part, start, len);
			part[len] = '\0';
			if (driver_os_find(part, &os))
				break;
		}
		end = start;
	}
	return os;
}

const char *driver_folder_os(const struct driver_package *package)
{
	struct driver_target os = folder_os(package);

	return driver_os(&os);
}

/* Those that are built from the same sources: Windows 11 and 2025, 10 and 2016 to 2022.
 */
static unsigned generation(unsigned build)
{
	return build >= 22000 ? 22000 : build >= 10240 ? 10240 : build;
}

/*
 * How near the OS of the package's folder is to the target: 0 the same, 1 nobody says
 * or its kin, then the older ones, FOREIGN for the newer.
 */
static unsigned kinship(const struct driver_package *package,
			const struct driver_target *target)
{
	struct driver_target os = folder_os(package);
	unsigned here = generation(target->build), there = generation(os.build);

	if (target->build == 0)
		return 0;
	if (os.build == 0)
		return 1;
	if (strcmp(driver_os(&os), driver_os(target)) == 0)
		return 0;
	if (there == here)
		return 1;
	return there < here ? 2 + (here - there) / 100 : FOREIGN;
}

bool driver_folder_suits(const struct driver_package *package,
			 const struct driver_target *target)
{
	return kinship(package, target) < FOREIGN;
}

int driver_better(const struct driver_package *a, const struct driver_package *b,
		  const struct driver_target *target)
{
	unsigned x = kinship(a, target), y = kinship(b, target);
	int order;

	if (x != y)
		return x < y ? -1 : 1;
	order = driver_newer(a, b);
	return order ? order : strcmp(b->inf, a->inf);
}

/* Its path: 3, "vioscsi" or "vioscsi.inf": 2, a folder of that name: 1, 0 for
 * neither. */
static int named(const struct driver_package *package, const char *name)
{
	const char *base = driver_base(package->inf), *p = package->inf;
	size_t len = strlen(name);

	if (strcasecmp(package->inf, name) == 0)
		return 3;
	if (strncasecmp(base, name, len) == 0 &&
	    (base[len] == '\0' || strcasecmp(base + len, ".inf") == 0))
		return 2;
	for (; p < base; p += strcspn(p, "/") + 1)
		if (strncasecmp(p, name, len) == 0 && p[len] == '/')
			return 1;
	return 0;
}

bool driver_named(const struct driver_package *package, const char *name)
{
	return named(package, name) > 0;
}

static bool usable(const struct driver_package *package,
		   const struct driver_target *target)
{
	return !package->why && driver_suits(package, target) &&
	       driver_folder_suits(package, target);
}

/* The best of this name, or a refusal. */
static const struct driver_package *best_named(const struct driver_set *set,
					       const struct driver_target *target,
					       const char *name,
					       char why[static DRIVER_WHY])
{
	const struct driver_package *best = NULL, *seen = NULL;
	int how = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct driver_package *p = &set->package[i];
		int is = named(p, name);

		if (is == 0 || is < how)
			continue;
		if (is > how)
			best = seen = NULL;
		how = is;
		if (!usable(p, target))
			seen = seen && !seen->why ? seen : p;
		else if (!best || driver_better(p, best, target) < 0)
			best = p;
	}
	if (best)
		return best;
	if (!seen)
		driver_refuse(why,
			      "%s: has no driver package '%s' (wimprep drivers index "
			      "shows what it has)",
			      set->sources ? set->source[0].path : "nothing", name);
	else if (seen->why)
		driver_refuse(why, "%s", seen->why);
	else
		driver_refuse_target(set, seen, target, why);
	return NULL;
}

void driver_choice_free(struct driver_choice *choice)
{
	for (size_t i = 0; i < choice->count; i++)
		driver_forget(&choice->chosen[i]);
	free(choice->chosen);
	*choice = (struct driver_choice){ 0 };
}

/* A second package of the same name gets a folder of its own: "e1d-2". */
static bool name_folder(struct driver_choice *choice, struct driver_chosen *chosen)
{
	char *plain = chosen->folder, *folder = NULL;
	unsigned number = 1;

	for (char *p = plain; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	for (size_t i = 0; i < choice->count; i++) {
		if (strcmp(choice->chosen[i].folder, chosen->folder) != 0)
			continue;
		if (asprintf(&folder, "%s-%u", plain, ++number) < 0)
			return false;
		if (chosen->folder != plain)
			free(chosen->folder);
		chosen->folder = folder;
		i = SIZE_MAX; /* from the start: it may be taken as well */
	}
	if (chosen->folder != plain)
		free(plain);
	return true;
}

static bool choose_one(const struct driver_set *set, const struct driver_package *package,
		       const struct driver_target *target, struct driver_choice *out,
		       char why[static DRIVER_WHY])
{
	struct driver_chosen *grown =
		realloc(out->chosen, (out->count + 1) * sizeof(*grown));
	struct driver_chosen *chosen;

	if (!grown)
		return driver_refuse(why, "there is not enough memory");
	out->chosen = grown;
	chosen = &grown[out->count];
	for (size_t i = 0; i < out->count; i++)
		if (grown[i].package == package)
			return true; /* by two names */
	if (!driver_take(set, package, target, chosen, why))
		return false;
	if (name_folder(out, chosen)) {
		out->count++;
		return true;
	}
	driver_forget(chosen);
	return driver_refuse(why, "there is not enough memory");
}

/* Identifiers that are brought by now; a table by their hash. */
struct brought {
	const char **id;
	size_t count, room;
};

static size_t place_of(const struct brought *b, const char *id)
{
	size_t at = 5381;

	for (const char *p = id; *p; p++)
		at = at * 33 + (size_t)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
	for (at &= b->room - 1; b->id[at]; at = (at + 1) & (b->room - 1))
		if (strcasecmp(b->id[at], id) == 0)
			break;
	return at;
}

/* Enters what the package brings; whether any of it is new. */
static bool brings(struct brought *b, const struct driver_package *package,
		   const struct driver_target *target)
{
	bool fresh = false;

	for (size_t s = 0; s < package->sections; s++) {
		if (!driver_section_counts(package, s, target))
			continue;
		for (size_t m = 0; m < package->section[s].models; m++) {
			const struct driver_model *model = &package->section[s].model[m];
			size_t at;

			if (model->ids == 0)
				continue;
			at = place_of(b, model->id[0]);
			fresh |= !b->id[at];
			b->id[at] = model->id[0];
		}
	}
	return fresh;
}

static size_t models_of(const struct driver_package *package)
{
	size_t models = 0;

	for (size_t s = 0; s < package->sections; s++)
		models += package->section[s].models;
	return models;
}

struct candidate {
	const struct driver_package *package;
	const struct driver_target *target;
};

static int better_candidate(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return driver_better(x->package, y->package, x->target);
}

/* All that are for the target, the best first; NULL without memory. */
static struct candidate *candidates(const struct driver_set *set,
				    const struct driver_target *target, size_t *count,
				    struct brought *room)
{
	struct candidate *c = malloc((set->count + 1) * sizeof(*c));
	size_t models = 0;

	*count = 0;
	for (size_t i = 0; c && i < set->count; i++) {
		if (!usable(&set->package[i], target))
			continue;
		c[(*count)++] = (struct candidate){ &set->package[i], target };
		models += models_of(&set->package[i]);
	}
	if (c)
		qsort(c, *count, sizeof(*c), better_candidate);
	for (room->room = 64; room->room < models * 2;)
		room->room *= 2;
	room->id = calloc(room->room, sizeof(*room->id));
	return c;
}

static bool choose_all(const struct driver_set *set, const struct driver_target *target,
		       struct driver_choice *out, char why[static DRIVER_WHY])
{
	struct brought brought = { 0 };
	size_t count;
	struct candidate *c = candidates(set, target, &count, &brought);
	bool good = c && brought.id;

	if (!good)
		driver_refuse(why, "there is not enough memory");
	for (size_t i = 0; good && i < set->count; i++)
		if (set->package[i].why)
			good = driver_refuse(why, "%s", set->package[i].why);
	for (size_t i = 0; good && i < count; i++)
		if (brings(&brought, c[i].package, target))
			good = choose_one(set, c[i].package, target, out, why);
	if (good && out->count == 0)
		good = driver_refuse(
			why, "%s: has no driver package for %s %s (build %u)",
			set->sources ? set->source[0].path : "nothing", driver_os(target),
			driver_arch_name(target->arch), target->build);
	free(c);
	free(brought.id);
	return good;
}

bool driver_choose(const struct driver_set *set, const struct driver_target *target,
		   const char *const names[], size_t count, struct driver_choice *out,
		   char why[static DRIVER_WHY])
{
	bool good = true;

	*out = (struct driver_choice){ 0 };
	for (size_t i = 0; good && i < count; i++) {
		const struct driver_package *best =
			best_named(set, target, names[i], why);

		good = best && choose_one(set, best, target, out, why);
	}
	if (count == 0)
		good = choose_all(set, target, out, why);
	if (!good)
		driver_choice_free(out);
	return good;
}
