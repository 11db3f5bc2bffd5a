/* imgctl pull: images of another site into the catalogue of this one. */
#include "config.h"

#include "tools/imgctl/pull.h"

#include <curl/curl.h>
#include <err.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/catalogue_change.h"
#include "lib/sys/conf_value.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/imgctl/imgctl.h"
#include "tools/imgctl/progress.h"

#define INDEX_LARGEST (4 << 20)
#define IMAGES_MAX 1000
#define PATIENCE 60 /* seconds */

enum { KEY_CACERT = 600, KEY_LIMIT, KEY_KEEP_CURRENT, KEY_TIMEOUT };

const struct verb_option pull_options[] = {
	{ "all", 'a', NULL, "every version, not only the current ones" },
	{ "keep-current", KEY_KEEP_CURRENT, NULL,
	  "let current be here what it is, whatever it is there" },
	{ "limit", KEY_LIMIT, "RATE",
	  "at most so many octets a second, like 500k or 12M" },
	{ "cacert", KEY_CACERT, "FILE", "who signs the site's certificate" },
	{ "timeout", KEY_TIMEOUT, "SECONDS",
	  "give up when hardly anything came for so long (default 60)" },
	{ "dry-run", 'n', NULL, "say what would come and change nothing" },
	{ 0 },
};

struct wish {
	struct pull pull;
	struct fetch_options net;
	struct image_index index;
	struct print_list list; /* --json */
	bool all, keep_current, json;
};

/* ---- options ---- */

static long parse_seconds(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || *text < '0' || *text > '9' || n < 1 || n > 3600)
		errx(EXIT_MISUSE, "--timeout %s: is not a number from 1 to 3600", text);
	return n;
}

static void parse(struct wish *w, struct imgctl *ctl, int argc, char *argv[])
{
	char name[JOB_NAME], version[JOB_NAME];
	int c;

	while ((c = imgctl_next(ctl, argc, argv)) != -1) {
		w->all |= c == 'a';
		w->pull.dry_run |= c == 'n';
		w->keep_current |= c == KEY_KEEP_CURRENT;
		if (c == KEY_CACERT)
			w->net.cacert = optarg;
		else if (c == KEY_TIMEOUT)
			w->net.patience = parse_seconds(optarg);
		else if (c == KEY_LIMIT && !conf_value_rate(optarg, &w->net.rate))
			errx(EXIT_MISUSE, "--limit %s: is not octets a second, like 12M",
			     optarg);
	}
	verb_arguments(&ctl->face, argc, 1, IMAGES_MAX);
	if (w->all && argc - optind > 1)
		errx(EXIT_MISUSE, "--all takes no IMAGE");
	for (int i = optind + 1; i < argc; i++)
		if (!image_reference(argv[i], name, version))
			errx(EXIT_MISUSE, "'%s' is not NAME or NAME@VERSION", argv[i]);
}

static const char *parse_url(const char *text)
{
	if (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0)
		return text;
	errx(EXIT_MISUSE, "'%s' is no URL of a site, as http://boot.example.org:8080",
	     text);
}

/* ---- what there is ---- */

static bool read_index(struct wish *w)
{
	char why[CATALOGUE_WHY], *url, *text;
	const char *reason;
	size_t len, line;
	long status;
	bool good;

	if (!fetch_url(w->pull.url, "INDEX", &url))
		err(EXIT_FAILED, "INDEX");
	good = fetch_text(w->pull.fetch, url, INDEX_LARGEST, &text, &len, &status, why);
	if (!good)
		warnx("%s%s", why,
		      status == 404 ? "; it has no image yet, or wants 'imgctl index'"
				    : "");
	else {
		good = image_index_parse(text, len, &w->index, &line, &reason);
		if (!good)
			warnx("%s:%zu: %s", url, line, reason);
		free(text);
	}
	free(url);
	return good;
}

/* ---- what is said ---- */

static void build(struct jsonout *j, const void *what)
{
	const struct pulled *p = what;

	jsonout_text(j, "name", p->entry->name);
	jsonout_text(j, "version", p->entry->version);
	jsonout_bool(j, "current", p->entry->current);
	jsonout_bool(j, "came", p->came);
	jsonout_int(j, "octets", p->octets);
}

static void tell(struct wish *w, const struct pulled *p)
{
	char octets[PRINT_TIME];

	if (w->json)
		print_list_item(&w->list, build, p);
	else if (p->came && w->pull.dry_run)
		printf("dry run: %s@%s would come, %s\n", p->entry->name,
		       p->entry->version, print_octets(p->octets, octets));
	else if (p->came)
		printf("%s@%s\n", p->entry->name, p->entry->version);
}

static bool told(void *context, int64_t octets)
{
	const struct pull *p = context;

	return progress_told(p->done + octets, p->total);
}

/* ---- one image, all images ---- */

static int follow(struct wish *w, const struct image_index_entry *e)
{
	char before[JOB_NAME] = "", why[CATALOGUE_WHY];
	bool had = catalogue_current(w->pull.images, e->name, before, why);

	if (had && strcmp(before, e->version) == 0)
		return EXIT_DONE;
	if (w->pull.dry_run) {
		if (had && !w->json)
			printf("dry run: %s@%s would be current, %s is\n", e->name,
			       e->version, before);
		return EXIT_DONE;
	}
	if (!catalogue_switch(w->pull.images, e->name, e->version, before, why)) {
		warnx("%s", why);
		return EXIT_FAILED;
	}
	if (!w->json && *before)
		printf("%s@%s is current now, @%s was before\n", e->name, e->version,
		       before);
	return EXIT_DONE;
}

static int take(struct wish *w, const struct image_index_entry *e)
{
	struct pulled pulled;
	int code;

	progress_begin();
	code = pull_version(&w->pull, e, &pulled);
	progress_end();
	if (code == EXIT_DONE && e->current && !w->keep_current)
		code = follow(w, e);
	if (code == EXIT_DONE)
		tell(w, &pulled);
	return code;
}

static int take_named(struct wish *w, const char *reference)
{
	char name[JOB_NAME], version[JOB_NAME];
	const struct image_index_entry *e;

	image_reference(reference, name, version); /* as parse() has seen */
	e = image_index_find(&w->index, name, version);
	if (e)
		return take(w, e);
	warnx("%s: %s has no such image%s", reference, w->pull.url,
	      *version ? "" : ", or none of its versions is current");
	return EXIT_FAILED;
}

/* What is current comes first, so that a window that is too short is used well. */
static int take_those(struct wish *w, bool current)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < w->index.count && progress_told(0, 0); i++) {
		int one = w->index.entry[i].current == current
				  ? take(w, &w->index.entry[i])
				  : EXIT_DONE;

		code = one > code ? one : code;
	}
	return code;
}

static int take_all(struct wish *w)
{
	int code = take_those(w, true), others = w->all ? take_those(w, false) : code;

	return others > code ? others : code;
}

static int work(struct wish *w, int argc, char *argv[])
{
	int code = EXIT_DONE;

	if (!read_index(w))
		return EXIT_FAILED;
	if (optind + 1 == argc)
		code = take_all(w);
	for (int i = optind + 1; i < argc && progress_told(0, 0); i++) {
		int one = take_named(w, argv[i]);

		code = one > code ? one : code;
	}
	if (w->json)
		print_list_end(&w->list);
	return progress_told(0, 0) ? code : EXIT_FAILED;
}

int pull_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct wish w = { .net = { .patience = PATIENCE, .told = told },
			  .list = { .name = "images" } };
	char *url;
	int code;

	parse(&w, ctl, argc, argv);
	w.net.context = &w.pull;
	w.json = ctl->json;
	w.pull.images = imgctl_images(ctl);
	if (!fetch_url(parse_url(argv[optind]), "images", &url))
		err(EXIT_FAILED, "URL");
	w.pull.url = url;
	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		errx(EXIT_FAILED, "libsodium or libcurl does not start");
	w.pull.fetch = fetch_open(&w.net);
	if (!w.pull.fetch)
		err(EXIT_FAILED, "libcurl");
	code = work(&w, argc, argv);
	fetch_close(w.pull.fetch);
	image_index_free(&w.index);
	free(url);
	return code;
}

int index_main(struct imgctl *ctl, int argc, char *argv[])
{
	char why[CATALOGUE_WHY];

	while (imgctl_next(ctl, argc, argv) != -1)
		;
	verb_arguments(&ctl->face, argc, 0, 0);
	if (catalogue_index(imgctl_images(ctl), why))
		return EXIT_DONE;
	warnx("%s", why);
	return EXIT_FAILED;
}
