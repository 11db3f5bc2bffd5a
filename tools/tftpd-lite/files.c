#include "config.h"

#include "tools/tftpd-lite/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPEN_TRIES 4 /* EAGAIN: something was renamed while the kernel walked */

static int open_root(const char *root)
{
	return open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int files_begin(struct files *files, const char *root)
{
	for (size_t i = 0; i < FILES_BUCKETS; i++)
		LIST_INIT(&files->bucket[i]);
	TAILQ_INIT(&files->unused);
	files->unused_count = 0;
	files->root = open_root(root);
	return files->root < 0 ? -1 : 0;
}

int files_reroot(struct files *files, const char *root)
{
	int fd = open_root(root);

	if (fd < 0)
		return -1;
	close(files->root);
	files->root = fd;
	return 0;
}

static uint64_t resolve(enum files_links links)
{
	switch (links) {
	case FILES_LINKS_NONE:
		return RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
	case FILES_LINKS_ANYWHERE:
		return RESOLVE_NO_MAGICLINKS;
	case FILES_LINKS_INSIDE:
		break;
	}
	return RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
}

/* O_NONBLOCK: opening a FIFO must not wait for a writer. */
int files_reach(const struct files *files, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)flags | O_CLOEXEC |
			 (flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY),
		.resolve = resolve(files->links),
	};
	long fd = -1;

	for (int i = 0; i < OPEN_TRIES; i++) {
		fd = syscall(SYS_openat2, files->root, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return (int)fd;
}

static enum tftp_code code_of(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		return TFTP_NOT_FOUND;
	case EACCES:
	case EPERM:
	case ELOOP:
	case EXDEV:
	case ENXIO:
		return TFTP_ACCESS;
	}
	return TFTP_NOT_DEFINED;
}

static struct files_bucket *bucket_of(struct files *files, const struct stat *st)
{
	return &files->bucket[(st->st_ino ^ st->st_dev) % FILES_BUCKETS];
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static struct file *find(struct files *files, const struct stat *st)
{
	struct file *file;

	LIST_FOREACH(file, bucket_of(files, st), same_bucket)
	if (file->dev == st->st_dev && file->ino == st->st_ino &&
	    file->size == (uint64_t)st->st_size && same_time(&file->mtime, &st->st_mtim))
		return file;
	return NULL;
}

static bool map(struct file *file)
{
	void *octets;

	if (file->size == 0)
		return true;
	if (file->size > SIZE_MAX)
		return false;
	octets = mmap(NULL, file->size, PROT_READ, MAP_SHARED, file->fd, 0);
	if (octets == MAP_FAILED)
		return false;
	file->octets = octets;
	return true;
}

/* Takes fd over, if it succeeds. */
static struct file *add(struct files *files, int fd, const struct stat *st)
{
	struct file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->dev = st->st_dev;
	file->ino = st->st_ino;
	file->mtime = st->st_mtim;
	file->size = (uint64_t)st->st_size;
	file->fd = fd;
	file->home = files;
	if (!map(file)) {
		free(file);
		return NULL;
	}
	LIST_INSERT_HEAD(bucket_of(files, st), file, same_bucket);
	return file;
}

static bool may_be_served(const struct files *files, int fd, struct stat *st,
			  enum tftp_code *code)
{
	*code = TFTP_NOT_DEFINED;
	if (fstat(fd, st) < 0)
		return false;
	*code = TFTP_ACCESS;
	return S_ISREG(st->st_mode) && (files->unpublic || (st->st_mode & S_IROTH));
}

/* fd is this file's, if it was not open yet; else it has done its work. */
static struct file *share(struct files *files, int fd, enum tftp_code *code)
{
	struct stat st;
	struct file *file;

	if (!may_be_served(files, fd, &st, code))
		return NULL;
	file = find(files, &st);
	*code = TFTP_NOT_DEFINED;
	return file ? file : add(files, fd, &st);
}

static void use(struct file *file)
{
	if (file->users++ || !file->unused)
		return;
	TAILQ_REMOVE(&file->home->unused, file, in_unused);
	file->home->unused_count--;
	file->unused = file->old = false;
}

struct file *files_open(struct files *files, const char *path, enum tftp_code *code)
{
	int fd = files_reach(files, path, O_RDONLY);
	struct file *file;

	if (fd < 0) {
		*code = code_of(errno);
		return NULL;
	}
	file = share(files, fd, code);
	if (!file || file->fd != fd)
		close(fd);
	if (file)
		use(file);
	return file;
}

static void let_go(struct file *file)
{
	TAILQ_REMOVE(&file->home->unused, file, in_unused);
	file->home->unused_count--;
	LIST_REMOVE(file, same_bucket);
	if (file->octets)
		munmap(file->octets, file->size);
	close(file->fd);
	free(file->seen);
	free(file);
}

void files_close(struct file *file)
{
	struct files *files = file->home;

	if (--file->users)
		return;
	file->unused = true;
	TAILQ_INSERT_TAIL(&files->unused, file, in_unused);
	if (++files->unused_count > FILES_UNUSED)
		let_go(TAILQ_FIRST(&files->unused));
}

void files_age(struct files *files, bool all)
{
	struct file *file = TAILQ_FIRST(&files->unused), *next;

	for (; file; file = next) {
		next = TAILQ_NEXT(file, in_unused);
		if (file->old || all)
			let_go(file);
		else
			file->old = true;
	}
}

/* What is known of it here: a server of files that does not answer is not waited for. */
bool files_unchanged(const struct file *file)
{
	const unsigned wanted = STATX_SIZE | STATX_MTIME;
	struct timespec mtime;
	struct statx st;

	if (statx(file->fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, wanted, &st) < 0 ||
	    st.stx_size < file->size)
		return false;
	mtime = (struct timespec){ st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec };
	return st.stx_size > file->size || same_time(&file->mtime, &mtime);
}
