#include "config.h"

#include "lib/media/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DRAFT ".import-"
#define RESUMED ".pull-"
#define COPY_OCTETS (8 << 20)
#define SLACK (4 << 20) /* manifest, folders, what a file system rounds up */

/* ---- folders ---- */

/* fd's content goes, as far as it may; fd is closed. */
static void remove_content(int fd)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *d;

	if (!dir) {
		close(fd);
		return;
	}
	while ((d = readdir(dir)) != NULL) {
		int child;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(dir), d->d_name, 0) == 0)
			continue;
		child = openat(dirfd(dir), d->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (child >= 0)
			remove_content(child);
		unlinkat(dirfd(dir), d->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

static void remove_draft(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		remove_content(fd);
	unlinkat(folder, name, AT_REMOVEDIR);
}

/* A draft whose process is gone is locked by nobody; but is the one to be kept. */
static void remove_stale(int folder, const char *prefix, const char *but)
{
	int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *d;

	while (dir && (d = readdir(dir)) != NULL) {
		int fd;

		if (strncmp(d->d_name, prefix, strlen(prefix)) != 0 ||
		    strcmp(d->d_name, but) == 0)
			continue;
		fd = openat(folder, d->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			remove_draft(folder, d->d_name);
		if (fd >= 0)
			close(fd);
	}
	if (dir)
		closedir(dir);
}

static int sync_folder(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *d;

	if (!dir)
		return -1;
	while (result == 0 && (d = readdir(dir)) != NULL) {
		int child;

		if (d->d_name[0] == '.')
			continue;
		child = openat(fd, d->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (child < 0)
			continue; /* a file, synced when it was written */
		result = fchmod(child, 0755) < 0 ? -1 : sync_folder(child);
		close(child);
	}
	closedir(dir);
	return result < 0 ? -1 : fsync(fd);
}

/* ---- beginning ---- */

bool publish_free(const char *images, const char *name, const char *version,
		  char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];
	struct stat st;

	if (!image_name_ok(name))
		return catalogue_refuse(
			why,
			"'%.100s' is no name for an image: letters, digits and "
			"._+- are, at most %d, and no blank",
			name, JOB_NAME - 1);
	if (!version)
		return true;
	if (!image_name_ok(version) || strcmp(version, "current") == 0)
		return catalogue_refuse(
			why,
			"'%.100s' is no version: letters, digits and ._+- are, at "
			"most %d, and not 'current'",
			version, JOB_NAME - 1);
	snprintf(path, sizeof(path), "%s/%s/%s", images, name, version);
	if (lstat(path, &st) == 0)
		return catalogue_refuse(
			why,
			"%s@%s exists: a version never changes, choose another by "
			"--version",
			name, version);
	return true;
}

static bool open_folder(struct publish *p, char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", p->images, p->name);
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return catalogue_refuse(why, "%s: %s", path, strerror(errno));
	p->folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return p->folder >= 0 || catalogue_refuse(why, "%s: %s", path, strerror(errno));
}

bool publish_room(struct publish *p, int64_t need, char why[static CATALOGUE_WHY])
{
	struct statvfs vfs;
	int64_t room;

	if (fstatvfs(p->folder, &vfs) < 0)
		return catalogue_refuse(why, "%s: %s", p->images, strerror(errno));
	room = (int64_t)(vfs.f_bavail * vfs.f_frsize);
	if (room >= need + SLACK)
		return true;
	return catalogue_refuse(
		why,
		"%s: there is too little space: %lld octets are needed, %lld "
		"are free",
		p->images, (long long)need + SLACK, (long long)room);
}

/*
 * Between its making and its lock, another import may take the folder for one
 * that is left over; then there is another.
 */
static bool make_draft(struct publish *p, char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];
	struct stat st;

	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "%s/%s/" DRAFT "XXXXXX", p->images, p->name);
		if (!mkdtemp(path))
			break;
		snprintf(p->draft, sizeof(p->draft), "%s", strrchr(path, '/') + 1);
		p->dir = openat(p->folder, p->draft,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (p->dir < 0)
			continue;
		if (flock(p->dir, LOCK_EX | LOCK_NB) == 0 &&
		    fstatat(p->folder, p->draft, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
		close(p->dir);
		p->dir = -1;
	}
	return catalogue_refuse(why, "%s: %s", path, strerror(errno));
}

static bool open_name(struct publish *p, const char *images, const char *name,
		      const char *version, char why[static CATALOGUE_WHY])
{
	*p = (struct publish){ .images = images, .folder = -1, .dir = -1 };
	if (!publish_free(images, name, version, why))
		return false;
	snprintf(p->name, sizeof(p->name), "%s", name);
	snprintf(p->version, sizeof(p->version), "%s", version);
	return open_folder(p, why);
}

bool publish_begin(struct publish *p, const char *images, const char *name,
		   const char *version, int64_t need, char why[static CATALOGUE_WHY])
{
	if (!open_name(p, images, name, version, why))
		return false;
	remove_stale(p->folder, DRAFT, "");
	if (publish_room(p, need, why) && make_draft(p, why))
		return true;
	publish_abort(p);
	return false;
}

/* What was killed while it wrote the manifest writes it again. */
static bool take_up(struct publish *p, bool *busy, char why[static CATALOGUE_WHY])
{
	if (mkdirat(p->folder, p->draft, 0700) < 0 && errno != EEXIST)
		return catalogue_refuse(why, "%s/%s: %s", p->images, p->name,
					strerror(errno));
	p->dir = openat(p->folder, p->draft,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	*busy = p->dir >= 0 && flock(p->dir, LOCK_EX | LOCK_NB) < 0;
	if (*busy)
		return catalogue_refuse(why, "%s@%s: another process is at it", p->name,
					p->version);
	if (p->dir >= 0 && (unlinkat(p->dir, "MANIFEST", 0) == 0 || errno == ENOENT))
		return true;
	return catalogue_refuse(why, "%s/%s/%s: %s", p->images, p->name, p->draft,
				strerror(errno));
}

bool publish_resume(struct publish *p, const char *images, const char *name,
		    const char *version, const char *tag, bool *busy,
		    char why[static CATALOGUE_WHY])
{
	*busy = false;
	if (!open_name(p, images, name, version, why))
		return false;
	snprintf(p->draft, sizeof(p->draft), RESUMED "%.*s", PUBLISH_TAG, tag);
	remove_stale(p->folder, RESUMED, p->draft);
	if (take_up(p, busy, why))
		return true;
	publish_leave(p);
	return false;
}

/* ---- files ---- */

static bool make_folders(struct publish *p, const char *name,
			 char why[static CATALOGUE_WHY])
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", name);
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(p->dir, path, 0755) < 0 && errno != EEXIST)
			return catalogue_refuse(why, "%s/%s/%s: %s", p->images, p->name,
						path, strerror(errno));
		*slash = '/';
	}
	return true;
}

static int open_file(struct publish *p, const char *name, int flags,
		     char why[static CATALOGUE_WHY])
{
	int fd;

	if (!image_file_name_ok(name)) {
		catalogue_refuse(why, "'%.200s' is no name for a file of an image", name);
		return -1;
	}
	if (!make_folders(p, name, why))
		return -1;
	fd = openat(p->dir, name, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0644);
	if (fd < 0)
		catalogue_refuse(why, "%s/%s/%s: %s", p->images, p->name, name,
				 strerror(errno));
	return fd;
}

int publish_reopen(struct publish *p, const char *name, char why[static CATALOGUE_WHY])
{
	return open_file(p, name, O_NOFOLLOW, why);
}

int publish_file(struct publish *p, const char *name, int64_t size,
		 char why[static CATALOGUE_WHY])
{
	int fd = open_file(p, name, O_EXCL, why);

	if (fd < 0)
		return -1;
	if (size > 0 && fallocate(fd, 0, 0, size) < 0 && errno == ENOSPC) {
		catalogue_refuse(why, "%s: there is too little space for %s", p->images,
				 name);
		close(fd);
		return -1;
	}
	return fd;
}

/* ---- files that are there already ---- */

static bool copy_file(struct publish *p, const char *name, int in,
		      char why[static CATALOGUE_WHY])
{
	int out = publish_file(p, name, 0, why);
	ssize_t n = 1;

	if (out < 0)
		return false;
	while (n > 0 || (n < 0 && errno == EINTR))
		n = sendfile(out, in, NULL, COPY_OCTETS);
	if (n < 0 || fsync(out) < 0)
		catalogue_refuse(why, "%s/%s/%s: %s", p->images, p->name, name,
				 strerror(errno));
	n |= close(out);
	return n == 0;
}

bool publish_link(struct publish *p, const char *name, const char *from,
		  char why[static CATALOGUE_WHY])
{
	bool good;
	int in;

	if (!image_file_name_ok(name))
		return catalogue_refuse(why, "'%.200s' is no name for a file of an image",
					name);
	if (!make_folders(p, name, why))
		return false;
	if (linkat(AT_FDCWD, from, p->dir, name, 0) == 0)
		return true;
	if (errno != EPERM && errno != EMLINK && errno != EXDEV && errno != EOPNOTSUPP)
		return catalogue_refuse(why, "%s: %s", from, strerror(errno));
	in = open(from, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return catalogue_refuse(why, "%s: %s", from, strerror(errno));
	good = copy_file(p, name, in, why);
	close(in);
	return good;
}

bool publish_move(struct publish *p, const char *name, const char *from,
		  char why[static CATALOGUE_WHY])
{
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (!good)
		catalogue_refuse(why, "%s: %s", from, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (!good || !make_folders(p, name, why))
		return false;
	return renameat(AT_FDCWD, from, p->dir, name) == 0 ||
	       catalogue_refuse(why, "%s: %s", from, strerror(errno));
}

/* ---- the end ---- */

static bool write_manifest(struct publish *p, const char *text,
			   char why[static CATALOGUE_WHY])
{
	size_t len = strlen(text), at = 0;
	int fd = publish_file(p, "MANIFEST", 0, why);
	bool good = true;

	if (fd < 0)
		return false;
	while (good && at < len) {
		ssize_t n = write(fd, text + at, len - at);

		good = n > 0 || (n < 0 && errno == EINTR);
		at += n > 0 ? (size_t)n : 0;
	}
	good = good && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
	if (!good)
		catalogue_refuse(why, "%s/%s: MANIFEST: %s", p->images, p->name,
				 strerror(errno));
	close(fd);
	return good;
}

/* Where the file system cannot refuse to replace, a folder with files is not replaced. */
static int rename_new(int folder, const char *from, const char *to)
{
	if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return 0;
	return errno == EINVAL ? renameat(folder, from, folder, to) : -1;
}

static bool sync_images(struct publish *p)
{
	int fd = open(p->images, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(p->folder) == 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

bool publish_end(struct publish *p, const char *manifest, char why[static CATALOGUE_WHY])
{
	if (!write_manifest(p, manifest, why))
		return false;
	if (fchmod(p->dir, 0755) < 0 || sync_folder(p->dir) < 0)
		return catalogue_refuse(why, "%s/%s: %s", p->images, p->name,
					strerror(errno));
	if (rename_new(p->folder, p->draft, p->version) < 0) {
		if (errno == EEXIST || errno == ENOTEMPTY)
			return catalogue_refuse(why,
						"%s@%s exists: somebody else was faster",
						p->name, p->version);
		return catalogue_refuse(why, "%s/%s/%s: %s", p->images, p->name,
					p->version, strerror(errno));
	}
	*p->draft = '\0';
	if (symlinkat(p->version, p->folder, "current") < 0 && errno != EEXIST)
		return catalogue_refuse(why, "%s/%s/current: %s", p->images, p->name,
					strerror(errno));
	if (!sync_images(p))
		return catalogue_refuse(why, "%s/%s: %s", p->images, p->name,
					strerror(errno));
	publish_abort(p);
	catalogue_index(p->images, why); /* others hear of it now or after the next */
	return true;
}

void publish_leave(struct publish *p)
{
	unlinkat(p->folder, p->draft, AT_REMOVEDIR); /* if there is nothing in it */
	*p->draft = '\0';
	publish_abort(p);
}

void publish_abort(struct publish *p)
{
	char path[PATH_MAX];

	if (*p->draft)
		remove_draft(p->folder, p->draft);
	if (p->dir >= 0)
		close(p->dir);
	if (p->folder >= 0)
		close(p->folder);
	snprintf(path, sizeof(path), "%s/%s", p->images, p->name);
	if (*p->name)
		rmdir(path); /* if it is empty: the first version did not come about */
	p->dir = p->folder = -1;
	*p->draft = '\0';
}
