#include "config.h"

#include "lib/media/isofiles_disc.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536

/* "./a//b" is "a/b"; NULL for what climbs. */
static char *tidy(const char *path)
{
	char *out = malloc(strlen(path) + 1), *p = out;

	while (out && *path) {
		size_t len = strcspn(path, "/");

		if (len == 2 && memcmp(path, "..", 2) == 0) {
			free(out);
			return NULL;
		}
		if (len > 0 && !(len == 1 && *path == '.')) {
			if (p > out)
				*p++ = '/';
			memcpy(p, path, len);
			p += len;
		}
		path += len + (path[len] == '/');
	}
	if (out)
		*p = '\0';
	return out;
}

/* A disc that is UDF as well shows a reader of ISO 9660 only a note; sector 16 on. */
static bool is_udf(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool found = false;
	char id[5];

	for (off_t sector = 16; fd >= 0 && !found && sector < 64; sector++) {
		if (pread(fd, id, 5, sector * 2048 + 1) != 5)
			break;
		found = memcmp(id, "NSR02", 5) == 0 || memcmp(id, "NSR03", 5) == 0;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

static struct archive *open_disc(const char *path, int64_t *mtime_ns,
				 char why[static ISOFILES_WHY])
{
	struct archive *a;
	struct stat st;

	if (stat(path, &st) < 0) {
		isofiles_refuse(why, "%s: %s", path, strerror(errno));
		return NULL;
	}
	*mtime_ns = isofiles_ns(&st.st_mtim);
	a = archive_read_new();
	if (a && archive_read_support_format_iso9660(a) == ARCHIVE_OK &&
	    archive_read_open_filename(a, path, BLOCK) == ARCHIVE_OK)
		return a;
	isofiles_refuse(why, "%s: is no disc image: %s", path,
			a ? archive_error_string(a) : "memory");
	archive_read_free(a);
	return NULL;
}

static const char *entry_path(struct archive_entry *entry)
{
	const char *path = archive_entry_pathname_utf8(entry);

	return path ? path : archive_entry_pathname(entry);
}

static const char *entry_link(struct archive_entry *entry)
{
	const char *path = archive_entry_hardlink_utf8(entry);

	return path ? path : archive_entry_hardlink(entry);
}

/* The next entry that is a file or a link to one: 1, 0 at the end, -1 with why. */
static int next_file(struct archive *a, const char *source, struct archive_entry **entry,
		     char why[static ISOFILES_WHY])
{
	int got;

	while ((got = archive_read_next_header(a, entry)) == ARCHIVE_OK ||
	       got == ARCHIVE_WARN)
		if (entry_path(*entry) &&
		    (archive_entry_filetype(*entry) == AE_IFREG || entry_link(*entry)))
			return 1;
	if (got == ARCHIVE_EOF)
		return 0;
	isofiles_refuse(why, "%s: %s", source, archive_error_string(a));
	return -1;
}

static bool add_disc_file(struct isofiles *files, struct archive_entry *entry,
			  int64_t mtime_ns, char why[static ISOFILES_WHY])
{
	const char *target = entry_link(entry);
	char *path = tidy(entry_path(entry)), *link = target ? tidy(target) : NULL;

	if (!path || !*path || (target && !link)) {
		isofiles_refuse(why, "%s: '%.200s' leads out of the disc", files->source,
				entry_path(entry));
		free(path);
		free(link);
		return false;
	}
	return isofiles_add(files, path, link, archive_entry_size(entry), mtime_ns, why);
}

static bool list_iso(struct isofiles *files, char why[static ISOFILES_WHY])
{
	struct archive_entry *entry;
	int64_t mtime_ns;
	struct archive *a = open_disc(files->source, &mtime_ns, why);
	int more = a ? 1 : -1;

	while (more > 0) {
		more = next_file(a, files->source, &entry, why);
		if (more > 0 && !add_disc_file(files, entry, mtime_ns, why))
			more = -1;
	}
	archive_read_free(a);
	return more == 0;
}

bool isofiles_list_disc(struct isofiles *files, char why[static ISOFILES_WHY])
{
	return is_udf(files->source) ? isofiles_list_udf(files, why)
				     : list_iso(files, why);
}

/* Who wants the octets of which entry; sorted by its number, which is the disc's order.
 */
struct want {
	uint32_t number;
	size_t index;
};

static int by_number(const void *a, const void *b)
{
	const struct want *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static struct want *wants(const struct isofiles_reading *r, size_t *count)
{
	struct want *want = malloc((r->files->count + 1) * sizeof(*want));

	*count = 0;
	for (size_t i = 0; want && i < r->files->count; i++)
		if (r->wanted[i])
			want[(*count)++] = (struct want){
				r->files->file[r->files->file[i].data].number, i
			};
	if (want)
		qsort(want, *count, sizeof(*want), by_number);
	return want;
}

/* Hands a piece to everybody who has these octets. */
static bool hand_out(const struct isofiles_reading *r, const struct want *want,
		     size_t count, const void *octets, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (!r->take(r->arg, want[i].index, octets, len))
			return false;
	return true;
}

static bool copy_entry(const struct isofiles_reading *r, struct archive *a,
		       const struct want *want, size_t count)
{
	const struct isofile *file = &r->files->file[want->index];
	const void *block;
	size_t len;
	int64_t offset, got = 0;
	int result;

	while ((result = archive_read_data_block(a, &block, &len, &offset)) ==
	       ARCHIVE_OK) {
		if (offset != got)
			return isofiles_refuse(r->why, "%s: '%.200s' has a hole",
					       r->files->source, file->path);
		if (len > 0 && !hand_out(r, want, count, block, len))
			return false;
		got += (int64_t)len;
	}
	if (result != ARCHIVE_EOF)
		return isofiles_refuse(r->why, "%s: '%.200s': %s", r->files->source,
				       file->path, archive_error_string(a));
	if (got != file->size)
		return isofiles_refuse(r->why, "%s: '%.200s' is cut short",
				       r->files->source, file->path);
	return hand_out(r, want, count, NULL, 0);
}

static bool read_entries(const struct isofiles_reading *r, struct archive *a,
			 const struct want *want, size_t count)
{
	struct archive_entry *entry;
	size_t same;

	for (uint32_t number = 0; count > 0; number++) {
		int more = next_file(a, r->files->source, &entry, r->why);

		if (more < 0)
			return false;
		if (more == 0)
			return isofiles_refuse(r->why, "%s: has changed",
					       r->files->source);
		for (same = 0; same < count && want[same].number == number;)
			same++;
		if (same > 0 && !copy_entry(r, a, want, same))
			return false;
		want += same;
		count -= same;
	}
	return true;
}

bool isofiles_read_disc(const struct isofiles_reading *r)
{
	int64_t mtime_ns;
	size_t count;
	struct want *want;
	struct archive *a;
	bool good;

	if (is_udf(r->files->source))
		return isofiles_read_udf(r);
	want = wants(r, &count);
	a = want ? open_disc(r->files->source, &mtime_ns, r->why) : NULL;
	good = a && read_entries(r, a, want, count);
	archive_read_free(a);
	free(want);
	return good;
}
