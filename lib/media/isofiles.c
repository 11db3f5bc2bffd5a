#include "config.h"

#include "lib/media/isofiles.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536

__attribute__((format(printf, 2, 3))) static bool refuse(char why[static ISOFILES_WHY],
							 const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, ISOFILES_WHY, format, ap);
	va_end(ap);
	return false;
}

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)((uint64_t)t->tv_sec * 1000000000 + (uint64_t)t->tv_nsec);
}

/* Takes path and link over, whatever comes of it. */
static bool add(struct isofiles *files, char *path, char *link, int64_t size,
		int64_t mtime_ns, char why[static ISOFILES_WHY])
{
	size_t room = files->room ? files->room * 2 : 256;
	struct isofile *grown;

	if (path && files->count == ISOFILES_MOST) {
		free(path);
		free(link);
		return refuse(why, "%s: has more than 1000000 files", files->source);
	}
	if (path && files->count == files->room) {
		grown = realloc(files->file, room * sizeof(*grown));
		if (grown) {
			files->file = grown;
			files->room = room;
		}
	}
	if (!path || files->count == files->room) {
		free(path);
		free(link);
		return refuse(why, "%s: there is not enough memory", files->source);
	}
	files->file[files->count] = (struct isofile){
		.path = path,
		.link = link,
		.size = size,
		.mtime_ns = mtime_ns,
		.number = (uint32_t)files->count,
	};
	files->count++;
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct isofile *x = a, *y = b;
	int order = strcasecmp(x->path, y->path);

	return order ? order : strcmp(x->path, y->path);
}

/* Of names that differ in case only, the one that is spelt so. */
static const struct isofile *find_exactly(const struct isofiles *files, const char *path)
{
	const struct isofile *f = isofiles_find(files, path);

	for (; f && f < files->file + files->count; f++) {
		if (strcasecmp(f->path, path) != 0)
			break;
		if (strcmp(f->path, path) == 0)
			return f;
	}
	return NULL;
}

/* Sorts, and finds out who has the octets of each link. */
static bool sort(struct isofiles *files, char why[static ISOFILES_WHY])
{
	const struct isofile *target;

	qsort(files->file, files->count, sizeof(*files->file), by_path);
	for (size_t i = 0; i < files->count; i++) {
		struct isofile *f = &files->file[i];

		f->data = i;
		target = f->link ? find_exactly(files, f->link) : f;
		if (!target || (target != f && target->link))
			return refuse(why, "%s: '%.200s' is a link to nothing",
				      files->source, f->path);
		f->size = target->size;
		f->data = (size_t)(target - files->file);
	}
	return true;
}

/* Links to files are files, links to folders are not followed: they may be rings. */
static bool add_entry(struct isofiles *files, FTSENT *entry, size_t skip,
		      char why[static ISOFILES_WHY])
{
	struct stat st;

	if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
	    entry->fts_info == FTS_NS)
		return refuse(why, "%s: %s", entry->fts_path, strerror(entry->fts_errno));
	if (entry->fts_info == FTS_F)
		st = *entry->fts_statp;
	else if (entry->fts_info != FTS_SL || stat(entry->fts_accpath, &st) < 0 ||
		 !S_ISREG(st.st_mode))
		return true;
	return add(files, strdup(entry->fts_path + skip), NULL, st.st_size,
		   nanoseconds(&st.st_mtim), why);
}

static bool list_folder(struct isofiles *files, char why[static ISOFILES_WHY])
{
	char *roots[] = { files->source, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	size_t skip = strlen(files->source) + 1;
	FTSENT *entry;
	bool good = true;

	if (!fts)
		return refuse(why, "%s: %s", files->source, strerror(errno));
	if (files->source[skip - 2] == '/')
		skip--;
	while (good && (entry = fts_read(fts)))
		good = add_entry(files, entry, skip, why);
	fts_close(fts);
	return good;
}

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
static bool is_udf(int fd)
{
	char id[5];

	for (off_t sector = 16; sector < 64; sector++) {
		if (pread(fd, id, 5, sector * 2048 + 1) != 5)
			return false;
		if (memcmp(id, "NSR02", 5) == 0 || memcmp(id, "NSR03", 5) == 0)
			return true;
	}
	return false;
}

static struct archive *open_disc(const char *path, int64_t *mtime_ns,
				 char why[static ISOFILES_WHY])
{
	struct archive *a;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		refuse(why, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	*mtime_ns = nanoseconds(&st.st_mtim);
	if (is_udf(fd)) {
		close(fd);
		refuse(why, "%s: is a UDF disc; unpack its drivers into a folder", path);
		return NULL;
	}
	close(fd);
	a = archive_read_new();
	if (a && archive_read_support_format_iso9660(a) == ARCHIVE_OK &&
	    archive_read_open_filename(a, path, BLOCK) == ARCHIVE_OK)
		return a;
	refuse(why, "%s: is no disc image: %s", path,
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
	refuse(why, "%s: %s", source, archive_error_string(a));
	return -1;
}

static bool add_disc_file(struct isofiles *files, struct archive_entry *entry,
			  int64_t mtime_ns, char why[static ISOFILES_WHY])
{
	const char *target = entry_link(entry);
	char *path = tidy(entry_path(entry)), *link = target ? tidy(target) : NULL;

	if (!path || !*path || (target && !link)) {
		refuse(why, "%s: '%.200s' leads out of the disc", files->source,
		       entry_path(entry));
		free(path);
		free(link);
		return false;
	}
	return add(files, path, link, archive_entry_size(entry), mtime_ns, why);
}

static bool list_disc(struct isofiles *files, char why[static ISOFILES_WHY])
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

struct isofiles *isofiles_open(const char *path, char why[static ISOFILES_WHY])
{
	struct isofiles *files = calloc(1, sizeof(*files));
	struct stat st;

	refuse(why, "%s: there is not enough memory", path);
	if (files)
		files->source = strdup(path);
	if (!files || !files->source)
		goto fail;
	if (!*path || stat(path, &st) < 0) {
		refuse(why, "%s: %s", path, strerror(*path ? errno : ENOENT));
		goto fail;
	}
	files->folder = S_ISDIR(st.st_mode);
	if ((files->folder ? list_folder(files, why) : list_disc(files, why)) &&
	    sort(files, why))
		return files;
fail:
	isofiles_close(files);
	return NULL;
}

void isofiles_close(struct isofiles *files)
{
	if (!files)
		return;
	for (size_t i = 0; i < files->count; i++) {
		free(files->file[i].path);
		free(files->file[i].link);
	}
	free(files->file);
	free(files->source);
	free(files);
}

const struct isofile *isofiles_find(const struct isofiles *files, const char *path)
{
	size_t low = 0, high = files->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcasecmp(files->file[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < files->count && strcasecmp(files->file[low].path, path) == 0
		       ? &files->file[low]
		       : NULL;
}

/* One reading: who wants what, and who gets it. */
struct reading {
	const struct isofiles *files;
	const bool *wanted;
	isofiles_take *take;
	void *arg;
	char *why;
};

static bool copy_file(const struct reading *r, size_t index, int fd, const char *name)
{
	char *block = malloc(BLOCK);
	ssize_t n = -1;
	bool good = block != NULL;

	while (good && (n = read(fd, block, BLOCK)) > 0)
		good = r->take(r->arg, index, block, (size_t)n);
	if (good && n < 0)
		good = refuse(r->why, "%s: %s", name, strerror(errno));
	free(block);
	return good && r->take(r->arg, index, NULL, 0);
}

static bool read_folder(const struct reading *r)
{
	bool good = true;

	for (size_t i = 0; good && i < r->files->count; i++) {
		char *path = NULL;
		int fd;

		if (!r->wanted[i])
			continue;
		if (asprintf(&path, "%s/%s", r->files->source, r->files->file[i].path) <
		    0)
			return refuse(r->why, "there is not enough memory");
		fd = open(path, O_RDONLY | O_CLOEXEC);
		good = fd >= 0 ? copy_file(r, i, fd, path)
			       : refuse(r->why, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		free(path);
	}
	return good;
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

static struct want *wants(const struct reading *r, size_t *count)
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
static bool hand_out(const struct reading *r, const struct want *want, size_t count,
		     const void *octets, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (!r->take(r->arg, want[i].index, octets, len))
			return false;
	return true;
}

static bool copy_entry(const struct reading *r, struct archive *a,
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
			return refuse(r->why, "%s: '%.200s' has a hole", r->files->source,
				      file->path);
		if (len > 0 && !hand_out(r, want, count, block, len))
			return false;
		got += (int64_t)len;
	}
	if (result != ARCHIVE_EOF)
		return refuse(r->why, "%s: '%.200s': %s", r->files->source, file->path,
			      archive_error_string(a));
	if (got != file->size)
		return refuse(r->why, "%s: '%.200s' is cut short", r->files->source,
			      file->path);
	return hand_out(r, want, count, NULL, 0);
}

static bool read_entries(const struct reading *r, struct archive *a,
			 const struct want *want, size_t count)
{
	struct archive_entry *entry;
	size_t same;

	for (uint32_t number = 0; count > 0; number++) {
		int more = next_file(a, r->files->source, &entry, r->why);

		if (more < 0)
			return false;
		if (more == 0)
			return refuse(r->why, "%s: has changed", r->files->source);
		for (same = 0; same < count && want[same].number == number;)
			same++;
		if (same > 0 && !copy_entry(r, a, want, same))
			return false;
		want += same;
		count -= same;
	}
	return true;
}

static bool read_disc(const struct reading *r)
{
	int64_t mtime_ns;
	size_t count;
	struct want *want = wants(r, &count);
	struct archive *a = want ? open_disc(r->files->source, &mtime_ns, r->why) : NULL;
	bool good = a && read_entries(r, a, want, count);

	archive_read_free(a);
	free(want);
	return good;
}

bool isofiles_read(const struct isofiles *files, const bool wanted[], isofiles_take *take,
		   void *arg, char why[static ISOFILES_WHY])
{
	struct reading r = { files, wanted, take, arg, why };

	refuse(why, "%s: there is not enough memory", files->source);
	return files->folder ? read_folder(&r) : read_disc(&r);
}
