#include "config.h"

#include "lib/media/pour.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/pour_parts.h"

#define TAR_RECORD 10240      /* a tarball is a multiple of it */
#define FLUSH_EVERY (8 << 20) /* octets until the disk is told to begin */

/* A run of octets of the source that goes into a file. */
struct piece {
	int64_t at, len, to;
	struct target *target;
};

/* ---- octets ---- */

static bool is_zero(const char *p, size_t len)
{
	return *p == 0 && memcmp(p, p + 1, len - 1) == 0;
}

/* A file whose octets are all there already as zeros needs none written. */
static bool write_at(struct work *w, struct target *t, const char *p, size_t len,
		     int64_t to)
{
	if (is_zero(p, len))
		return true;
	for (size_t at = 0; at < len;) {
		ssize_t n = pwrite(t->fd, p + at, len - at, to + (int64_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return catalogue_refuse(w->why, "%s/%s: %s: %s",
						w->publish->images, w->publish->name,
						t->file->name, strerror(errno));
		at += (size_t)n;
	}
	if (to / FLUSH_EVERY != (to + (int64_t)len) / FLUSH_EVERY)
		sync_file_range(t->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return true;
}

bool pour_put(struct work *w, const char *p, size_t len, struct target *t, int64_t to,
	      struct digest_sum *whole)
{
	digest_feed(w->digest, len, t && !t->disorder && t->next == to ? t->sum : NULL,
		    whole);
	if (t && t->next != to)
		t->disorder = true;
	if (t)
		t->next += (int64_t)len;
	if (t && !write_at(w, t, p, len, to))
		return false;
	w->done += (int64_t)len;
	if (w->order->told && !w->order->told(w->done, w->total))
		return catalogue_refuse(w->why, "interrupted");
	return true;
}

ssize_t pour_read(int fd, char *p, size_t len, int64_t at)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, p + got, len - got, at + (int64_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : (ssize_t)got;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

static bool copy_run(struct work *w, const struct source *s, int fd, int64_t at,
		     int64_t len, struct target *t, int64_t to, struct digest_sum *whole)
{
	while (len > 0) {
		size_t n = len < DIGEST_BUFFER ? (size_t)len : DIGEST_BUFFER;
		char *p = digest_buffer(w->digest);
		ssize_t got = pour_read(fd, p, n, at);

		if (got < 0)
			return catalogue_refuse(w->why, "%s: %s", s->path,
						strerror(errno));
		if ((size_t)got < n)
			return catalogue_refuse(w->why,
						"%s: is truncated: it ends at octet %lld",
						s->path, (long long)at + got);
		if (!pour_put(w, p, n, t, to, whole))
			return false;
		at += (int64_t)n;
		to += (int64_t)n;
		len -= (int64_t)n;
	}
	return true;
}

/* ---- files of which only a reader knows the octets ---- */

static bool copy_read(struct work *w, struct target *t)
{
	struct source_reader *r = source_reader(t->file->from, t->file->entry, w->why);
	ssize_t n = 1;
	bool good = r != NULL;

	while (good && t->next < t->size) {
		char *p = digest_buffer(w->digest);

		n = source_read(r, p, DIGEST_BUFFER, w->why);
		if (n == 0 || n > t->size - t->next)
			good = catalogue_refuse(w->why, "%s: %s: is truncated or damaged",
						t->file->from->path,
						t->file->entry->path);
		else
			good = n > 0 && pour_put(w, p, (size_t)n, t, t->next, NULL);
	}
	source_reader_free(r);
	return good;
}

/* ---- runs of octets, in the order of the disc ---- */

static bool add_pieces(struct piece **piece, size_t *pieces, struct target *t,
		       const struct source_extent *extent, size_t count)
{
	struct piece *more = realloc(*piece, (*pieces + count + 1) * sizeof(*more));
	int64_t to = 0;

	if (!more)
		return false;
	*piece = more;
	for (size_t i = 0; i < count; i++) {
		more[(*pieces)++] = (struct piece){ extent[i].at, extent[i].len, to, t };
		to += extent[i].len;
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static bool copy_pieces(struct work *w, const struct source *s, struct piece *piece,
			size_t pieces)
{
	int64_t cursor = 0, again;

	if (pieces)
		qsort(piece, pieces, sizeof(*piece), by_place);
	for (size_t i = 0; i < pieces; i++) {
		const struct piece *p = &piece[i];

		if (w->whole && cursor < p->at &&
		    !copy_run(w, s, s->fd, cursor, p->at - cursor, NULL, 0, w->whole))
			return false;
		if (cursor < p->at)
			cursor = p->at;
		/* Two names of the same octets: they count once for the disc. */
		again = cursor - p->at < p->len ? cursor - p->at : p->len;
		if (!copy_run(w, s, s->fd, p->at, again, p->target, p->to, NULL) ||
		    !copy_run(w, s, s->fd, p->at + again, p->len - again, p->target,
			      p->to + again, w->whole))
			return false;
		if (cursor < p->at + p->len)
			cursor = p->at + p->len;
	}
	return !w->whole ||
	       copy_run(w, s, s->fd, cursor, s->size - cursor, NULL, 0, w->whole);
}

/* All files of one disc, or one file. */
static bool copy_source(struct work *w, const struct source *s)
{
	struct piece *piece = NULL;
	size_t pieces = 0, count;
	bool good = true;

	for (size_t i = 0; good && i < w->recipe->files; i++) {
		struct target *t = &w->target[i];
		struct source_extent *extent = NULL;
		bool own = false;
		int fd;

		if (t->file->from != s || t->file == w->recipe->tarball || !t->size)
			continue;
		if (!t->file->entry) {
			struct source_extent all = { 0, s->size };

			good = add_pieces(&piece, &pieces, t, &all, 1);
			continue;
		}
		good = source_map(s, t->file->entry, &fd, &own, &extent, &count, w->why);
		if (good && count == 0)
			good = copy_read(w, t);
		else if (good && own)
			good = copy_run(w, s, fd, 0, t->size, t, 0, NULL);
		else if (good && !add_pieces(&piece, &pieces, t, extent, count))
			good = catalogue_refuse(w->why, "%s: %s", s->path,
						strerror(errno));
		if (own)
			close(fd);
		free(extent);
	}
	good = good && (s->kind == SOURCE_FOLDER || copy_pieces(w, s, piece, pieces));
	free(piece);
	return good;
}

/* ---- files, from their making to their sum ---- */

static bool open_targets(struct work *w)
{
	w->target = calloc(w->recipe->files, sizeof(*w->target));
	if (!w->target)
		return catalogue_refuse(w->why, "%s", strerror(errno));
	for (size_t i = 0; i < w->recipe->files; i++)
		w->target[i] = (struct target){ .file = &w->recipe->file[i], .fd = -1 };
	for (size_t i = 0; i < w->recipe->files; i++) {
		struct target *t = &w->target[i];
		const struct source *s = w->recipe->file[i].from;
		bool holes;

		t->size = t->file->entry ? t->file->entry->size : s->size;
		holes = s->kind != SOURCE_FOLDER && s->on_disk < s->size;
		t->fd = publish_file(w->publish, t->file->name, holes ? 0 : t->size,
				     w->why);
		t->sum = t->fd < 0 ? NULL : digest_sum(w->digest);
		if (!t->sum)
			return t->fd < 0
				       ? false
				       : catalogue_refuse(w->why, "%s", strerror(errno));
	}
	return true;
}

/* Some disc had it in pieces of another order. */
static bool sum_again(struct work *w, struct target *t)
{
	t->sum = digest_sum(w->digest);
	for (int64_t at = 0; t->sum && at < t->size;) {
		char *p = digest_buffer(w->digest);
		ssize_t n = pour_read(t->fd, p, DIGEST_BUFFER, at);

		if (n <= 0)
			return catalogue_refuse(w->why, "%s: %s", t->file->name,
						strerror(errno));
		digest_feed(w->digest, (size_t)n, t->sum, NULL);
		at += n;
	}
	return t->sum || catalogue_refuse(w->why, "%s", strerror(errno));
}

static bool finish(struct work *w, struct target *t)
{
	struct image_file out = { .size = t->size };
	const char *from = t->file->entry ? t->file->entry->path : t->file->from->path;

	if (ftruncate(t->fd, t->size) < 0 || fchmod(t->fd, 0644) < 0)
		return catalogue_refuse(w->why, "%s: %s", t->file->name, strerror(errno));
	if (t->disorder && !sum_again(w, t))
		return false;
	if (fsync(t->fd) < 0)
		return catalogue_refuse(w->why, "%s: %s", t->file->name, strerror(errno));
	memcpy(out.name, t->file->name, sizeof(out.name));
	digest_text(w->digest, t->sum, out.sha256);
	if (*t->file->expect && strcmp(t->file->expect, out.sha256) != 0)
		return catalogue_refuse(w->why,
					"%s: wrong checksum: it is %s, and should be %s",
					from, out.sha256, t->file->expect);
	return image_add_file(&w->recipe->image, &out) ||
	       catalogue_refuse(w->why, "%s", strerror(errno));
}

/* Whoever still writes to it would give us half of this and half of that. */
static bool unchanged(struct work *w, const struct source *s)
{
	struct stat st;

	return s->kind == SOURCE_FOLDER ||
	       (fstat(s->fd, &st) == 0 && st.st_size == s->size) ||
	       catalogue_refuse(w->why, "%s: changed while it was read", s->path);
}

static bool check_whole(struct work *w)
{
	char sum[IMAGE_SHA256];

	if (!w->whole)
		return true;
	digest_text(w->digest, w->whole, sum);
	return strcmp(sum, w->order->whole) == 0 ||
	       catalogue_refuse(w->why, "%s: wrong checksum: it is %s, and should be %s",
				w->recipe->source[0]->path, sum, w->order->whole);
}

static bool run(struct work *w)
{
	if (*w->order->whole) {
		w->whole = digest_sum(w->digest);
		if (!w->whole)
			return catalogue_refuse(w->why, "%s", strerror(errno));
	}
	if (!open_targets(w))
		return false;
	for (size_t i = 0; i < w->recipe->sources; i++) {
		const struct source *s = w->recipe->source[i];

		posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		if (!copy_source(w, s))
			return false;
	}
	for (size_t i = 0; i < w->recipe->files; i++)
		if (w->target[i].file == w->recipe->tarball &&
		    !pour_tarball(w, &w->target[i]))
			return false;
	if (!check_whole(w))
		return false;
	for (size_t i = 0; i < w->recipe->sources; i++)
		if (!unchanged(w, w->recipe->source[i]))
			return false;
	for (size_t i = 0; i < w->recipe->files; i++)
		if (!finish(w, &w->target[i]))
			return false;
	return true;
}

int64_t pour_total(const struct recipe *r, const struct pour_order *order)
{
	int64_t sum = recipe_octets(r);

	for (size_t i = 0; *order->whole && i < r->files; i++)
		if (r->file[i].from == r->source[0] && r->source[0]->kind == SOURCE_UDF)
			sum -= r->file[i].entry ? r->file[i].entry->size : 0;
	return *order->whole ? sum + r->source[0]->size : sum;
}

bool pour(struct recipe *r, struct publish *p, const struct pour_order *order,
	  char why[static CATALOGUE_WHY])
{
	struct work w = { .recipe = r, .publish = p, .order = order, .why = why };
	bool good;

	w.total = pour_total(r, order);
	w.digest = digest_start();
	if (!w.digest)
		return catalogue_refuse(why, "%s", strerror(errno));
	good = run(&w);
	for (size_t i = 0; w.target && i < r->files; i++)
		if (w.target[i].fd >= 0)
			close(w.target[i].fd);
	free(w.target);
	digest_stop(w.digest);
	return good;
}
