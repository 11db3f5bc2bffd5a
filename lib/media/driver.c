#include "config.h"

#include "lib/media/driver.h"

#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/driver_cache.h"
#include "lib/media/driver_record.h"
#include "lib/media/driver_set.h"
#include "lib/media/inf.h"
#include "lib/sys/now.h"

#define FRESH_MS 2000 /* within this a file may change unseen */

bool driver_refuse(char why[static DRIVER_WHY], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, DRIVER_WHY, format, ap);
	va_end(ap);
	return false;
}

const char *driver_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The INFs of one source on their way to records. */
struct intake {
	const struct driver_from *from;
	struct driver_cache *cache;
	struct driver_cached
		*of;  /* for each file; record NULL: no INF, or not known yet */
	char **made;  /* records that are ours, for each file */
	bool *needed; /* for each file: an INF that the cache does not know */
	char *octets; /* of the file that is being read */
	size_t len, room;
	bool changed;
};

/* Its name without .inf becomes that of a folder: ".." must not. */
static bool is_inf(const char *path)
{
	const char *base = driver_base(path);
	size_t len = strlen(base);

	return *base != '.' && len > 4 && strcasecmp(base + len - 4, ".inf") == 0;
}

static bool collect(struct intake *in, const void *octets, size_t len)
{
	size_t room = in->room ? in->room : 65536;
	char *grown;

	/* One octet more than may be: driver_record() then says that it is too large. */
	if (len > INF_LARGEST + 1 - in->len)
		len = INF_LARGEST + 1 - in->len;
	while (room < in->len + len)
		room *= 2;
	if (room > in->room) {
		grown = realloc(in->octets, room);
		if (!grown)
			return false;
		in->octets = grown;
		in->room = room;
	}
	if (len > 0)
		memcpy(in->octets + in->len, octets, len);
	in->len += len;
	return true;
}

/* A whole INF is there: the cache knows these octets, or they are read. */
static bool read_inf(struct intake *in, size_t index)
{
	const struct isofile *file = &in->from->files->file[index];
	const struct driver_cached *known = driver_cache_find(in->cache, file->path);
	struct driver_cached *e = &in->of[index];
	struct sha256_ctx ctx;
	char *name = NULL;

	*e = (struct driver_cached){ file->path, file->size, file->mtime_ns,
				     { 0 },      NULL,       0 };
	if (now_ms() - file->mtime_ns / 1000000 < FRESH_MS)
		e->mtime_ns = 0;
	sha256_init(&ctx);
	sha256_update(&ctx, in->len, (const uint8_t *)in->octets);
	sha256_digest(&ctx, sizeof(e->sha256), e->sha256);
	if (known && memcmp(known->sha256, e->sha256, sizeof(e->sha256)) == 0) {
		e->record = known->record;
		e->len = known->len;
		in->changed |= e->mtime_ns != known->mtime_ns;
		return true;
	}
	if (asprintf(&name, "%s/%s", in->from->files->source, file->path) < 0)
		return false;
	in->made[index] = driver_record(name, in->octets, in->len, &e->len);
	e->record = in->made[index];
	free(name);
	in->changed |= e->record && !driver_record_is_bad(e->record);
	return e->record != NULL;
}

/* All names that have these octets. */
static bool finish(struct intake *in, size_t data)
{
	const struct isofiles *files = in->from->files;

	if (files->folder)
		return read_inf(in, data);
	for (size_t i = 0; i < files->count; i++)
		if (in->needed[i] && files->file[i].data == data && !read_inf(in, i))
			return false;
	return true;
}

static bool take(void *arg, size_t index, const void *octets, size_t len)
{
	struct intake *in = arg;
	bool good;

	if (len > 0)
		return collect(in, octets, len);
	good = collect(in, NULL, 0) && finish(in, index);
	in->len = 0;
	return good;
}

/* What the cache says of a file with this size and time; NULL if it does not know. */
static const struct driver_cached *believed(const struct intake *in,
					    const struct isofile *file)
{
	const struct driver_cached *known = driver_cache_find(in->cache, file->path);

	return known && known->size == file->size && known->mtime_ns != 0 &&
			       known->mtime_ns == file->mtime_ns
		       ? known
		       : NULL;
}

/* Fills in of[] for every INF. */
static bool learn(struct intake *in, char why[static DRIVER_WHY])
{
	const struct isofiles *files = in->from->files;
	bool *wanted = calloc(files->count + 1, sizeof(*wanted));
	bool any = false, good = wanted && in->needed;
	char reason[ISOFILES_WHY] = "there is not enough memory";

	for (size_t i = 0; good && i < files->count; i++) {
		const struct driver_cached *known;

		if (files->only ? strcmp(files->file[i].path, files->only) != 0
				: !is_inf(files->file[i].path))
			continue;
		known = believed(in, &files->file[i]);
		if (known)
			in->of[i] = *known;
		else
			any = in->needed[i] = wanted[files->file[i].data] = true;
	}
	if (good && any)
		good = isofiles_read(files, wanted, take, in, reason);
	free(wanted);
	return good || driver_refuse(why, "%s", reason);
}

/* Loads the records into packages; those of no driver are passed over. */
static bool load(struct driver_set *set, size_t source, const struct intake *in)
{
	size_t files = in->from->files->count;

	for (size_t i = 0; i < files; i++) {
		const struct driver_cached *e = &in->of[i];
		struct driver_held *held = &set->held[set->count];
		struct driver_package *package = &set->package[set->count];

		if (!e->record || driver_record_is_none(e->record))
			continue;
		held->record = strndup(e->record, e->len);
		if (!held->record ||
		    !driver_record_load(held->record, package, &held->memory)) {
			free(held->record);
			return false;
		}
		package->source = source;
		package->inf = in->from->files->file[i].path;
		set->count++;
	}
	return true;
}

/* In the cache is what can be believed: not why an INF could not be read. */
static void remember(const struct intake *in, size_t files)
{
	size_t count = 0;

	for (size_t i = 0; i < files; i++)
		if (in->of[i].record && !driver_record_is_bad(in->of[i].record) &&
		    !strchr(in->of[i].path, '\n'))
			in->of[count++] = in->of[i];
	if (in->changed)
		driver_cache_write(in->cache, in->of, count);
}

static bool make_room(struct driver_set *set, const struct isofiles *files)
{
	size_t room = set->count + 1;
	struct driver_package *package;
	struct driver_held *held;

	for (size_t i = 0; i < files->count; i++)
		room += is_inf(files->file[i].path);
	package = realloc(set->package, room * sizeof(*package));
	if (package)
		set->package = package;
	held = realloc(set->held, room * sizeof(*held));
	if (held)
		set->held = held;
	return package && held;
}

static bool read_source(struct driver_set *set, size_t source, const char *cache,
			char why[static DRIVER_WHY])
{
	struct driver_from *from = &set->source[source];
	size_t files = from->files->count;
	struct intake in = { .from = from, .cache = NULL };
	bool good;

	driver_refuse(why, "%s: there is not enough memory", from->path);
	in.cache = driver_cache_open(from->files->only ? NULL : cache, from->path);
	in.of = calloc(files + 1, sizeof(*in.of));
	in.made = calloc(files + 1, sizeof(*in.made));
	in.needed = calloc(files + 1, sizeof(*in.needed));
	good = in.cache && in.of && in.made && make_room(set, from->files) &&
	       learn(&in, why) && load(set, source, &in);
	if (good)
		remember(&in, files);
	for (size_t i = 0; in.made && i < files; i++)
		free(in.made[i]);
	free(in.made);
	free(in.needed);
	free(in.of);
	free(in.octets);
	driver_cache_close(in.cache);
	return good;
}

static bool open_source(struct driver_set *set, const char *path, const char *cache,
			char why[static DRIVER_WHY])
{
	struct driver_from *from = &set->source[set->sources++];
	char reason[ISOFILES_WHY];

	from->path = strdup(path);
	from->files = isofiles_open(path, reason);
	if (!from->path || !from->files)
		return driver_refuse(why, "%s", reason);
	return read_source(set, set->sources - 1, cache, why);
}

struct driver_set *driver_open(const char *const paths[], size_t count, const char *cache,
			       char why[static DRIVER_WHY])
{
	struct driver_set *set = calloc(1, sizeof(*set));
	bool good = set != NULL;

	driver_refuse(why, "there is not enough memory");
	if (set)
		set->source = calloc(count + 1, sizeof(*set->source));
	good = set && set->source;
	for (size_t i = 0; good && i < count; i++)
		good = open_source(set, paths[i], cache, why);
	if (good)
		return set;
	driver_close(set);
	return NULL;
}

void driver_close(struct driver_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++) {
		free(set->held[i].record);
		free(set->held[i].memory);
	}
	for (size_t i = 0; i < set->sources; i++) {
		isofiles_close(set->source[i].files);
		free(set->source[i].path);
	}
	free(set->source);
	free(set->package);
	free(set->held);
	free(set);
}

size_t driver_count(const struct driver_set *set)
{
	return set->count;
}

const struct driver_package *driver_at(const struct driver_set *set, size_t i)
{
	return &set->package[i];
}

const char *driver_source(const struct driver_set *set, size_t source)
{
	return set->source[source].path;
}
