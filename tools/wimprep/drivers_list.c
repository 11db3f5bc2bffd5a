#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/drivers.h"
#include "tools/wimprep/json.h"

void drivers_from(const struct driver_decoration *d, char out[static DRIVERS_FROM])
{
	snprintf(out, DRIVERS_FROM, "-");
	if (d->build)
		snprintf(out, DRIVERS_FROM, "%u.%u.%u", d->major, d->minor, d->build);
	else if (d->major)
		snprintf(out, DRIVERS_FROM, "%u.%u", d->major, d->minor);
}

/* What no line of a table may hold becomes '?'. */
static void cell(const char *text)
{
	putchar('\t');
	if (!*text)
		putchar('-');
	for (; *text; text++)
		putchar((unsigned char)*text < ' ' ? '?' : *text);
}

void drivers_head(const struct drivers *d, bool ranked)
{
	if (!d->json)
		printf("%sid\tkind\tinf\tclass\tos\tfrom\tarch\tversion\tdate\tfiles\t"
		       "catalogue\tsource\n",
		       ranked ? "rank\t" : "");
}

/* The columns behind the id that are plain texts. */
struct cells {
	const char *name, *text;
};

static void row_files(const struct drivers *d, const struct driver_install *install)
{
	if (d->json)
		printf(", \"files\": [");
	else
		putchar('\t');
	for (size_t i = 0; i < install->files; i++) {
		if (d->json) {
			printf("%s", i ? ", " : "");
			json_text(install->file[i].path);
		} else {
			printf("%s%s", i ? "," : "", install->file[i].path);
		}
	}
	if (d->json)
		putchar(']');
	else if (install->files == 0)
		putchar('-');
}

static void row_cells(const struct drivers *d, const struct cells *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!d->json) {
			cell(cells[i].text);
			continue;
		}
		printf(", \"%s\": ", cells[i].name);
		json_text(cells[i].text);
	}
}

void drivers_row(const struct drivers *d, const struct drivers_row *row, bool first)
{
	const struct driver_package *p = row->package;
	const struct driver_install *install = &p->install[row->model->install];
	enum driver_arch arch = row->section->decoration.arch
					? row->section->decoration.arch
					: DRIVER_X86;
	char from[DRIVERS_FROM];
	const struct cells before[] = {
		{ "kind", row->id == row->model->id[0] ? "hardware" : "compatible" },
		{ "inf", p->inf },
		{ "class", p->class },
		{ "os", driver_folder_os(p) },
		{ "from", from },
		{ "arch", driver_arch_name(arch) },
		{ "version", p->version },
		{ "date", p->date },
	};
	const struct cells after[] = {
		{ "catalogue", driver_catalogue(p, arch) },
		{ "source", driver_source(d->set, p->source) },
	};

	drivers_from(&row->section->decoration, from);
	if (d->json)
		printf("%s\n  {", first ? "" : ",");
	if (row->rank)
		printf(d->json ? "\"rank\": \"%08x\", " : "%08x\t", *row->rank);
	if (d->json) {
		printf("\"id\": ");
		json_text(row->id);
	} else {
		fputs(row->id, stdout);
	}
	row_cells(d, before, sizeof(before) / sizeof(before[0]));
	row_files(d, install);
	row_cells(d, after, sizeof(after) / sizeof(after[0]));
	printf(d->json ? "}" : "\n");
}

/* All rows of one package; whether there has been any before. */
static bool index_package(const struct drivers *d, const struct driver_package *p,
			  bool any)
{
	struct drivers_row row = { .package = p };

	for (size_t s = 0; s < p->sections; s++) {
		if (!driver_section_counts(p, s, &d->target))
			continue;
		row.section = &p->section[s];
		for (size_t m = 0; m < p->section[s].models; m++) {
			row.model = &p->section[s].model[m];
			for (size_t i = 0; i < row.model->ids; i++) {
				row.id = row.model->id[i];
				if (!*row.id)
					continue;
				drivers_row(d, &row, !any);
				any = true;
			}
		}
	}
	return any;
}

int drivers_index(struct drivers *d)
{
	bool any = false;

	drivers_head(d, false);
	if (d->json)
		putchar('[');
	for (size_t i = 0; i < driver_count(d->set); i++) {
		const struct driver_package *p = driver_at(d->set, i);

		if (!p->why && driver_folder_suits(p, &d->target))
			any = index_package(d, p, any);
	}
	if (d->json)
		printf("%s]\n", any ? "\n" : "");
	return d->bad ? EXIT_NO : EXIT_DONE;
}

/* What would fit if the device said more. */
static void tell_narrower(const struct drivers *d)
{
	struct driver_match *match;
	size_t count;

	if (!driver_match_narrower(d->set, &d->device, &d->target, &match, &count))
		errx(EXIT_FAILED, "there is not enough memory");
	for (size_t i = 0; i < count; i++)
		warnx("%s: would fit a device that says %s", match[i].package->inf,
		      match[i].id);
	free(match);
}

int drivers_match(struct drivers *d)
{
	struct driver_match *match;
	size_t count;

	if (!driver_match(d->set, &d->device, &d->target, &match, &count))
		errx(EXIT_FAILED, "there is not enough memory");
	drivers_head(d, true);
	if (d->json)
		putchar('[');
	for (size_t i = 0; i < count; i++) {
		struct drivers_row row = { match[i].package, match[i].section,
					   match[i].model, match[i].id, &match[i].rank };

		drivers_row(d, &row, i == 0);
	}
	if (d->json)
		printf("%s]\n", count ? "\n" : "");
	free(match);
	if (count > 0)
		return EXIT_DONE;
	warnx("no package drives %s",
	      d->device.hardwares ? d->device.hardware[0] : d->device.compatible[0]);
	tell_narrower(d);
	return EXIT_NO;
}

static void put_pack(const struct drivers *d, const struct conf_pack *p, bool first)
{
	const struct cells cells[] = {
		{ "manufacturer", p->manufacturer },
		{ "product", p->product },
		{ "folder", p->folder },
	};

	printf(d->json ? "%s\n  {\"pack\": \"%s\"" : "%s%s", d->json && !first ? "," : "",
	       p->name);
	row_cells(d, cells, sizeof(cells) / sizeof(cells[0]));
	printf(d->json ? "}" : "\n");
}

void drivers_packs(const struct drivers *d, const struct conf *conf,
		   const struct conf_pack *only)
{
	bool first = true;

	fputs(d->json ? "[" : "pack\tmanufacturer\tproduct\tfolder\n", stdout);
	for (size_t i = 0; i < conf->packs; i++) {
		if (only && only != &conf->pack[i])
			continue;
		put_pack(d, &conf->pack[i], first);
		first = false;
	}
	if (d->json)
		puts(first ? "]" : "\n]");
}
