#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/driver_set.h"

#define NAME 2048
#define DEPTH_MOST 8 /* of CopyINF */

bool driver_refuse_target(const struct driver_set *set,
			  const struct driver_package *package,
			  const struct driver_target *target, char why[static DRIVER_WHY])
{
	char is[256] = "";

	for (size_t i = 0; i < package->sections && strlen(is) < 180; i++) {
		const struct driver_decoration *d = &package->section[i].decoration;
		size_t len = strlen(is);

		if (package->section[i].models == 0)
			continue;
		snprintf(is + len, sizeof(is) - len, "%s%s from NT %u.%u build %u",
			 len ? ", " : "",
			 driver_arch_name(d->arch ? d->arch : DRIVER_X86), d->major,
			 d->minor, d->build);
	}
	return driver_refuse(why,
			     "%s/%s: is for %s, and not for %s %s (build %u): take the "
			     "driver of that system, or another edition of the disc",
			     set->source[package->source].path, package->inf,
			     *is ? is : "no device", driver_os(target),
			     driver_arch_name(target->arch), target->build);
}

const char *driver_catalogue(const struct driver_package *package, enum driver_arch arch)
{
	const char *own = package->catalogue[arch];

	return *own ? own : package->catalogue[DRIVER_ANY_ARCH];
}

static const struct isofile *file_of(const struct driver_set *set,
				     const struct driver_package *package,
				     const char *name)
{
	const char *base = driver_base(package->inf);
	char path[NAME];

	snprintf(path, sizeof(path), "%.*s%s", (int)(base - package->inf), package->inf,
		 name);
	return isofiles_find(set->source[package->source].files, path);
}

int64_t driver_size(const struct driver_set *set, const struct driver_package *package,
		    const char *path)
{
	const struct isofile *file = file_of(set, package, path);

	return file ? file->size : -1;
}

static bool add_piece(struct driver_chosen *out, const struct isofile *file,
		      const char *to)
{
	struct driver_piece *grown;

	for (size_t i = 0; i < out->pieces; i++)
		if (strcasecmp(out->piece[i].to, to) == 0)
			return true;
	grown = realloc(out->piece, (out->pieces + 1) * sizeof(*grown));
	if (!grown)
		return false;
	out->piece = grown;
	out->piece[out->pieces] = (struct driver_piece){
		strdup(file->path),
		strdup(to),
		file->size,
	};
	out->pieces++;
	return grown[out->pieces - 1].from && grown[out->pieces - 1].to;
}

/* One file that the INF names, of what kind it says. */
static bool need(const struct driver_set *set, const struct driver_package *package,
		 const char *name, const char *kind, struct driver_chosen *out,
		 char why[static DRIVER_WHY])
{
	const struct isofile *file = file_of(set, package, name);
	char packed[NAME];

	if (file)
		return add_piece(out, file, name) ||
		       driver_refuse(why, "there is not enough memory");
	snprintf(packed, sizeof(packed), "%.*s_", (int)strlen(name) - 1, name);
	if (*name && file_of(set, package, packed))
		return driver_refuse(
			why,
			"%s/%s: its %s '%s' is packed ('%s'): unpack it with "
			"cabextract or msexpand",
			set->source[package->source].path, package->inf, kind, name,
			packed);
	return driver_refuse(why,
			     "%s/%s: its %s '%s' is missing: get the whole package again",
			     set->source[package->source].path, package->inf, kind, name);
}

static bool need_files(const struct driver_set *set, const struct driver_package *package,
		       const struct driver_target *target, struct driver_chosen *out,
		       char why[static DRIVER_WHY])
{
	bool *counts = calloc(package->installs + 1, sizeof(*counts));
	bool good = true;

	if (!counts)
		return driver_refuse(why, "there is not enough memory");
	for (size_t s = 0; s < package->sections; s++) {
		if (!driver_section_counts(package, s, target))
			continue;
		for (size_t m = 0; m < package->section[s].models; m++)
			counts[package->section[s].model[m].install] = true;
	}
	for (size_t i = 0; good && i < package->installs; i++)
		for (size_t f = 0; good && counts[i] && f < package->install[i].files;
		     f++)
			good = need(set, package, package->install[i].file[f].path,
				    "file", out, why);
	free(counts);
	return good;
}

static const struct driver_package *beside(const struct driver_set *set,
					   const struct driver_package *package,
					   const char *name)
{
	const struct isofile *file = file_of(set, package, name);

	for (size_t i = 0; file && i < set->count; i++)
		if (set->package[i].source == package->source &&
		    set->package[i].inf == file->path)
			return &set->package[i];
	return NULL;
}

/* All that one package needs; CopyINF pulls in others, which lie beside it. */
static bool need_package(const struct driver_set *set,
			 const struct driver_package *package,
			 const struct driver_target *target, unsigned depth,
			 struct driver_chosen *out, char why[static DRIVER_WHY])
{
	const char *catalogue = driver_catalogue(package, target->arch);

	if (!need(set, package, driver_base(package->inf), "INF", out, why))
		return false;
	if (!*catalogue)
		return driver_refuse(why,
				     "%s/%s: has no catalogue (CatalogFile), and Windows "
				     "takes no driver that is not signed: get the signed "
				     "package of its maker",
				     set->source[package->source].path, package->inf);
	if (!need(set, package, catalogue, "catalogue", out, why) ||
	    !need_files(set, package, target, out, why))
		return false;
	for (size_t i = 0; i < package->copyinfs; i++) {
		const struct driver_package *other =
			beside(set, package, package->copyinf[i]);

		if (!other) {
			if (!need(set, package, package->copyinf[i], "INF", out, why))
				return false;
		} else if (other != package && depth < DEPTH_MOST &&
			   !need_package(set, other, target, depth + 1, out, why)) {
			return false;
		}
	}
	return true;
}

void driver_forget(struct driver_chosen *chosen)
{
	for (size_t i = 0; i < chosen->pieces; i++) {
		free(chosen->piece[i].from);
		free(chosen->piece[i].to);
	}
	free(chosen->piece);
	free(chosen->folder);
	free(chosen->inf);
	*chosen = (struct driver_chosen){ 0 };
}

bool driver_take(const struct driver_set *set, const struct driver_package *package,
		 const struct driver_target *target, struct driver_chosen *out,
		 char why[static DRIVER_WHY])
{
	const char *base = driver_base(package->inf);

	*out = (struct driver_chosen){ .package = package };
	if (package->why)
		return driver_refuse(why, "%s", package->why);
	if (!driver_suits(package, target))
		return driver_refuse_target(set, package, target, why);
	out->inf = strdup(base);
	out->folder = strndup(base, strlen(base) - 4);
	if (!out->inf || !out->folder)
		driver_refuse(why, "there is not enough memory");
	else if (need_package(set, package, target, 0, out, why))
		return true;
	driver_forget(out);
	return false;
}
