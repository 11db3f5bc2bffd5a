#include "config.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/drivers.h"
#include "tools/wimprep/json.h"

/* One package that is shown. */
struct view {
	const struct drivers *d;
	const struct driver_package *p;
	bool whole; /* nothing is missing */
};

static void line(const char *name, const char *text)
{
	if (*text)
		printf("  %-10s %s\n", name, text);
}

static bool counts(const struct view *v, size_t section)
{
	return driver_section_counts(v->p, section, &v->d->target);
}

/* Where %13% and its like are, if everybody knows. */
static const char *place_of(const char *destination)
{
	static const char *const places[][2] = {
		{ "10", "Windows" },
		{ "11", "System32" },
		{ "12", "System32\\drivers" },
		{ "13", "the driver store" },
	};
	size_t len = strcspn(destination, ",");

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strncmp(destination, places[i][0], len) == 0 && len == 2)
			return places[i][1];
	return destination;
}

static void show_file(struct view *v, const char *kind, const char *path, const char *to)
{
	int64_t size = driver_size(v->d->set, v->p, path);

	v->whole &= size >= 0;
	printf("  %-10s %s, ", kind, path);
	if (size < 0)
		printf("missing");
	else
		printf("%" PRId64 " octets", size);
	printf("%s%s\n", *to ? ", to " : "", place_of(to));
}

static void show_models(const struct driver_section *s)
{
	for (size_t m = 0; m < s->models; m++) {
		line("device", s->model[m].name);
		for (size_t i = 0; i < s->model[m].ids; i++)
			if (*s->model[m].id[i])
				printf("  %-10s   %s%s\n", "", s->model[m].id[i],
				       i > 0 ? " (compatible)" : "");
	}
}

static void show_sections(const struct view *v)
{
	for (size_t i = 0; i < v->p->sections; i++) {
		const struct driver_decoration *d = &v->p->section[i].decoration;
		char from[DRIVERS_FROM];

		if (!counts(v, i))
			continue;
		drivers_from(d, from);
		printf("  %-10s %s from %s%s%s\n", "for",
		       driver_arch_name(d->arch ? d->arch : DRIVER_X86), from,
		       d->product == 1  ? ", clients"
		       : d->product > 1 ? ", servers"
					: "",
		       v->p->section[i].models ? "" : ", nothing");
		show_models(&v->p->section[i]);
	}
}

/* The install sections that shown models lead to. */
static bool used(const struct view *v, size_t install)
{
	for (size_t s = 0; s < v->p->sections; s++)
		for (size_t m = 0; m < v->p->section[s].models; m++)
			if (v->p->section[s].model[m].install == install && counts(v, s))
				return true;
	return false;
}

/* Whether an install section before this one brings the file as well. */
static bool again(const struct view *v, size_t install, const char *path)
{
	for (size_t i = 0; i < install; i++)
		for (size_t f = 0; f < v->p->install[i].files; f++)
			if (strcmp(v->p->install[i].file[f].path, path) == 0 &&
			    used(v, i))
				return true;
	return false;
}

typedef void each_file(struct view *v, const struct driver_file *file);

static void for_each_file(struct view *v, each_file *each)
{
	for (size_t i = 0; i < v->p->installs; i++) {
		if (!used(v, i))
			continue;
		for (size_t f = 0; f < v->p->install[i].files; f++)
			if (!again(v, i, v->p->install[i].file[f].path))
				each(v, &v->p->install[i].file[f]);
	}
}

static void show_one_file(struct view *v, const struct driver_file *file)
{
	show_file(v, "file", file->path, file->destination);
}

static void show_catalogues(struct view *v)
{
	bool any = false;

	for (unsigned arch = 0; arch < DRIVER_ARCHES; arch++) {
		const char *name = v->p->catalogue[arch];

		if (!*name || (arch && v->d->target.arch && arch != v->d->target.arch))
			continue;
		show_file(v, "catalogue", name, "");
		any = true;
	}
	if (!any)
		line("catalogue", "none: Windows takes no driver that is not signed");
	v->whole &= any;
}

static void show_text(struct view *v)
{
	const struct driver_package *p = v->p;

	printf("%s\n", p->inf);
	line("source", driver_source(v->d->set, p->source));
	printf("  %-10s %s %s\n", "class", p->class, p->class_guid);
	line("provider", p->provider);
	printf("  %-10s %s of %s\n", "version", p->version, p->date);
	line("folder of", driver_folder_os(p));
	show_catalogues(v);
	for_each_file(v, show_one_file);
	for (size_t i = 0; i < p->copyinfs; i++)
		show_file(v, "pulls in", p->copyinf[i], "");
	show_sections(v);
}

static void member(const char *name, const char *text)
{
	printf(", \"%s\": ", name);
	json_text(text);
}

static void json_file(struct view *v, const char *kind, const char *path)
{
	int64_t size = driver_size(v->d->set, v->p, path);

	v->whole &= size >= 0;
	printf("{\"kind\": \"%s\"", kind);
	member("path", path);
	if (size < 0)
		printf(", \"size\": null");
	else
		printf(", \"size\": %" PRId64, size);
}

static void json_one_file(struct view *v, const struct driver_file *file)
{
	printf(",\n    ");
	json_file(v, "file", file->path);
	member("destination", file->destination);
	putchar('}');
}

static void json_files(struct view *v)
{
	bool any = false;

	printf(",\n   \"files\": [\n    ");
	json_file(v, "inf",
		  strrchr(v->p->inf, '/') ? strrchr(v->p->inf, '/') + 1 : v->p->inf);
	putchar('}');
	for (unsigned arch = 0; arch < DRIVER_ARCHES; arch++) {
		const char *name = v->p->catalogue[arch];

		if (!*name || (arch && v->d->target.arch && arch != v->d->target.arch))
			continue;
		printf(",\n    ");
		json_file(v, "catalogue", name);
		putchar('}');
		any = true;
	}
	v->whole &= any;
	for_each_file(v, json_one_file);
	for (size_t i = 0; i < v->p->copyinfs; i++) {
		printf(",\n    ");
		json_file(v, "copyinf", v->p->copyinf[i]);
		putchar('}');
	}
	printf("]");
}

static void json_model(const struct driver_section *s, const struct driver_model *m,
		       bool first)
{
	enum driver_arch arch = s->decoration.arch ? s->decoration.arch : DRIVER_X86;
	char from[DRIVERS_FROM];

	drivers_from(&s->decoration, from);
	printf("%s\n    {\"arch\": \"%s\", \"from\": \"%s\"", first ? "" : ",",
	       driver_arch_name(arch), from);
	member("name", m->name);
	printf(", \"ids\": [");
	for (size_t i = 0; i < m->ids; i++) {
		printf("%s", i ? ", " : "");
		json_text(m->id[i]);
	}
	printf("]}");
}

static void show_json(struct view *v, bool first)
{
	const struct driver_package *p = v->p;
	bool any = false;

	printf("%s\n  {\"inf\": ", first ? "" : ",");
	json_text(p->inf);
	member("source", driver_source(v->d->set, p->source));
	member("class", p->class);
	member("class_guid", p->class_guid);
	member("provider", p->provider);
	member("version", p->version);
	member("date", p->date);
	member("os", driver_folder_os(p));
	json_files(v);
	printf(",\n   \"devices\": [");
	for (size_t s = 0; s < p->sections; s++)
		for (size_t m = 0; counts(v, s) && m < p->section[s].models; m++) {
			json_model(&p->section[s], &p->section[s].model[m], !any);
			any = true;
		}
	printf("],\n   \"whole\": %s}", v->whole ? "true" : "false");
}

int drivers_show(struct drivers *d, const char *name)
{
	bool whole = true, any = false;

	if (d->json)
		putchar('[');
	for (size_t i = 0; i < driver_count(d->set); i++) {
		struct view v = { d, driver_at(d->set, i), true };

		if (v.p->why || (name && !driver_named(v.p, name)))
			continue;
		if ((d->target.build || d->target.arch) &&
		    (!driver_suits(v.p, &d->target) ||
		     !driver_folder_suits(v.p, &d->target)))
			continue;
		if (d->json)
			show_json(&v, !any);
		else
			show_text(&v);
		any = true;
		whole &= v.whole;
	}
	if (d->json)
		printf("%s]\n", any ? "\n" : "");
	if (!any)
		warnx("%s: has no driver package%s%s", driver_source(d->set, 0),
		      name ? " " : "", name ? name : "");
	return any && whole ? EXIT_DONE : EXIT_NO;
}
