#include "config.h"

#include "lib/media/driver_cache.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/driver.h"
#include "lib/sys/file.h"

#define HEAD "pxekit-drivers 1 " PACKAGE_VERSION " "
#define LARGEST (256 << 20)
#define HEX (2 * DRIVER_CACHE_SHA256)

struct driver_cache {
	char *folder, *file; /* NULL: there is no cache */
	char *text;
	struct driver_cached *entry;
	size_t count;
};

static void sha256(const void *octets, size_t len,
		   uint8_t out[static DRIVER_CACHE_SHA256])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, octets);
	sha256_digest(&ctx, DRIVER_CACHE_SHA256, out);
}

static void hex(const uint8_t sum[static DRIVER_CACHE_SHA256], char out[static HEX + 1])
{
	for (size_t i = 0; i < DRIVER_CACHE_SHA256; i++)
		snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

static bool unhex(const char *text, uint8_t out[static DRIVER_CACHE_SHA256])
{
	for (size_t i = 0; i < DRIVER_CACHE_SHA256; i++)
		if (sscanf(text + 2 * i, "%2" SCNx8, &out[i]) != 1)
			return false;
	return true;
}

/* folder/HASH-OF-THE-SOURCE'S-PATH */
static char *file_of(const char *folder, const char *source)
{
	char *real = realpath(source, NULL), *file = NULL, name[HEX + 1];
	uint8_t sum[DRIVER_CACHE_SHA256];

	if (!real)
		return NULL;
	sha256(real, strlen(real), sum);
	hex(sum, name);
	free(real);
	return asprintf(&file, "%s/%.32s", folder, name) < 0 ? NULL : file;
}

/* "SHA256 SIZE MTIME LENGTH PATH\n" and the record; behind it, or NULL. */
static char *take_entry(char *p, const char *end, struct driver_cached *out)
{
	char *newline = memchr(p, '\n', (size_t)(end - p));
	int path = 0;

	if (!newline || newline - p < HEX + 2)
		return NULL;
	*newline = '\0';
	if (!unhex(p, out->sha256) ||
	    sscanf(p + HEX, " %" SCNd64 " %" SCNd64 " %zu %n", &out->size, &out->mtime_ns,
		   &out->len, &path) != 3 ||
	    path == 0 || out->len > (size_t)(end - newline - 1))
		return NULL;
	out->path = p + HEX + path;
	out->record = newline + 1;
	return newline + 1 + out->len;
}

static int by_path(const void *a, const void *b)
{
	const struct driver_cached *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* False if any of it is not as we write it. */
static bool take_text(struct driver_cache *cache, size_t len)
{
	const size_t head = strlen(HEAD);
	char *p = cache->text + head + HEX + 1, *end = cache->text + len;
	uint8_t said[DRIVER_CACHE_SHA256], is[DRIVER_CACHE_SHA256];
	size_t room = 0;

	if (len < head + HEX + 1 || memcmp(cache->text, HEAD, head) != 0 ||
	    !unhex(cache->text + head, said))
		return false;
	sha256(p, (size_t)(end - p), is);
	if (memcmp(said, is, sizeof(is)) != 0)
		return false;
	while (p < end) {
		if (cache->count == room) {
			struct driver_cached *grown;

			room = room ? room * 2 : 256;
			grown = realloc(cache->entry, room * sizeof(*grown));
			if (!grown)
				return false;
			cache->entry = grown;
		}
		p = take_entry(p, end, &cache->entry[cache->count]);
		if (!p)
			return false;
		cache->count++;
	}
	if (cache->count > 0)
		qsort(cache->entry, cache->count, sizeof(*cache->entry), by_path);
	return true;
}

struct driver_cache *driver_cache_open(const char *folder, const char *source)
{
	struct driver_cache *cache = calloc(1, sizeof(*cache));
	size_t len;

	if (!cache || !folder)
		return cache;
	cache->folder = strdup(folder);
	cache->file = file_of(folder, source);
	if (cache->file)
		cache->text = file_read(cache->file, LARGEST, &len);
	if (cache->text && !take_text(cache, len))
		cache->count = 0;
	return cache;
}

void driver_cache_close(struct driver_cache *cache)
{
	if (!cache)
		return;
	free(cache->entry);
	free(cache->text);
	free(cache->file);
	free(cache->folder);
	free(cache);
}

const struct driver_cached *driver_cache_find(const struct driver_cache *cache,
					      const char *path)
{
	struct driver_cached key = { .path = path };

	if (cache->count == 0)
		return NULL;
	return bsearch(&key, cache->entry, cache->count, sizeof(key), by_path);
}

/* Makes the folder, and those above it. */
static bool make_folder(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* The text without its head; NULL if it cannot be. */
static char *make_text(const struct driver_cached entries[], size_t count, size_t *len)
{
	char *text = NULL, sum[HEX + 1];
	FILE *f = open_memstream(&text, len);
	bool bad;

	if (!f)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct driver_cached *e = &entries[i];

		hex(e->sha256, sum);
		fprintf(f, "%s %" PRId64 " %" PRId64 " %zu %s\n", sum, e->size,
			e->mtime_ns, e->len, e->path);
		fwrite(e->record, 1, e->len, f);
	}
	bad = ferror(f);
	if (fclose(f) == 0 && !bad)
		return text;
	free(text);
	return NULL;
}

void driver_cache_write(const struct driver_cache *cache,
			const struct driver_cached entries[], size_t count)
{
	uint8_t sum[DRIVER_CACHE_SHA256];
	char *text, *all = NULL, said[HEX + 1];
	size_t len;

	if (!cache->file || !make_folder(cache->folder))
		return;
	text = make_text(entries, count, &len);
	if (!text)
		return;
	sha256(text, len, sum);
	hex(sum, said);
	all = malloc(strlen(HEAD) + HEX + 1 + len);
	if (all) {
		size_t head = (size_t)sprintf(all, "%s%s", HEAD, said);

		all[head++] = '\n';
		memcpy(all + head, text, len);
		file_replace(cache->file, all, head + len, 0600);
	}
	free(all);
	free(text);
}

char *driver_cache_folder(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *folder = NULL;
	int n;

	if (xdg && *xdg == '/')
		n = asprintf(&folder, "%s/pxekit/drivers", xdg);
	else if (home && *home == '/')
		n = asprintf(&folder, "%s/.cache/pxekit/drivers", home);
	else
		n = asprintf(&folder, "%s/cache/drivers", PXEKIT_STATEDIR);
	return n < 0 ? NULL : folder;
}
