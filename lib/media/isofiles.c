#include "config.h"

#include "lib/media/isofiles_disc.h"

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
#define ONLY_DEEPEST 4 /* levels of folders around one INF */

bool isofiles_refuse(char why[static ISOFILES_WHY], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, ISOFILES_WHY, format, ap);
	va_end(ap);
	return false;
}

int64_t isofiles_ns(const struct timespec *t)
{
	return (int64_t)((uint64_t)t->tv_sec * 1000000000 + (uint64_t)t->tv_nsec);
}

bool isofiles_add(struct isofiles *files, char *path, char *link, int64_t size,
		  int64_t mtime_ns, char why[static ISOFILES_WHY])
{
	size_t room = files->room ? files->room * 2 : 256;
	struct isofile *grown;

	if (path && files->count == ISOFILES_MOST) {
		free(path);
		free(link);
		return isofiles_refuse(why, "%s: has more than 1000000 files",
				       files->source);
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
		return isofiles_refuse(why, "%s: there is not enough memory",
				       files->source);
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

	if (files->count > 0)
		qsort(files->file, files->count, sizeof(*files->file), by_path);
	for (size_t i = 0; i < files->count; i++) {
		struct isofile *f = &files->file[i];

		f->data = i;
		target = f->link ? find_exactly(files, f->link) : f;
		if (!target || (target != f && target->link))
			return isofiles_refuse(why, "%s: '%.200s' is a link to nothing",
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

	if (files->only && (entry->fts_errno || entry->fts_level > ONLY_DEEPEST))
		return true;
	if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
	    entry->fts_info == FTS_NS)
		return isofiles_refuse(why, "%s: %s", entry->fts_path,
				       strerror(entry->fts_errno));
	if (entry->fts_info == FTS_F)
		st = *entry->fts_statp;
	else if (entry->fts_info != FTS_SL || stat(entry->fts_accpath, &st) < 0 ||
		 !S_ISREG(st.st_mode))
		return true;
	return isofiles_add(files, strdup(entry->fts_path + skip), NULL, st.st_size,
			    isofiles_ns(&st.st_mtim), why);
}

static bool list_folder(struct isofiles *files, char why[static ISOFILES_WHY])
{
	char *roots[] = { files->source, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	size_t skip = strlen(files->source) + 1;
	FTSENT *entry;
	bool good = true;

	if (!fts)
		return isofiles_refuse(why, "%s: %s", files->source, strerror(errno));
	if (files->source[skip - 2] == '/')
		skip--;
	while (good && (entry = fts_read(fts))) {
		if (files->only && entry->fts_level == ONLY_DEEPEST)
			fts_set(fts, entry, FTS_SKIP);
		good = add_entry(files, entry, skip, why);
	}
	fts_close(fts);
	return good;
}

/* Of an INF the folder is listed. */
static bool take_inf(struct isofiles *files)
{
	size_t len = strlen(files->source);
	char *slash = strrchr(files->source, '/');

	if (len <= 4 || strcasecmp(files->source + len - 4, ".inf") != 0)
		return true;
	files->folder = true;
	files->only = strdup(slash ? slash + 1 : files->source);
	if (slash)
		slash[slash == files->source] = '\0';
	else
		memcpy(files->source, ".", 2);
	return files->only != NULL;
}

struct isofiles *isofiles_open(const char *path, char why[static ISOFILES_WHY])
{
	struct isofiles *files = calloc(1, sizeof(*files));
	struct stat st;

	isofiles_refuse(why, "%s: there is not enough memory", path);
	if (files)
		files->source = strdup(path);
	if (!files || !files->source)
		goto fail;
	if (!*path || stat(path, &st) < 0) {
		isofiles_refuse(why, "%s: %s", path, strerror(*path ? errno : ENOENT));
		goto fail;
	}
	files->folder = S_ISDIR(st.st_mode);
	if (S_ISREG(st.st_mode) && !take_inf(files)) {
		isofiles_refuse(why, "%s: there is not enough memory", path);
		goto fail;
	}
	if ((files->folder ? list_folder(files, why) : isofiles_list_disc(files, why)) &&
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
	free(files->only);
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

static bool copy_file(const struct isofiles_reading *r, size_t index, int fd,
		      const char *name)
{
	char *block = malloc(BLOCK);
	ssize_t n = -1;
	bool good = block != NULL;

	while (good && (n = read(fd, block, BLOCK)) > 0)
		good = r->take(r->arg, index, block, (size_t)n);
	if (good && n < 0)
		good = isofiles_refuse(r->why, "%s: %s", name, strerror(errno));
	free(block);
	return good && r->take(r->arg, index, NULL, 0);
}

static bool read_folder(const struct isofiles_reading *r)
{
	bool good = true;

	for (size_t i = 0; good && i < r->files->count; i++) {
		char *path = NULL;
		int fd;

		if (!r->wanted[i])
			continue;
		if (asprintf(&path, "%s/%s", r->files->source, r->files->file[i].path) <
		    0)
			return isofiles_refuse(r->why, "there is not enough memory");
		fd = open(path, O_RDONLY | O_CLOEXEC);
		good = fd >= 0 ? copy_file(r, i, fd, path)
			       : isofiles_refuse(r->why, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		free(path);
	}
	return good;
}

bool isofiles_read(const struct isofiles *files, const bool wanted[], isofiles_take *take,
		   void *arg, char why[static ISOFILES_WHY])
{
	struct isofiles_reading r = { files, wanted, take, arg, why };

	isofiles_refuse(why, "%s: there is not enough memory", files->source);
	return files->folder ? read_folder(&r) : isofiles_read_disc(&r);
}
