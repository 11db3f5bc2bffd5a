/* imgctl import: media into a version of the catalogue. */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/media/catalogue.h"
#include "lib/media/pour.h"
#include "lib/media/publish.h"
#include "lib/media/recipe.h"
#include "lib/media/sums.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/print.h"
#include "tools/imgctl/imgctl.h"
#include "tools/imgctl/progress.h"

#define SUMS_LARGEST (4 << 20)

enum {
	KEY_NAME = 500,
	KEY_VERSION,
	KEY_SHA256,
	KEY_SUMS,
	KEY_KIND,
	KEY_ANSWERS,
	KEY_COMMENT
};

const struct verb_option import_options[] = {
	{ "name", KEY_NAME, "NAME", "what the image is called" },
	{ "version", KEY_VERSION, "VERSION",
	  "else what the media say, or the day as 20251231" },
	{ "sha256", KEY_SHA256, "HEX", "refuse the file if this is not its SHA-256" },
	{ "sums", KEY_SUMS, "FILE", "refuse files whose SHA-256 is not in this list" },
	{ "kind", KEY_KIND, "KIND", "take it for rootfs, linux, wim, efi or iso" },
	{ "answers", KEY_ANSWERS, "WHICH",
	  "it reads answers: preseed, autoinstall, kickstart, cloud-init" },
	{ "comment", KEY_COMMENT, "TEXT", "what people are told of it, in one line" },
	{ "dry-run", 'n', NULL, "only say what would be done" },
	{ 0 },
};

struct wish {
	const char *name, *version, *sums, *comment;
	char sha256[IMAGE_SHA256];
	enum image_kind kind;
	enum image_answers answers;
	bool dry;
};

/* ---- options ---- */

static enum image_kind read_kind(struct imgctl *ctl, const char *text)
{
	for (int k = 0; k < IMAGE_KINDS; k++)
		if (strcmp(text, image_kind_name((enum image_kind)k)) == 0)
			return (enum image_kind)k;
	warnx("--kind '%s': is not rootfs, linux, wim, efi or iso", text);
	verb_misuse(&ctl->face);
}

static enum image_answers read_answers(struct imgctl *ctl, const char *text)
{
	enum image_answers answers;

	if (image_answers_read(text, &answers))
		return answers;
	warnx("--answers '%s': is not preseed, autoinstall, kickstart or cloud-init",
	      text);
	verb_misuse(&ctl->face);
}

static const char *read_comment(struct imgctl *ctl, const char *text)
{
	const struct image *room = NULL;

	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f ||
		    p - text >= (ptrdiff_t)sizeof(room->comment) - 1) {
			warnx("--comment: is not one line of at most %zu octets",
			      sizeof(room->comment) - 1);
			verb_misuse(&ctl->face);
		}
	return text;
}

static struct wish read_options(struct imgctl *ctl, int argc, char *argv[])
{
	struct wish w = { .kind = IMAGE_KINDS };
	int c;

	while ((c = imgctl_next(ctl, argc, argv)) != -1) {
		if (c == KEY_NAME)
			w.name = optarg;
		else if (c == KEY_VERSION)
			w.version = optarg;
		else if (c == KEY_SUMS)
			w.sums = optarg;
		else if (c == KEY_KIND)
			w.kind = read_kind(ctl, optarg);
		else if (c == KEY_ANSWERS)
			w.answers = read_answers(ctl, optarg);
		else if (c == KEY_COMMENT)
			w.comment = read_comment(ctl, optarg);
		else if (c == 'n')
			w.dry = true;
		else if (c == KEY_SHA256 && !sums_hex(optarg, w.sha256)) {
			warnx("--sha256 '%s': is not 64 hexadecimal digits", optarg);
			verb_misuse(&ctl->face);
		}
	}
	verb_arguments(&ctl->face, argc, 1, 2);
	if (!w.name) {
		warnx("import: wants --name: what shall the image be called?");
		verb_misuse(&ctl->face);
	}
	if (*w.sha256 && (argc - optind > 1 || w.sums)) {
		warnx("import: --sha256 is for one file: use --sums for more");
		verb_misuse(&ctl->face);
	}
	return w;
}

/* ---- what the files must be ---- */

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The file that is copied as it is, or the disc that its files are taken from. */
static void expect_source(struct recipe *r, const struct source *s, const char *sum,
			  struct pour_order *order)
{
	for (size_t i = 0; i < r->files; i++)
		if (r->file[i].from == s &&
		    (!r->file[i].entry || s->kind == SOURCE_FILE)) {
			memcpy(r->file[i].expect, sum, IMAGE_SHA256);
			return;
		}
	memcpy(order->whole, sum, IMAGE_SHA256);
}

static bool expect_sums(struct recipe *r, const char *list, struct pour_order *order)
{
	size_t len;
	char *text = file_read(list, SUMS_LARGEST, &len), sum[IMAGE_SHA256];
	bool good = text != NULL;

	if (!text)
		warn("%s", list);
	for (size_t i = 0; good && i < r->sources; i++) {
		const struct source *s = r->source[i];

		if (s->kind == SOURCE_FOLDER)
			continue;
		good = sums_find(text, len, last_name(s->path), sum);
		if (good)
			expect_source(r, s, sum, order);
		else
			warnx("%s: has no SHA-256 of %s", list, last_name(s->path));
	}
	for (size_t i = 0; good && i < r->files; i++) {
		struct recipe_file *f = &r->file[i];

		if (f->from->kind != SOURCE_FOLDER)
			continue;
		good = sums_find(text, len, f->entry->path, f->expect);
		if (!good)
			warnx("%s: has no SHA-256 of %s", list, f->entry->path);
	}
	free(text);
	return good;
}

static bool expect(struct recipe *r, const struct wish *w, struct pour_order *order)
{
	if (w->sums)
		return expect_sums(r, w->sums, order);
	if (!*w->sha256)
		return true;
	if (r->source[0]->kind == SOURCE_FOLDER) {
		warnx("%s: is a folder: --sha256 is for one file", r->source[0]->path);
		return false;
	}
	if (r->sources > 1) {
		warnx("%s: is a set of %zu files: use --sums", r->source[0]->path,
		      r->sources);
		return false;
	}
	expect_source(r, r->source[0], w->sha256, order);
	return true;
}

/* ---- what it is called ---- */

static void name_it(struct image *image, const struct wish *w)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm tm;

	snprintf(image->name, sizeof(image->name), "%s", w->name);
	image->answers = w->answers;
	if (w->comment)
		snprintf(image->comment, sizeof(image->comment), "%s", w->comment);
	if (w->version)
		snprintf(image->version, sizeof(image->version), "%s", w->version);
	else if (!*image->version && gmtime_r(&now, &tm))
		strftime(image->version, sizeof(image->version), "%Y%m%d", &tm);
}

/* ---- what is said ---- */

static void build_result(struct jsonout *j, const void *what)
{
	const struct image *image = what;

	jsonout_text(j, "name", image->name);
	jsonout_text(j, "version", image->version);
	jsonout_text(j, "kind", image_kind_name(image->kind));
	jsonout_text(j, "answers", image_answers_name(image->answers));
	jsonout_text(j, "arch", image->arch);
	jsonout_text(j, "comment", image->comment);
	jsonout_int(j, "min_disk", image->min_disk);
	jsonout_int(j, "editions", (int64_t)image->editions);
	jsonout_open(j, "files", '[');
	for (size_t i = 0; i < image->files; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "name", image->file[i].name);
		jsonout_int(j, "size", image->file[i].size);
		jsonout_text(j, "sha256", image->file[i].sha256);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void print_plan(const struct recipe *r)
{
	char octets[PRINT_TIME];

	printf("%s@%s: %s%s%s", r->image.name, r->image.version,
	       image_kind_name(r->image.kind), *r->image.arch ? ", " : "", r->image.arch);
	if (*r->image.comment) {
		fputs(", ", stdout);
		print_text(r->image.comment);
	}
	putchar('\n');
	for (size_t i = 0; i < r->files; i++) {
		const struct recipe_file *f = &r->file[i];

		print_octets(f->entry ? f->entry->size : f->from->size, octets);
		printf("%12s  %s  from ", octets, f->name);
		print_text(f->entry && f->from->kind != SOURCE_FILE ? f->entry->path
								    : f->from->path);
		putchar('\n');
	}
}

static void print_result(const struct imgctl *ctl, const struct image *image)
{
	if (ctl->json)
		print_json(build_result, image);
	else
		printf("%s@%s\n", image->name, image->version);
}

/* ---- the work ---- */

static int copy(struct imgctl *ctl, struct recipe *r, const struct pour_order *order)
{
	char why[CATALOGUE_WHY];
	struct publish p;
	char *manifest = NULL;
	bool good;

	if (!publish_begin(&p, imgctl_images(ctl), r->image.name, r->image.version,
			   recipe_need(r), why)) {
		warnx("%s", why);
		return EXIT_FAILED;
	}
	progress_begin();
	good = pour(r, &p, order, why);
	progress_end();
	if (good) {
		manifest = image_print(&r->image);
		if (!manifest)
			err(EXIT_FAILED, "manifest");
		good = publish_end(&p, manifest, why);
	}
	free(manifest);
	if (good) {
		print_result(ctl, &r->image);
		return EXIT_DONE;
	}
	publish_abort(&p);
	warnx("%s", why);
	return EXIT_FAILED;
}

int import_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct wish w = read_options(ctl, argc, argv);
	struct pour_order order = { .told = progress_told };
	char why[CATALOGUE_WHY];
	struct recipe r;
	int code = EXIT_DONE;

	if (!publish_free(imgctl_images(ctl), w.name, w.version, why))
		errx(EXIT_MISUSE, "%s", why);
	if (!recipe_make(&r, (const char *const *)&argv[optind], (size_t)(argc - optind),
			 w.kind, why))
		errx(EXIT_FAILED, "%s", why);
	if (w.answers && r.image.kind != IMAGE_LINUX) {
		warnx("%s: is of kind %s: --answers is for linux", argv[optind],
		      image_kind_name(r.image.kind));
		recipe_free(&r);
		return EXIT_MISUSE;
	}
	name_it(&r.image, &w);
	if (!publish_free(imgctl_images(ctl), w.name, r.image.version, why)) {
		warnx("%s", why);
		code = EXIT_MISUSE;
	} else if (!expect(&r, &w, &order))
		code = EXIT_MISUSE;
	else if (w.dry)
		print_plan(&r);
	else
		code = copy(ctl, &r, &order);
	recipe_free(&r);
	return code;
}
