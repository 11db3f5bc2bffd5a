#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/catalogue_verify.h"
#include "lib/media/publish.h"
#include "lib/sys/exits.h"
#include "tools/imgctl/pull.h"

#define MANIFEST_LARGEST (1 << 20)
#define TRIES 5
#define NOTE ".etag" /* in the draft: which file is under way, and its ETag */

/* ---- the manifest ---- */

/* Of what is not here yet; -1 if it is more than can be. */
static int64_t octets_of(const struct image *image, const struct publish *to)
{
	int64_t sum = 0;

	for (size_t i = 0; i < image->files; i++) {
		const struct image_file *f = &image->file[i];
		int64_t left = f->size < 0 ? 0 : f->size;
		struct stat st;

		if (to && fstatat(to->dir, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_size <= left)
			left -= st.st_size;
		if (__builtin_add_overflow(sum, left, &sum) || sum > INT64_MAX / 2)
			return -1;
	}
	return sum;
}

/* What would hide in the draft, or be in the way of what we write there ourselves. */
static bool is_ours(const char *name)
{
	for (const char *p = name; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (*p == '.')
			return true;
	}
	return strncmp(name, "MANIFEST", 8) == 0 && (!name[8] || name[8] == '/');
}

static bool is_right(const struct image *image, const struct image_index_entry *e,
		     char why[static CATALOGUE_WHY])
{
	if (strcmp(image->name, e->name) != 0 || strcmp(image->version, e->version) != 0)
		return catalogue_refuse(why,
					"%s@%s: is answered by the manifest of %s@%s",
					e->name, e->version, image->name, image->version);
	if (octets_of(image, NULL) < 0)
		return catalogue_refuse(why, "%s@%s: is longer than can be", e->name,
					e->version);
	for (size_t i = 0; i < image->files; i++)
		if (is_ours(image->file[i].name))
			return catalogue_refuse(why, "%s@%s: no file may be called %s",
						e->name, e->version, image->file[i].name);
	return true;
}

static bool sum_fits(const char *text, size_t len, const char *sha256)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char hex[IMAGE_SHA256];

	crypto_hash_sha256(digest, (const unsigned char *)text, len);
	sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
	return strcmp(hex, sha256) == 0;
}

static bool fetch_manifest(struct pull *p, const struct image_index_entry *e, char **text,
			   struct image *image, char why[static CATALOGUE_WHY])
{
	char path[3 * JOB_NAME], *url;
	const char *reason;
	size_t len, line;
	long status;
	bool good;

	*text = NULL;
	*image = (struct image){ 0 };
	snprintf(path, sizeof(path), "%s/%s/MANIFEST", e->name, e->version);
	if (!fetch_url(p->url, path, &url))
		return catalogue_refuse(why, "not enough memory");
	good = fetch_text(p->fetch, url, MANIFEST_LARGEST, text, &len, &status, why);
	if (good && !sum_fits(*text, len, e->sha256))
		good = catalogue_refuse(
			why, "%s: is not what INDEX says; it may have just changed", url);
	if (good && !image_parse(*text, len, image, &line, &reason))
		good = catalogue_refuse(why, "%s:%zu: %s", url, line, reason);
	else if (good && !is_right(image, e, why)) {
		image_free(image);
		good = false;
	}
	free(url);
	if (good)
		return true;
	free(*text);
	*text = NULL;
	return false;
}

/* ---- one file ---- */

struct transfer {
	struct publish *to;
	const struct image_file *file;
};

/* A note that is lost costs a transfer, and no more. */
static bool write_note(void *context, const struct fetch_file *f)
{
	const struct transfer *t = context;
	int fd = openat(t->to->dir, NOTE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = fd >= 0 && dprintf(fd, "%s\n%s\n", t->file->name, f->etag) > 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static void read_note(const struct transfer *t, char etag[static FETCH_ETAG])
{
	char text[sizeof(t->file->name) + FETCH_ETAG + 2], *newline;
	int fd = openat(t->to->dir, NOTE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	size_t name = strlen(t->file->name);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = *etag = '\0';
	if (strncmp(text, t->file->name, name) != 0 || text[name] != '\n')
		return;
	newline = strchr(text + name + 1, '\n');
	if (newline)
		*newline = '\0';
	snprintf(etag, FETCH_ETAG, "%s", text + name + 1);
}

/* Whether the file has all its octets, and these are the right ones. */
static bool is_whole(int fd, const struct image_file *file)
{
	char sha256[IMAGE_SHA256];
	int64_t size;

	return lseek(fd, 0, SEEK_SET) == 0 && verify_sum(fd, sha256, &size) == 0 &&
	       (file->size < 0 || size == file->size) &&
	       strcmp(sha256, file->sha256) == 0;
}

/* A connection that breaks is made again, as long as something comes by it. */
static bool fetch_rest(struct pull *p, const char *url, struct fetch_file *f,
		       int64_t *octets, char why[static CATALOGUE_WHY])
{
	bool good = false;

	for (int i = 0; !good && i < TRIES; i++) {
		good = fetch_file(p->fetch, url, f, why);
		*octets += f->came;
		p->full |= f->error == ENOSPC;
		if (f->hopeless || f->error || f->came == 0)
			break;
	}
	return good;
}

static bool start_over(struct fetch_file *f)
{
	f->have = 0;
	*f->etag = '\0';
	return ftruncate(f->fd, 0) == 0;
}

static bool fetch_right(struct pull *p, const char *url, const struct image_file *file,
			struct fetch_file *f, int64_t *octets,
			char why[static CATALOGUE_WHY])
{
	if (!fetch_rest(p, url, f, octets, why))
		return false;
	if (is_whole(f->fd, file))
		return true;
	f->hopeless = true;
	start_over(f);
	return catalogue_refuse(why, "%.300s: has another SHA-256 than the manifest says",
				url);
}

/* What is here may be of another file: then all of it once more. */
static bool fetch_whole(struct pull *p, const char *url, const struct image_file *file,
			struct fetch_file *f, int64_t *octets,
			char why[static CATALOGUE_WHY])
{
	bool resumed = f->have > 0 && f->have != file->size;

	if (!resumed && !start_over(f))
		return catalogue_refuse(why, "%s: %s", file->name, strerror(errno));
	if (fetch_right(p, url, file, f, octets, why))
		return true;
	return resumed && f->hopeless && start_over(f) &&
	       fetch_right(p, url, file, f, octets, why);
}

static bool pull_open_file(struct pull *p, struct transfer *t, const char *url, int fd,
			   int64_t *octets, char why[static CATALOGUE_WHY])
{
	struct fetch_file f = {
		.fd = fd, .size = t->file->size, .begins = write_note, .context = t
	};
	struct stat st;
	bool good;

	if (fstat(fd, &st) < 0)
		return catalogue_refuse(why, "%s: %s", t->file->name, strerror(errno));
	f.have = st.st_size;
	if (f.size >= 0 && f.have > f.size && !start_over(&f))
		return catalogue_refuse(why, "%s: %s", t->file->name, strerror(errno));
	if (f.have > 0 && is_whole(fd, t->file))
		return true;
	if (f.have > 0)
		read_note(t, f.etag);
	good = fetch_whole(p, url, t->file, &f, octets, why);
	if (good && (fchmod(fd, 0644) < 0 || fsync(fd) < 0))
		good = catalogue_refuse(why, "%s: %s", t->file->name, strerror(errno));
	return good;
}

static bool pull_file(struct pull *p, const struct image_index_entry *e,
		      struct publish *to, const struct image_file *file, int64_t *octets,
		      char why[static CATALOGUE_WHY])
{
	char path[2 * JOB_NAME + sizeof(file->name) + 2], *url;
	struct transfer t = { .to = to, .file = file };
	int fd = publish_reopen(to, file->name, why);
	bool good;

	if (fd < 0)
		return false;
	snprintf(path, sizeof(path), "%s/%s/%s", e->name, e->version, file->name);
	good = fetch_url(p->url, path, &url) ||
	       catalogue_refuse(why, "not enough memory");
	if (good) {
		good = pull_open_file(p, &t, url, fd, octets, why);
		free(url);
	}
	close(fd);
	return good;
}

/* ---- one version ---- */

static bool fill(struct pull *p, const struct image *image, struct publish *to,
		 struct pulled *out, char why[static CATALOGUE_WHY])
{
	bool good;

	p->done = 0;
	p->total = octets_of(image, to);
	good = publish_room(to, p->total, why);
	for (size_t i = 0; good && i < image->files; i++) {
		int64_t before = out->octets;

		good = pull_file(p, out->entry, to, &image->file[i], &out->octets, why);
		p->done += out->octets - before;
	}
	return good;
}

static int bring(struct pull *p, const struct image *image, const char *manifest,
		 struct pulled *out)
{
	const struct image_index_entry *e = out->entry;
	char why[CATALOGUE_WHY];
	struct publish to;
	bool busy;

	if (!publish_resume(&to, p->images, e->name, e->version, e->sha256, &busy, why)) {
		warnx("%s", why);
		return busy ? EXIT_BUSY : EXIT_FAILED;
	}
	if (!fill(p, image, &to, out, why)) {
		if (p->full) /* others need what we have taken of it */
			publish_abort(&to);
		else
			publish_leave(&to);
		warnx("%s", why);
		return EXIT_FAILED;
	}
	unlinkat(to.dir, NOTE, 0);
	if (!publish_end(&to, manifest, why)) {
		publish_leave(&to);
		warnx("%s", why);
		return EXIT_FAILED;
	}
	verify_remember(p->images, e->name, e->version, 0); /* every file was compared */
	out->came = true;
	return EXIT_DONE;
}

/* EXIT_NO: it is not here. */
static int is_here(const struct pull *p, const struct image_index_entry *e)
{
	char path[4096], sha256[IMAGE_SHA256];

	snprintf(path, sizeof(path), "%s/%s/%s", p->images, e->name, e->version);
	if (access(path, F_OK) < 0)
		return EXIT_NO;
	if (catalogue_manifest_sum(p->images, e->name, e->version, sha256) &&
	    strcmp(sha256, e->sha256) == 0)
		return EXIT_DONE;
	warnx("%s@%s: is another here than there, and a version never changes", e->name,
	      e->version);
	return EXIT_FAILED;
}

int pull_version(struct pull *p, const struct image_index_entry *entry,
		 struct pulled *out)
{
	char why[CATALOGUE_WHY], *manifest;
	struct image image;
	int code = is_here(p, entry);

	*out = (struct pulled){ .entry = entry };
	if (code != EXIT_NO)
		return code;
	if (!fetch_manifest(p, entry, &manifest, &image, why)) {
		warnx("%s", why);
		return EXIT_FAILED;
	}
	code = EXIT_DONE;
	if (p->dry_run) {
		out->came = true;
		out->octets = octets_of(&image, NULL);
	} else
		code = bring(p, &image, manifest, out);
	image_free(&image);
	free(manifest);
	return code;
}
