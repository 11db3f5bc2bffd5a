/* Tarballs: looked through while they pass by. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/pour_parts.h"
#include "lib/media/tarball.h"
#include "lib/media/window.h"

/* More would be more memory than we promise, here and where it is unpacked. */
#define WINDOW_MOST (UINT64_C(32) << 20)
#define TAR_RECORD 10240 /* a tarball is a multiple of it */

struct tap {
	struct work *work;
	struct target *target;
	int fd;
	bool failed;
};

static la_ssize_t read_tap(struct archive *a, void *what, const void **out)
{
	struct tap *tap = what;
	struct target *t = tap->target;
	struct work *w = tap->work;
	int64_t left = t->size - t->next;
	size_t n = left < DIGEST_BUFFER ? (size_t)left : DIGEST_BUFFER;
	char *p;

	if (n == 0)
		return 0;
	p = digest_buffer(w->digest);
	tap->failed = pour_read(tap->fd, p, n, t->next) != (ssize_t)n;
	if (tap->failed)
		catalogue_refuse(w->why, "%s: is truncated", t->file->from->path);
	else
		tap->failed = !pour_put(w, p, n, t, t->next, NULL);
	if (tap->failed) {
		archive_set_error(a, EIO, "not copied");
		return -1;
	}
	*out = p;
	return (la_ssize_t)n;
}

static bool take_member(struct tarball *members, struct archive_entry *e, char *why)
{
	const char *name = archive_entry_pathname(e);
	const char *symbolic = archive_entry_symlink(e);
	const char *link = symbolic ? symbolic : archive_entry_hardlink(e);

	return !name || tarball_member(members, name, link, symbolic != NULL, why);
}

/* Once more for growth and half a GiB for updates, as mkrootfs asks for. */
static void say_min_disk(struct image *image, int64_t unpacked)
{
	unpacked = (unpacked + TAR_RECORD - 1) / TAR_RECORD * TAR_RECORD;
	image->min_disk = unpacked * 2 + ((int64_t)512 << 20);
}

/* Of the first program or library: what processor the system is for. */
static void say_arch(struct image *image, struct archive *a, struct archive_entry *e)
{
	static const struct {
		unsigned machine;
		const char *name;
	} archs[] = { { 3, "i386" }, { 62, "x86_64" }, { 183, "aarch64" } };
	uint8_t head[20]; /* ELF: class and byte order at 4 and 5, machine at 18 */

	if (*image->arch || archive_entry_filetype(e) != AE_IFREG ||
	    archive_read_data(a, head, sizeof(head)) != (la_ssize_t)sizeof(head) ||
	    memcmp(head, "\177ELF", 4) != 0 || head[5] != 1)
		return;
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (archs[i].machine == (head[18] | (unsigned)head[19] << 8))
			snprintf(image->arch, sizeof(image->arch), "%s", archs[i].name);
}

static bool look_through(struct work *w, struct tap *tap, struct tarball *members)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	const char *path = tap->target->file->from->path;
	int result = ARCHIVE_FATAL;
	bool good = a != NULL;

	if (a) {
		archive_read_support_filter_gzip(a);
		archive_read_support_filter_xz(a);
		archive_read_support_filter_zstd(a);
		archive_read_support_format_tar(a);
		/* Not every tar stops where this one would. */
		archive_read_set_format_option(a, "tar", "read_concatenated_archives",
					       "1");
		result = archive_read_open(a, tap, NULL, read_tap, NULL);
	}
	while (good && result >= ARCHIVE_WARN &&
	       (result = archive_read_next_header(a, &e)) >= ARCHIVE_WARN &&
	       result != ARCHIVE_EOF) {
		good = take_member(members, e, w->why);
		say_arch(&w->recipe->image, a, e);
	}
	if (good && !tap->failed && result != ARCHIVE_EOF)
		good = catalogue_refuse(w->why, "%s: is truncated or damaged: %s", path,
					a ? archive_error_string(a) : strerror(errno));
	if (good && !tap->failed)
		say_min_disk(&w->recipe->image, archive_filter_bytes(a, 0));
	archive_read_free(a);
	return good && !tap->failed;
}

static bool fits_memory(struct work *w, const struct target *t)
{
	uint8_t head[WINDOW_HEAD];
	const struct source *from = t->file->from;
	ssize_t len = source_peek(from, t->file->entry, 0, head, sizeof(head), w->why);
	uint64_t window = len > 0 ? window_of(head, (size_t)len) : 0;

	if (len < 0)
		return false;
	if (window <= WINDOW_MOST)
		return true;
	return catalogue_refuse(
		w->why,
		"%s: wants %llu MiB of memory to be unpacked, and %llu is the most here "
		"and on the machines: pack it anew, like: %s -dc FILE | zstd -19 -o "
		"FILE.tar.zst",
		from->path, (unsigned long long)(window >> 20),
		(unsigned long long)(WINDOW_MOST >> 20),
		head[0] == 0xfd ? "xz" : "zstd --long=31");
}

bool pour_tarball(struct work *w, struct target *t)
{
	struct tarball *members = tarball_new(t->file->from->path);
	struct source_extent *extent;
	struct tap tap = { .work = w, .target = t };
	const void *rest;
	size_t count;
	bool own, good;

	if (!fits_memory(w, t)) {
		tarball_free(members);
		return false;
	}
	if (!members)
		return catalogue_refuse(w->why, "%s", strerror(errno));
	if (!source_map(t->file->from, t->file->entry, &tap.fd, &own, &extent, &count,
			w->why)) {
		tarball_free(members);
		return false;
	}
	good = look_through(w, &tap, members);
	while (good && t->next < t->size) /* what follows the end of the archive */
		good = read_tap(NULL, &tap, &rest) > 0;
	if (good && !tarball_is_system(members) && !w->recipe->any_tarball)
		good = catalogue_refuse(
			w->why,
			"%s: holds no root file system: it has no etc and usr "
			"(--kind rootfs takes it nevertheless)",
			t->file->from->path);
	tarball_free(members);
	free(extent);
	if (own)
		close(tap.fd);
	return good;
}
