/* imgctl show: all about one version of an image. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/imgctl/jobs.h"
#include "tools/imgctl/overview.h"

struct showing {
	const char *images;
	struct overview o;
	struct image_jobs jobs;
};

static void build(struct jsonout *j, const void *what)
{
	const struct showing *s = what;
	const struct image *image = &s->o.image;

	overview_json(j, &s->o);
	jsonout_int(j, "min_disk", image->min_disk);
	jsonout_open(j, "files", '[');
	for (size_t i = 0; i < image->files; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "name", image->file[i].name);
		if (image->file[i].size < 0)
			jsonout_null(j, "size");
		else
			jsonout_int(j, "size", image->file[i].size);
		jsonout_text(j, "sha256", image->file[i].sha256);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
	jsonout_open(j, "editions", '[');
	for (size_t i = 0; i < image->editions; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_int(j, "index", image->edition[i].index);
		jsonout_text(j, "name", image->edition[i].name);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
	jsonout_open(j, "jobs", '[');
	for (size_t i = 0; i < s->jobs.count; i++)
		jsonout_int(j, NULL, s->jobs.job[i].id);
	jsonout_close(j, ']');
}

static void line(const char *name, const char *value)
{
	if (!*value)
		return;
	printf("%-10s ", name);
	print_text(value);
	putchar('\n');
}

static void print_files(const struct image *image)
{
	char size[PRINT_TIME];

	puts("\nFiles");
	for (size_t i = 0; i < image->files; i++) {
		printf("  %s %12s  ", image->file[i].sha256,
		       image->file[i].size < 0 ? "-"
					       : print_octets(image->file[i].size, size));
		print_text(image->file[i].name);
		putchar('\n');
	}
}

static void print_editions(const struct image *image)
{
	if (image->editions)
		puts("\nEditions");
	for (size_t i = 0; i < image->editions; i++) {
		printf("  %3d ", image->edition[i].index);
		print_text(image->edition[i].name);
		printf(" (%s)\n", image->edition[i].id);
	}
}

static void print_jobs(const struct image_jobs *jobs)
{
	if (jobs->count)
		puts("\nJobs that need it");
	for (size_t i = 0; i < jobs->count; i++)
		printf("  %3" PRId64 " %s %s\n", jobs->job[i].id, jobs->job[i].hostname,
		       job_state_name(jobs->job[i].state));
}

static void print_all(const struct showing *s)
{
	const struct image *image = &s->o.image;
	char text[PRINT_TIME], verified[OVERVIEW_VERIFIED];

	printf("%s@%s%s\n\n", s->o.entry->name, s->o.entry->version,
	       s->o.entry->current ? " (current)" : "");
	line("Kind", image_kind_name(image->kind));
	line("Answers", image_answers_name(image->answers));
	line("Arch", image->arch);
	line("Comment", image->comment);
	if (s->o.size >= 0)
		line("Size", print_octets(s->o.size, text));
	if (image->min_disk)
		line("Disk", print_octets(image->min_disk, text));
	overview_verified(&s->o, verified);
	line("Verified", verified);
	printf("%-10s %s/%s/%s\n", "Folder", s->images, s->o.entry->name,
	       s->o.entry->version);
	print_editions(image);
	print_files(image);
	print_jobs(&s->jobs);
}

/* Jobs that are over need nothing. */
static void find_jobs(struct imgctl *ctl, const struct image *image,
		      struct image_jobs *out)
{
	char reference[2 * JOB_NAME];
	struct store *store = jobs_open(ctl, STORE_READ);

	snprintf(reference, sizeof(reference), "%s@%s", image->name, image->version);
	jobs_of(store, reference, out);
	store_close(store);
}

int show_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct catalogue_entry entry = { 0 };
	struct showing s = { 0 };
	char current[JOB_NAME] = "", why[CATALOGUE_WHY];
	struct image image;

	while (imgctl_next(ctl, argc, argv) != -1)
		;
	verb_arguments(&ctl->face, argc, 1, 1);
	if (!imgctl_load(ctl, argv[optind], &image))
		return EXIT_FAILED;
	s.images = imgctl_images(ctl);
	snprintf(entry.name, sizeof(entry.name), "%s", image.name);
	snprintf(entry.version, sizeof(entry.version), "%s", image.version);
	image_free(&image);
	entry.current = catalogue_current(s.images, entry.name, current, why) &&
			strcmp(current, entry.version) == 0;
	overview_of(ctl, &entry, &s.o);
	if (!s.o.good)
		errx(EXIT_FAILED, "%s", s.o.why);
	find_jobs(ctl, &s.o.image, &s.jobs);
	if (ctl->json)
		print_json(build, &s);
	else
		print_all(&s);
	jobs_free(&s.jobs);
	overview_done(&s.o);
	return EXIT_DONE;
}
