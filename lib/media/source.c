#include "config.h"

#include "lib/media/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/media/source_disc.h"

#define ENTRIES_MAX 200000
#define DEEPEST 32 /* folders within folders */
#define SECTOR 2048

bool source_add(struct source *s, const char *path, int64_t size,
		char why[static CATALOGUE_WHY])
{
	struct source_entry *more = s->entry;

	if (s->entries == ENTRIES_MAX)
		return catalogue_refuse(why, "%s: has more than %d files", s->path,
					ENTRIES_MAX);
	if (s->entries % 256 == 0)
		more = realloc(s->entry, (s->entries + 256) * sizeof(*more));
	if (!more)
		return catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
	s->entry = more;
	more[s->entries].path = strdup(path);
	more[s->entries].size = size;
	if (!more[s->entries].path)
		return catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
	s->entries++;
	return true;
}

/* A disc's folders may hold each other: who counts them all gets to an end. */
bool source_enter(struct source *s, const char *path, int depth,
		  char why[static CATALOGUE_WHY])
{
	if (depth > DEEPEST)
		return catalogue_refuse(why, "%s: %.200s: lies too deep", s->path, path);
	return ++s->folders <= ENTRIES_MAX ||
	       catalogue_refuse(why, "%s: has more than %d folders", s->path,
				ENTRIES_MAX);
}

/* ---- folders ---- */

/* A link inside the folder is fine; one that leads out of it is not there. */
static int open_beneath(int folder, const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
}

static bool list_folder(struct source *s, const char *below, int depth,
			char why[static CATALOGUE_WHY]);

static bool list_name(struct source *s, const char *below, const char *name, int depth,
		      char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];
	struct stat st, link;
	int fd;
	bool good = true;

	if (snprintf(path, sizeof(path), "%s%s%s", below, *below ? "/" : "", name) >=
	    (int)sizeof(path))
		return catalogue_refuse(why, "%s/%.200s: has a path too long", s->path,
					below);
	if (fstatat(s->fd, path, &link, AT_SYMLINK_NOFOLLOW) < 0)
		return true;
	fd = open_beneath(s->fd, path);
	if (fd < 0)
		return S_ISLNK(link.st_mode) ? true
					     : catalogue_refuse(why, "%s/%s: %s", s->path,
								path, strerror(errno));
	if (fstat(fd, &st) < 0)
		good = catalogue_refuse(why, "%s/%s: %s", s->path, path, strerror(errno));
	else if (S_ISREG(st.st_mode))
		good = source_add(s, path, st.st_size, why);
	else if (S_ISDIR(link.st_mode)) /* no link to a folder: it may be a loop */
		good = list_folder(s, path, depth + 1, why);
	close(fd);
	return good;
}

static bool list_folder(struct source *s, const char *below, int depth,
			char why[static CATALOGUE_WHY])
{
	int fd = open_beneath(s->fd, *below ? below : ".");
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *d;
	bool good;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return catalogue_refuse(why, "%s/%s: %s", s->path, below,
					strerror(errno));
	}
	good = source_enter(s, below, depth, why);
	while (good && (d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			good = list_name(s, below, d->d_name, depth, why);
	closedir(dir);
	return good;
}

/* ---- which kind it is ---- */

/* The volume recognition sequence: sectors from 16 on, each with its name. */
static bool look_for_volumes(struct source *s, char why[static CATALOGUE_WHY])
{
	uint8_t sector[SECTOR];
	int64_t volume;

	for (int i = 16; i < 64; i++) {
		if (pread(s->fd, sector, SECTOR, (off_t)i * SECTOR) != SECTOR)
			break;
		if (memcmp(sector + 1, "NSR02", 5) == 0 ||
		    memcmp(sector + 1, "NSR03", 5) == 0) {
			s->kind = SOURCE_UDF;
			return true;
		}
		if (memcmp(sector + 1, "CD001", 5) != 0 || sector[0] != 1 ||
		    s->kind == SOURCE_ISO)
			continue;
		s->kind = SOURCE_ISO;
		memcpy(s->label, sector + 40, 32);
		volume = (int64_t)(sector[80] | (uint32_t)sector[81] << 8 |
				   (uint32_t)sector[82] << 16 |
				   (uint32_t)sector[83] << 24) *
			 (sector[128] | sector[129] << 8);
		if (volume > s->size)
			return catalogue_refuse(
				why,
				"%s: is truncated: its volume has %lld octets, the "
				"file %lld",
				s->path, (long long)volume, (long long)s->size);
	}
	for (size_t n = strlen(s->label); n > 0 && s->label[n - 1] == ' '; n--)
		s->label[n - 1] = '\0';
	return true;
}

static bool open_kind(struct source *s, char why[static CATALOGUE_WHY])
{
	struct stat st;
	const char *slash = strrchr(s->path, '/');

	s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0 || fstat(s->fd, &st) < 0)
		return catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		s->kind = SOURCE_FOLDER;
		return list_folder(s, "", 0, why);
	}
	if (!S_ISREG(st.st_mode))
		return catalogue_refuse(why, "%s: is neither a file nor a folder",
					s->path);
	if (st.st_size == 0)
		return catalogue_refuse(why, "%s: is empty", s->path);
	s->size = st.st_size;
	s->on_disk = (int64_t)st.st_blocks * 512;
	if (s->on_disk > s->size)
		s->on_disk = s->size;
	if (!look_for_volumes(s, why))
		return false;
	if (s->kind == SOURCE_UDF)
		return source_open_udf(s, why);
	if (s->kind == SOURCE_ISO)
		return source_list_iso(s, why);
	return source_add(s, slash ? slash + 1 : s->path, s->size, why);
}

struct source *source_open(const char *path, char why[static CATALOGUE_WHY])
{
	struct source *s = calloc(1, sizeof(*s));

	if (s) {
		s->fd = -1;
		s->path = strdup(path);
	}
	if (!s || !s->path) {
		free(s);
		catalogue_refuse(why, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (open_kind(s, why))
		return s;
	source_close(s);
	return NULL;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	source_close_udf(s);
	for (size_t i = 0; i < s->entries; i++)
		free(s->entry[i].path);
	free(s->entry);
	if (s->fd >= 0)
		close(s->fd);
	free(s->path);
	free(s);
}

const struct source_entry *source_find(const struct source *s, const char *path)
{
	for (size_t i = 0; i < s->entries; i++)
		if (strcasecmp(s->entry[i].path, path) == 0)
			return &s->entry[i];
	return NULL;
}

/* ---- octets ---- */

static bool one_extent(const struct source_entry *entry, struct source_extent **extent,
		       size_t *count)
{
	*extent = malloc(sizeof(**extent));
	if (!*extent)
		return false;
	**extent = (struct source_extent){ 0, entry->size };
	*count = 1;
	return true;
}

bool source_map(const struct source *s, const struct source_entry *entry, int *fd,
		bool *own, struct source_extent **extent, size_t *count,
		char why[static CATALOGUE_WHY])
{
	*fd = s->fd;
	*own = false;
	*extent = NULL;
	*count = 0;
	if (s->kind == SOURCE_UDF)
		return source_map_udf(s, entry, extent, count, why);
	if (s->kind == SOURCE_ISO)
		return true;
	if (s->kind == SOURCE_FOLDER) {
		*fd = open_beneath(s->fd, entry->path);
		if (*fd < 0)
			return catalogue_refuse(why, "%s/%s: %s", s->path, entry->path,
						strerror(errno));
		*own = true;
	}
	if (one_extent(entry, extent, count))
		return true;
	if (*own)
		close(*fd);
	return catalogue_refuse(why, "%s: %s", s->path, strerror(errno));
}

static ssize_t peek_file(const struct source *s, const struct source_entry *entry,
			 int64_t offset, void *out, size_t len,
			 char why[static CATALOGUE_WHY])
{
	int fd = s->kind == SOURCE_FILE ? s->fd : open_beneath(s->fd, entry->path);
	ssize_t got = fd < 0 ? -1 : pread(fd, out, len, offset);

	if (got < 0)
		catalogue_refuse(why, "%s: %s: %s", s->path, entry->path,
				 strerror(errno));
	if (fd >= 0 && fd != s->fd)
		close(fd);
	return got;
}

/* Reads up to the offset and on: for the small files of an ISO. */
static ssize_t peek_stream(struct source_reader *r, int64_t offset, char *out, size_t len,
			   char why[static CATALOGUE_WHY])
{
	char skipped[65536];
	size_t got = 0;
	ssize_t n;

	for (; offset > 0; offset -= n) {
		n = source_read(r, skipped,
				offset < (int64_t)sizeof(skipped) ? (size_t)offset
								  : sizeof(skipped),
				why);
		if (n <= 0)
			return n;
	}
	while (got < len) {
		n = source_read(r, out + got, len - got, why);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

ssize_t source_peek(const struct source *s, const struct source_entry *entry,
		    int64_t offset, void *out, size_t len, char why[static CATALOGUE_WHY])
{
	struct source_reader *r;
	ssize_t got;

	if (s->kind == SOURCE_FILE || s->kind == SOURCE_FOLDER)
		return peek_file(s, entry, offset, out, len, why);
	if (s->kind == SOURCE_UDF)
		return source_peek_udf(s, entry, offset, out, len, why);
	r = source_reader(s, entry, why);
	if (!r)
		return -1;
	got = peek_stream(r, offset, out, len, why);
	source_reader_free(r);
	return got;
}
