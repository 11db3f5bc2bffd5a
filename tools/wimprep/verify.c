#include "config.h"

#include "tools/wimprep/verify.h"

#include <err.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/conf.h"
#include "lib/sys/exits.h"
#include "tools/wimprep/json.h"
#include "tools/wimprep/place.h"
#include "tools/wimprep/wimprep.h"

enum { JSON = 256, DATA, INDEX, CONFIG };

const struct verb_option verify_options[] = {
	{ "json", JSON, NULL, "print JSON" },
	{ "data", DATA, NULL, "read everything and compare the hashes, too" },
	{ "index", INDEX, "N", "as if image N were to boot" },
	{ "config", CONFIG, "FILE", "instead of pxekit.conf's usual place" },
	{ 0 },
};

static const char *const results[] = {
	[VERIFY_OK] = "ok",
	[VERIFY_WARNING] = "warning",
	[VERIFY_FAILED] = "FAILED",
};

void verify_say(struct verify *v, const char *check, enum verify_result result,
		const char *format, ...)
{
	struct verify_line *more = realloc(v->line, (v->lines + 1) * sizeof(*more));
	va_list ap;

	if (!more)
		err(EXIT_FAILED, "checks");
	v->line = more;
	more += v->lines++;
	more->check = check;
	more->result = result;
	va_start(ap, format);
	vsnprintf(more->detail, sizeof(more->detail), format, ap);
	va_end(ap);
}

static void run_checks(struct verify *v, unsigned index, bool data)
{
	verify_size(v);
	if (verify_container(v, index)) {
		verify_windows(v);
		verify_boot_files(v);
		verify_names(v);
		verify_startnet(v);
		verify_winpeshl(v);
		verify_drivers(v);
		verify_curl(v);
		verify_marker(v);
	}
	if (data)
		verify_data(v);
}

static bool all_well(const struct verify *v)
{
	for (size_t i = 0; i < v->lines; i++)
		if (v->line[i].result == VERIFY_FAILED)
			return false;
	return true;
}

/* Names out of a WIM may hold anything. */
static void put_plain(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
}

static void print_table(const struct verify *v)
{
	printf("%-12s %-8s %s\n", "CHECK", "RESULT", "DETAIL");
	for (size_t i = 0; i < v->lines; i++) {
		printf("%-12s %-8s ", v->line[i].check, results[v->line[i].result]);
		put_plain(v->line[i].detail);
		putchar('\n');
	}
}

static void member(const char *name, const char *value, const char *before)
{
	printf("%s\"%s\": ", before, name);
	json_text(value);
}

static void print_json(const struct verify *v, const char *shown)
{
	static const char *const words[] = { "ok", "warning", "failed" };

	member("file", shown, "{");
	printf(", \"ok\": %s, \"image\": %u, \"build\": %u",
	       all_well(v) ? "true" : "false", v->image, v->target.build);
	member("arch", driver_arch_name(v->target.arch), ", ");
	printf(", \"checks\": [");
	for (size_t i = 0; i < v->lines; i++) {
		member("check", v->line[i].check, i ? ",\n    {" : "\n    {");
		member("result", words[v->line[i].result], ", ");
		member("detail", v->line[i].detail, ", ");
		putchar('}');
	}
	printf("],\n  \"drivers\": [");
	for (size_t i = 0; i < v->drivers; i++) {
		member("name", v->driver[i].name, i ? ",\n    {" : "\n    {");
		member("class", v->driver[i].class, ", ");
		member("version", v->driver[i].version, ", ");
		member("inf", v->driver[i].inf, ", ");
		member("catalogue", v->driver[i].catalogue, ", ");
		printf(", \"whole\": %s}", v->driver[i].whole ? "true" : "false");
	}
	printf("]}\n");
}

/* A file if there is one of that name, or it looks like one. */
static void find_file(const char *what, const char *config, char path[static PATH_MAX])
{
	struct conf *conf;

	if (access(what, F_OK) == 0 || strchr(what, '/') || strstr(what, ".wim")) {
		snprintf(path, PATH_MAX, "%s", what);
		return;
	}
	conf = conf_load(config);
	if (!conf)
		exit(EXIT_MISUSE);
	place_boot(conf->images, what, path);
	conf_free(conf);
}

static int verify(const char *what, const char *config, unsigned index, bool data,
		  bool json)
{
	char path[PATH_MAX], why[WIM_WHY];
	struct verify v = { .path = path };
	struct place scratch = { .lock = -1 };
	int code;

	find_file(what, config, path);
	v.wim = wim_open(path, NULL, why);
	if (!v.wim)
		errx(EXIT_FAILED, "%s: %s", what, why);
	place_borrow(&scratch);
	place_scratch(&scratch, v.scratch);
	run_checks(&v, index, data);
	place_clear(&scratch);
	if (json)
		print_json(&v, what);
	else
		print_table(&v);
	code = all_well(&v) ? EXIT_DONE : EXIT_NO;
	wim_close(v.wim);
	free(v.line);
	free(v.driver);
	return code;
}

int verify_main(const struct verb_face *face, int argc, char *argv[])
{
	bool json = false, data = false;
	const char *config = NULL;
	unsigned index = 0;
	int c;

	while ((c = verb_next(face, argc, argv)) != -1) {
		switch (c) {
		case JSON:
			json = true;
			break;
		case DATA:
			data = true;
			break;
		case INDEX:
			index = wimprep_index(optarg);
			break;
		case CONFIG:
			config = optarg;
			break;
		default:
			break;
		}
	}
	if (argc - optind != 1) {
		warnx("verify wants one boot.wim, or one image");
		verb_misuse(face);
	}
	return verify(argv[optind], config, index, data, json);
}
