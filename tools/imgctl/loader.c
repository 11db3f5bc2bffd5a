/* imgctl loader: the first files, by which firmware begins. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "lib/sys/table.h"
#include "tools/imgctl/loaders.h"

enum { KEY_NAME = 256 };

const struct verb_option loader_options[] = {
	{ "name", KEY_NAME, "PATH", "add: the file's place below the folder of tftp" },
	{ "force", 'f', NULL, "rm: also what a route in use wants" },
	{ "dry-run", 'n', NULL, "say what would change and change nothing" },
	{ 0 },
};

/* ---- list and show ---- */

struct shown {
	const char *name, *sha256, *source; /* sha256 NULL: it is not registered */
	bool there;
	const char *state;
	struct loader loader;
};

static void look(const struct loaders *l, const char *name, struct shown *s)
{
	const struct image_file *known = loaders_find(l, name);

	*s = (struct shown){ .name = name, .sha256 = known ? known->sha256 : NULL };
	s->there = loaders_read(l, name, &s->loader);
	if (!s->there)
		s->state = "missing";
	else if (!known)
		s->state = "not registered";
	else if (strcmp(known->sha256, s->loader.sha256) != 0)
		s->state = "changed";
	else if (!loader_fits(&s->loader))
		s->state = "bad signature";
	else
		s->state = "good";
}

static void build(struct jsonout *j, const void *what)
{
	const struct shown *s = what;
	const struct pe *pe = &s->loader.program;
	const char *arch = pe_machine_name(pe->machine);
	char form[LOADER_FORM];

	loader_form(&s->loader, form);
	jsonout_text(j, "name", s->name);
	jsonout_text(j, "state", s->state);
	jsonout_text(j, "sha256", s->there ? s->loader.sha256 : s->sha256);
	jsonout_int(j, "size", s->loader.size);
	jsonout_text(j, "form", s->there ? form : "");
	jsonout_text(j, "arch", arch ? arch : "");
	jsonout_open(j, "signatures", '[');
	for (size_t i = 0; i < pe->signatures; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_text(j, "signer", pe->signature[i].signer);
		jsonout_text(j, "issuer", pe->signature[i].issuer);
		if (pe->signature[i].ca_year)
			jsonout_int(j, "microsoft_ca", pe->signature[i].ca_year);
		else
			jsonout_null(j, "microsoft_ca");
		jsonout_bool(j, "fits", pe->signature[i].fits);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void add_row(struct table *t, const struct shown *s)
{
	char form[LOADER_FORM] = "", signers[LOADER_SIGNERS] = "", size[PRINT_TIME] = "";

	if (s->there) {
		loader_form(&s->loader, form);
		loader_signers(&s->loader, signers);
		print_octets(s->loader.size, size);
	}
	table_row(t);
	table_cell(t, s->name);
	table_cell(t, s->state);
	table_cell(t, form);
	table_cell(t, size);
	table_cell(t, signers);
}

/* Those of the registry, then what the routes want besides and is there. */
static bool next_name(const struct loaders *l, const struct want list[], size_t wanted,
		      size_t *at, const char **name)
{
	struct loader loader;

	while (*at < l->registry.files + wanted) {
		size_t i = (*at)++;

		if (i < l->registry.files) {
			*name = l->registry.file[i].name;
			return true;
		}
		*name = list[i - l->registry.files].file;
		for (i -= l->registry.files; i > 0; i--)
			if (strcmp(list[i - 1].file, *name) == 0)
				break;
		if (i == 0 && !loaders_find(l, *name) && loaders_read(l, *name, &loader))
			return true;
	}
	return false;
}

static int list_loaders(struct imgctl *ctl)
{
	static const struct table_column columns[] = {
		{ "NAME", 0.2, false, false },     { "STATE", 5, false, false },
		{ "FORM", 5, false, false },       { "SIZE", 5, true, false },
		{ "SIGNED BY", 0.5, false, true }, { 0 },
	};
	struct print_list json = { .name = "loaders" };
	struct loaders l = loaders_open(ctl, false);
	struct want list[WANTS_MAX];
	size_t n = wants(ctl->conf, list), at = 0;
	const char *name;
	struct shown s;
	struct table t;

	if (!ctl->json)
		table_begin(&t, columns);
	while (next_name(&l, list, n, &at, &name)) {
		look(&l, name, &s);
		if (ctl->json)
			print_list_item(&json, build, &s);
		else
			add_row(&t, &s);
	}
	if (ctl->json)
		print_list_end(&json);
	else
		table_end(&t);
	loaders_close(&l);
	return EXIT_DONE;
}

static void print_signatures(const struct pe *pe)
{
	for (size_t i = 0; i < pe->signatures; i++) {
		const struct pe_signature *s = &pe->signature[i];

		printf("Signed by  %s\n  CA       %s\n", s->signer, s->issuer);
		if (s->ca_year)
			printf("           (Microsoft's CA of %u)\n", s->ca_year);
		if (!s->fits)
			puts("           but the file was changed after that");
	}
}

/* A loader of the registry, or any file by its path. */
static int show(struct imgctl *ctl, const char *name)
{
	char form[LOADER_FORM], size[PRINT_TIME];
	struct loaders l = loaders_open(ctl, false);
	struct shown s;
	void *octets;
	size_t len;

	look(&l, name, &s);
	if (!s.there && s.sha256)
		errx(EXIT_FAILED, "%s/%s: is missing", l.folder, name);
	if (!s.there) {
		octets = loaders_file(name, &len);
		loader_read(octets, len, &s.loader);
		free(octets);
		s.there = true;
		s.state = "not registered";
	}
	if (ctl->json) {
		print_json(build, &s);
	} else {
		loader_form(&s.loader, form);
		printf("Name       %s\nState      %s\nForm       %s\nSize       %s\n"
		       "SHA-256    %s\n",
		       name, s.state, form, print_octets(s.loader.size, size),
		       s.loader.sha256);
		if (s.loader.damage)
			printf("Damage     %s\n", s.loader.damage);
		if (s.loader.is_pe && !s.loader.program.signatures)
			puts("Signed by  nobody");
		print_signatures(&s.loader.program);
	}
	loaders_close(&l);
	return EXIT_DONE;
}

/* ---- the verb ---- */

struct request {
	const char *name;
	bool force, dry_run;
};

static int wants_one(const struct imgctl *ctl, const char *action)
{
	warnx("loader %s: wants one or more names", action);
	verb_misuse(&ctl->face);
}

static int act(struct imgctl *ctl, const struct request *r, int count, char *words[])
{
	const char *action = words[0];

	words++;
	count--;
	if (strcmp(action, "add") == 0)
		return loader_add(ctl, count, words, r->name, r->dry_run);
	if (strcmp(action, "check") == 0)
		return loader_check(ctl, count, words);
	if (strcmp(action, "list") == 0 && count == 0)
		return list_loaders(ctl);
	if (strcmp(action, "show") == 0)
		return count == 1 ? show(ctl, words[0]) : wants_one(ctl, action);
	if (strcmp(action, "rm") == 0)
		return count ? loader_rm(ctl, count, words, r->force, r->dry_run)
			     : wants_one(ctl, action);
	warnx("loader %s: wants add, list, show, rm or check", action);
	verb_misuse(&ctl->face);
}

int loader_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct request r = { 0 };
	int key;

	while ((key = imgctl_next(ctl, argc, argv)) != -1)
		switch (key) {
		case KEY_NAME:
			r.name = optarg;
			break;
		case 'f':
			r.force = true;
			break;
		case 'n':
			r.dry_run = true;
			break;
		}
	verb_arguments(&ctl->face, argc, 1, 1000);
	return act(ctl, &r, argc - optind, argv + optind);
}
