/* imgctl rm: takes versions of images away that nobody needs. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue_change.h"
#include "lib/sys/exits.h"
#include "tools/imgctl/imgctl.h"
#include "tools/imgctl/jobs.h"
#include "tools/imgctl/prune.h"

#define REMOVE_MAX 1000

const struct verb_option rm_options[] = {
	{ "force", 'f', NULL, "also the current version; never what a job needs" },
	{ "dry-run", 'n', NULL, "say what would go and change nothing" },
	{ 0 },
};

struct removal {
	struct store *store; /* NULL: there is no database */
	bool force, dry_run;
};

static int refuse_jobs(const char *reference, const struct image_jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->job[i];
		char mac[MAC_TEXT];

		mac_format(&job->mac, ':', mac);
		warnx("%s: job %" PRId64 " needs it (%s, %s)", reference, job->id,
		      *job->hostname ? job->hostname : mac, job_state_name(job->state));
	}
	return EXIT_NO;
}

/* NAME@VERSION as it is said; NAME alone could mean all of them. */
static void parse_reference(const char *text, char name[static JOB_NAME],
			    char version[static JOB_NAME])
{
	if (!image_reference(text, name, version) || !*version)
		errx(EXIT_MISUSE, "rm: '%s' is not NAME@VERSION", text);
}

static int take_away(struct imgctl *ctl, const struct removal *r, const char *reference)
{
	char name[JOB_NAME], version[JOB_NAME], current[JOB_NAME], why[CATALOGUE_WHY];
	const char *images = imgctl_images(ctl);
	struct image_jobs jobs;
	bool busy, needed;

	parse_reference(reference, name, version);
	jobs_of(r->store, reference, &jobs);
	needed = jobs.count > 0;
	if (needed)
		refuse_jobs(reference, &jobs);
	jobs_free(&jobs);
	if (needed)
		return EXIT_NO;
	if (!r->force && catalogue_current(images, name, current, why) &&
	    strcmp(current, version) == 0) {
		warnx("%s: is the current version; imgctl current %s@OTHER makes another "
		      "one current, --force removes it all the same",
		      reference, name);
		return EXIT_NO;
	}
	if (r->dry_run) {
		struct image image;

		if (!imgctl_load(ctl, reference, &image))
			return EXIT_FAILED;
		image_free(&image);
		printf("dry run: %s would be removed\n", reference);
		return EXIT_DONE;
	}
	if (catalogue_remove(images, name, version, &busy, why)) {
		printf("%s: removed\n", reference);
		return EXIT_DONE;
	}
	warnx("%s", why);
	return busy ? EXIT_BUSY : EXIT_FAILED;
}

/* No job can be added meanwhile: whoever adds one waits for the database, and looks. */
static int take_away_alone(struct imgctl *ctl, const struct removal *r,
			   const char *reference)
{
	enum store_result result = r->store ? store_begin(r->store) : STORE_DONE;
	int code;

	if (result != STORE_DONE)
		errx(result == STORE_BUSY ? EXIT_BUSY : EXIT_FAILED, "%s",
		     store_why(r->store));
	code = take_away(ctl, r, reference);
	if (r->store)
		store_end(r->store, false);
	return code;
}

int rm_version(struct imgctl *ctl, struct store *store, const char *reference,
	       bool dry_run)
{
	struct removal r = { .store = store, .dry_run = dry_run };

	return take_away_alone(ctl, &r, reference);
}

int rm_main(struct imgctl *ctl, int argc, char *argv[])
{
	char name[JOB_NAME], version[JOB_NAME];
	struct removal r = { 0 };
	int code = EXIT_DONE, key;

	while ((key = imgctl_next(ctl, argc, argv)) != -1) {
		r.force |= key == 'f';
		r.dry_run |= key == 'n';
	}
	verb_arguments(&ctl->face, argc, 1, REMOVE_MAX);
	for (int i = optind; i < argc; i++)
		parse_reference(argv[i], name, version);
	r.store = jobs_open(ctl, r.dry_run ? STORE_READ : STORE_WRITE);
	for (int i = optind; i < argc; i++) {
		int one = take_away_alone(ctl, &r, argv[i]);

		code = one > code ? one : code;
	}
	store_close(r.store);
	return code;
}
