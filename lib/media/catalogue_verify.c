#include "config.h"

#include "lib/media/catalogue_verify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/file.h"
#include "lib/sys/now.h"

#define BLOCK 65536
#define DEPTH 16

static const char *const texts[VERIFY_FAULTS] = {
	[VERIFY_MISSING] = "is missing",
	[VERIFY_EXTRA] = "is not in the manifest",
	[VERIFY_SIZE] = "is not as long as the manifest says",
	[VERIFY_CHANGED] = "was changed: its SHA-256 is not the manifest's",
	[VERIFY_NO_FILE] = "is not a file",
	[VERIFY_UNREADABLE] = "cannot be read",
};

const char *verify_fault_text(enum verify_fault fault)
{
	return fault < VERIFY_FAULTS ? texts[fault] : "";
}

/* ---- sums ---- */

static void put_hex(const uint8_t digest[static 32], char out[static IMAGE_SHA256])
{
	for (size_t i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

struct run {
	const struct verify_watch *watch;
	const struct image *image;
	size_t faults;
	int64_t done, all;
};

static void tell(struct run *run, enum verify_fault fault, const char *file)
{
	run->faults++;
	run->watch->fault(run->watch->context, fault, file);
}

static int sum(int fd, struct run *run, char sha256[static IMAGE_SHA256], int64_t *size)
{
	uint8_t block[BLOCK], digest[32];
	struct sha256_ctx context;
	ssize_t n;

	*size = 0;
	sha256_init(&context);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		sha256_update(&context, (size_t)n, block);
		*size += n;
		if (!run)
			continue;
		run->done += n;
		if (run->watch->progress)
			run->watch->progress(run->watch->context, run->done, run->all);
	}
	sha256_digest(&context, sizeof(digest), digest);
	put_hex(digest, sha256);
	return 0;
}

int verify_sum(int fd, char sha256[static IMAGE_SHA256], int64_t *size)
{
	return sum(fd, NULL, sha256, size);
}

/* ---- the files of the manifest ---- */

static enum verify_fault open_fault(void)
{
	return errno == ENOENT || errno == ENOTDIR ? VERIFY_MISSING
	       : errno == ELOOP                    ? VERIFY_NO_FILE
						   : VERIFY_UNREADABLE;
}

/* VERIFY_FAULTS if nothing is wrong with it. */
static enum verify_fault judge(int fd, struct run *run, const struct image_file *file)
{
	char sha256[IMAGE_SHA256];
	struct stat st;
	int64_t size;

	if (fstat(fd, &st) < 0)
		return VERIFY_UNREADABLE;
	if (!S_ISREG(st.st_mode))
		return VERIFY_NO_FILE;
	if (file->size >= 0 && st.st_size != file->size)
		return VERIFY_SIZE;
	if (sum(fd, run, sha256, &size) < 0)
		return VERIFY_UNREADABLE;
	return strcmp(sha256, file->sha256) == 0 ? VERIFY_FAULTS : VERIFY_CHANGED;
}

/* To verify is not to use: imgctl prune wants to know when a machine read it last. */
static int open_unseen(int folder, const char *name)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	int fd = openat(folder, name, flags | O_NOATIME);

	if (fd < 0 && errno == EPERM)
		fd = openat(folder, name, flags);
	return fd;
}

static void check_file(int folder, struct run *run, const struct image_file *file)
{
	int fd = open_unseen(folder, file->name);
	enum verify_fault fault = fd < 0 ? open_fault() : judge(fd, run, file);

	if (fault < VERIFY_FAULTS)
		tell(run, fault, file->name);
	if (fd >= 0)
		close(fd);
}

static int64_t octets_of(int folder, const struct image *image)
{
	int64_t all = 0;
	struct stat st;

	for (size_t i = 0; i < image->files; i++)
		if (fstatat(folder, image->file[i].name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			all += st.st_size;
	return all;
}

/* ---- files that the manifest does not name ---- */

static bool is_named(const struct image *image, const char *name)
{
	for (size_t i = 0; i < image->files; i++)
		if (strcmp(image->file[i].name, name) == 0)
			return true;
	return false;
}

static void look_for_extra(int folder, const char *below, unsigned depth,
			   struct run *run);

static void look_at(int folder, const char *entry, const char *below, unsigned depth,
		    struct run *run)
{
	char name[PATH_MAX], *slash;
	struct stat st;
	int fd;

	if (snprintf(name, sizeof(name), "%s%s/", below, entry) >= PATH_MAX)
		return;
	slash = strrchr(name, '/');
	*slash = '\0';
	if (is_named(run->image, name))
		return;
	if (fstatat(folder, entry, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISDIR(st.st_mode) || depth == DEPTH) {
		tell(run, VERIFY_EXTRA, name);
		return;
	}
	fd = openat(folder, entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		tell(run, VERIFY_UNREADABLE, name);
		return;
	}
	*slash = '/';
	look_for_extra(fd, name, depth + 1, run);
}

/* Closes folder. */
static void look_for_extra(int folder, const char *below, unsigned depth, struct run *run)
{
	DIR *dir = fdopendir(folder);
	struct dirent *d;

	if (!dir) {
		close(folder);
		tell(run, VERIFY_UNREADABLE, *below ? below : ".");
		return;
	}
	while ((d = readdir(dir))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
		    (!*below && strcmp(d->d_name, "MANIFEST") == 0))
			continue;
		look_at(folder, d->d_name, below, depth, run);
	}
	closedir(dir);
}

bool verify_folder(const char *path, const struct image *image,
		   const struct verify_watch *watch, size_t *faults,
		   char why[static CATALOGUE_WHY])
{
	struct run run = { .watch = watch, .image = image };
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), again;

	if (folder < 0)
		return catalogue_refuse(why, "%s: %s", path, strerror(errno));
	flock(folder, LOCK_SH); /* whoever removes the version sees that it is in use */
	run.all = octets_of(folder, image);
	for (size_t i = 0; i < image->files; i++)
		check_file(folder, &run, &image->file[i]);
	again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (again >= 0)
		look_for_extra(again, "", 0, &run);
	close(folder);
	*faults = run.faults;
	return true;
}
