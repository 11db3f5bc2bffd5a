#include "config.h"

#include <err.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "lib/order/order_source.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "lib/sys/print.h"
#include "tools/ipxegen/iso_inside.h"

#define CSV_MAX (64u << 20)

/* What is to be one row's only: file names, cards, addresses. */
struct claim {
	size_t line;
	char text[];
};

struct rows {
	struct iso *iso;
	const char *name; /* of the file */
	char *text;
	size_t len;
	void *claims;
	size_t written, refused;
	bool over; /* going on makes no sense */
};

static void complain(struct rows *r, size_t line, const char *sentence)
{
	char safe[PRINT_SAFE];

	sentence += strncmp(sentence, "--", 2) == 0 ? 2 : 0;
	warnx("iso: %s:%zu: %s", r->name, line, print_safe(sentence, safe, sizeof(safe)));
}

/* ---- one row ---- */

static int compare(const void *a, const void *b)
{
	return strcasecmp(((const struct claim *)a)->text,
			  ((const struct claim *)b)->text);
}

static bool claim(struct rows *r, size_t line, const char *what, const char *text,
		  char why[static ISO_WHY])
{
	struct claim *mine = calloc(1, sizeof(*mine) + strlen(what) + strlen(text) + 2);
	const struct claim *const *first;

	if (!mine)
		err(EXIT_FAILED, "%s", r->name);
	mine->line = line;
	sprintf(mine->text, "%s %s", what, text);
	first = tsearch(mine, &r->claims, compare);
	if (!first)
		err(EXIT_FAILED, "%s", r->name);
	if (*first == mine)
		return true;
	snprintf(why, ISO_WHY, "%s %s: line %zu has it already", what, text,
		 (*first)->line);
	free(mine);
	return false;
}

static bool claim_all(struct rows *r, size_t line, const struct iso_host *host,
		      char why[static ISO_WHY])
{
	const struct order *o = &host->order;
	char address[64], mac[MAC_TEXT];

	if (!claim(r, line, "hostname", host->name, why))
		return false;
	for (size_t i = 0; i < o->macs; i++)
		if (!claim(r, line, "mac", print_mac(&o->mac[i], mac), why))
			return false;
	snprintf(address, sizeof(address), "%.*s",
		 (int)strcspn(settings_get(&o->settings, "address"), "/"),
		 settings_get(&o->settings, "address"));
	return !*address || claim(r, line, "address", address, why);
}

static bool write_row(struct rows *r, const struct iso_host *host,
		      char why[static ISO_WHY])
{
	char path[PATH_MAX];
	const char *folder = r->iso->output ? r->iso->output : ".";
	int len = snprintf(path, sizeof(path), "%s/%s.iso", folder, host->name);

	if (len < 0 || (size_t)len >= sizeof(path)) {
		snprintf(why, ISO_WHY, "%.900s: %s", folder, strerror(ENAMETOOLONG));
		return false;
	}
	if (r->iso->dry_run) {
		printf("write %s\n", path);
		return true;
	}
	if (iso_write(r->iso, host, path, why))
		return true;
	r->over = true; /* what failed was the folder, or a program */
	return false;
}

static bool make(struct rows *r, size_t line, struct iso_host *host,
		 char why[static ISO_WHY])
{
	if (!host->order.macs && !*iso_host_complaint(host)) {
		snprintf(why, ISO_WHY, "has no mac: a medium finds its card by it");
		return false;
	}
	return iso_host_settle(host, r->iso->conf, r->iso->base, why) &&
	       iso_fit(r->iso, host, why) == EXIT_DONE && claim_all(r, line, host, why) &&
	       write_row(r, host, why);
}

static void take_row(struct rows *r, size_t line, struct iso_host *host)
{
	char why[ISO_WHY] = "";

	if (make(r, line, host, why)) {
		r->written++;
		return;
	}
	complain(r, line, why);
	r->refused++;
}

/* ---- the file ---- */

/* A header that cannot be read is no row that is refused. */
static bool take_nothing(struct rows *r, const struct order_source *source,
			 const struct order *o)
{
	for (size_t i = 0; i < o->notes; i++)
		complain(r, source->line, o->note[i].sentence);
	r->refused++;
	return !source->ended;
}

static int take_all(struct rows *r)
{
	struct order_source source =
		order_source_begin(r->text, r->len, order_source_look(r->text));
	bool readable = true;

	if (strspn(r->text, " \t\r\n") == r->len) {
		warnx("iso: %s: is empty", r->name);
		return EXIT_MISUSE;
	}
	while (readable && !r->over) {
		struct iso_host host = { .order = { .sealed = true } };
		bool more = order_source_next(&source, &host.order);

		if (more && source.nothing)
			readable = take_nothing(r, &source, &host.order);
		else if (more)
			take_row(r, source.line, &host);
		iso_host_free(&host);
		if (!more)
			break;
	}
	if (!readable)
		return EXIT_MISUSE;
	printf("%s%zu written, %zu refused\n", r->iso->dry_run ? "dry run: " : "",
	       r->written, r->refused);
	return r->refused ? EXIT_FAILED : EXIT_DONE;
}

int iso_make_all(struct iso *iso)
{
	struct rows r = { .iso = iso, .name = iso->csv };
	bool piped = strcmp(iso->csv, "-") == 0;
	int code;

	if (piped)
		r.name = "standard input";
	r.text = file_read(piped ? "/dev/stdin" : iso->csv, CSV_MAX, &r.len);
	if (!r.text) {
		warn("iso: %s", r.name);
		return EXIT_MISUSE;
	}
	if (!iso->dry_run && mkdir(iso->output, 0777) < 0 && errno != EEXIST) {
		warn("iso: %s", iso->output);
		code = EXIT_FAILED;
	} else {
		code = take_all(&r);
	}
	tdestroy(r.claims, free);
	free(r.text);
	return code;
}
