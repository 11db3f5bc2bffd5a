#include "config.h"

#include "tools/wimprep/place.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "lib/media/catalogue.h"
#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "tools/wimprep/version.h"

#define LOCK_POLL_MS 50

void place_path(char out[static PATH_MAX], const char *format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(out, PATH_MAX, format, ap);
	va_end(ap);
	if (len >= PATH_MAX)
		errx(EXIT_FAILED, "%.200s...: the path is too long", out);
}

/* The folder of a path, and what comes behind it. */
static const char *split(const char *path, char folder[static PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		place_path(folder, ".");
	else
		place_path(folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return slash ? slash + 1 : path;
}

static void set_work(struct place *p)
{
	place_path(p->stage, "%s/stage", p->work);
	place_path(p->draft, "%s/draft", p->work);
}

/* ---- a file ---- */

/* install.wim of the same media, in any case. */
static int install_rank(const char *name)
{
	static const char *const names[] = { "install.wim", "install.esd",
					     "install.swm" };

	for (int i = 0; i < 3; i++)
		if (strcasecmp(name, names[i]) == 0)
			return 3 - i;
	return 0;
}

static void find_install(struct place *p, const char *folder)
{
	DIR *dir = opendir(folder);
	int best = 0;
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (install_rank(d->d_name) > best) {
			best = install_rank(d->d_name);
			place_path(p->install, "%s/%s", folder, d->d_name);
		}
	if (dir)
		closedir(dir);
}

void place_file(struct place *p, const char *source, const char *output)
{
	char folder[PATH_MAX], resolved[PATH_MAX];
	const char *base;

	*p = (struct place){ .lock = -1,
			     .in_place = !output,
			     .shown = output ? output : source };
	if (!realpath(source, resolved))
		err(EXIT_FAILED, "%s", source);
	place_path(p->source, "%s", resolved);
	split(p->source, folder);
	find_install(p, folder);
	if (!output) {
		place_path(p->output, "%s", resolved);
		place_path(p->original, "%s.orig", resolved);
	} else if (realpath(output, resolved)) {
		place_path(p->output, "%s", resolved);
		if (strcmp(p->output, p->source) == 0)
			errx(EXIT_MISUSE,
			     "%s: is what is read; without --output it is replaced, "
			     "and its original kept",
			     output);
	} else {
		base = split(output, folder);
		if (!*base)
			errx(EXIT_MISUSE, "%s: is not a file's name", output);
		if (!realpath(folder, resolved))
			err(EXIT_FAILED, "%s", folder);
		place_path(p->output, "%s/%s", resolved, base);
	}
	base = split(p->output, folder);
	place_path(p->work, "%s/.%s.wimprep", folder, base);
	place_path(p->record, "%s/record", p->work);
	set_work(p);
}

/* ---- an image ---- */

static const struct image_file *boot_file(const struct image *image)
{
	for (size_t i = 0; i < image->files; i++) {
		const char *slash = strrchr(image->file[i].name, '/');

		if (strcasecmp(slash ? slash + 1 : image->file[i].name, "boot.wim") == 0)
			return &image->file[i];
	}
	return NULL;
}

static void install_file(struct place *p, const struct image *image)
{
	int best = 0;

	for (size_t i = 0; i < image->files; i++) {
		const char *slash = strrchr(image->file[i].name, '/');
		int rank = install_rank(slash ? slash + 1 : image->file[i].name);

		if (rank > best) {
			best = rank;
			place_path(p->install, "%s/%s/%s/%s", p->images, p->name, p->base,
				   image->file[i].name);
		}
	}
}

/* The base of a prepared version, if that is still there. */
static void load_base(struct place *p, const char *reference, struct image *image)
{
	char why[CATALOGUE_WHY], base[2 * JOB_NAME + 2], name[JOB_NAME];

	if (!catalogue_load(p->images, reference, image, why))
		errx(EXIT_FAILED, "%s", why);
	snprintf(p->name, sizeof(p->name), "%s", image->name);
	if (!version_base(image->version, name)) {
		snprintf(p->base, sizeof(p->base), "%s", image->version);
		return;
	}
	snprintf(base, sizeof(base), "%s@%s", p->name, name);
	image_free(image);
	if (!catalogue_load(p->images, base, image, why))
		errx(EXIT_FAILED,
		     "%s: is what %s was made of, and it is built anew from that", why,
		     reference);
	snprintf(p->base, sizeof(p->base), "%s", name);
}

void place_image(struct place *p, const char *images, const char *reference)
{
	const struct image_file *boot;
	struct image image;

	*p = (struct place){ .lock = -1, .catalogue = true };
	place_path(p->images, "%s", images);
	load_base(p, reference, &image);
	boot = boot_file(&image);
	if (!boot)
		errx(EXIT_FAILED, "%s@%s: has no boot.wim, it is no Windows media",
		     p->name, p->base);
	snprintf(p->boot_name, sizeof(p->boot_name), "%s", boot->name);
	place_path(p->source, "%s/%s/%s/%s", images, p->name, p->base, boot->name);
	install_file(p, &image);
	image_free(&image);
	if (version_newest(images, p->name, p->base, p->made))
		place_path(p->output, "%s/%s/%s/%s", images, p->name, p->made,
			   p->boot_name);
	place_path(p->work, "%s/%s/.wimprep", images, p->name);
	place_path(p->record, "%s/record-%s", p->work, p->base);
	set_work(p);
}

void place_boot(const char *images, const char *reference, char path[static PATH_MAX])
{
	const struct image_file *boot;
	char why[CATALOGUE_WHY];
	struct image image;

	if (!catalogue_load(images, reference, &image, why))
		errx(EXIT_FAILED, "%s", why);
	boot = boot_file(&image);
	if (!boot)
		errx(EXIT_FAILED, "%s: has no boot.wim, it is no Windows media",
		     reference);
	place_path(path, "%s/%s/%s/%s", images, image.name, image.version, boot->name);
	image_free(&image);
}

const char *place_shown(const struct place *p)
{
	static char shown[2 * JOB_NAME + 2];

	if (!p->catalogue)
		return p->shown;
	snprintf(shown, sizeof(shown), "%s@%s", p->name, *p->made ? p->made : p->base);
	return shown;
}

/* ---- lock and work folder ---- */

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = LOCK_POLL_MS * 1000000L }, NULL);
}

void place_lock(struct place *p, unsigned wait_s)
{
	int64_t until = now_monotonic_ms() + (int64_t)wait_s * 1000;
	char path[PATH_MAX];

	if (mkdir(p->work, 0755) < 0 && errno != EEXIST)
		err(EXIT_FAILED, "%s", p->work);
	place_path(path, "%s/lock", p->work);
	p->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (p->lock < 0)
		err(EXIT_FAILED, "%s", path);
	while (flock(p->lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			err(EXIT_FAILED, "%s", path);
		if (now_monotonic_ms() >= until)
			errx(EXIT_BUSY,
			     "%s: somebody else is building it; try again, or wait with "
			     "--wait=SECONDS",
			     place_shown(p));
		nap();
	}
}

void place_borrow(struct place *p)
{
	const char *folder = getenv("TMPDIR");

	place_path(p->work, "%s/wimprep.XXXXXX", folder && *folder ? folder : "/tmp");
	if (!mkdtemp(p->work))
		err(EXIT_FAILED, "%s", p->work);
	set_work(p);
}

void place_scratch(const struct place *p, char folder[static PATH_MAX])
{
	place_path(folder, "%s", p->stage);
	if (mkdir(folder, 0700) < 0)
		err(EXIT_FAILED, "%s", folder);
}

static void remove_tree(const char *path)
{
	char *copy = strdup(path), *paths[] = { copy, NULL };
	FTS *fts = copy ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	FTSENT *e;

	while (fts && (e = fts_read(fts)))
		if (e->fts_info == FTS_DP)
			rmdir(e->fts_accpath);
		else if (e->fts_info != FTS_D)
			unlink(e->fts_accpath);
	if (fts)
		fts_close(fts);
	free(copy);
}

void place_clear(struct place *p)
{
	remove_tree(p->stage);
	unlink(p->draft);
	if (p->lock < 0) /* borrowed: nothing of ours stays */
		rmdir(p->work);
}

/* What exits on the way leaves nothing behind, either. */
static struct place *at_work;

static void clear_at_exit(void)
{
	if (at_work)
		place_clear(at_work);
}

void place_begin(struct place *p)
{
	at_work = p;
	atexit(clear_at_exit);
}

void place_end(struct place *p)
{
	place_clear(p);
	at_work = NULL;
}

void place_room(const struct place *p, const char *folder, unsigned long long octets)
{
	struct statvfs fs;
	unsigned long long there;

	if (statvfs(folder, &fs) < 0)
		err(EXIT_FAILED, "%s", folder);
	there = (unsigned long long)fs.f_bavail * fs.f_frsize;
	if (there < octets)
		errx(EXIT_FAILED,
		     "%s: %llu MiB are needed for it and %llu are free; make room, or "
		     "write it elsewhere",
		     place_shown(p), (octets >> 20) + 1, there >> 20);
}
