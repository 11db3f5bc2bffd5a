/* imgctl loader add, rm: puts first files into their places, and takes them away. */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "tools/imgctl/loaders.h"

struct addition {
	struct imgctl *ctl;
	struct loaders loaders;
	bool dry_run;
};

/* The name is a path below the folder, and not the registry itself. */
static void check_name(const char *name)
{
	if (!image_file_name_ok(name) || *name == '.' || strcmp(name, "MANIFEST") == 0)
		errx(EXIT_MISUSE, "--name %s: is not the name of a file below the folder",
		     name);
}

static void warn_of(const char *name, const struct loader *loader,
		    const struct conf *conf)
{
	struct want list[WANTS_MAX];
	size_t n = wants(conf, list);

	if (!loader_fits(loader))
		warnx("%s: was changed after it was signed, firmware with Secure Boot "
		      "refuses it",
		      name);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].file, name) != 0)
			continue;
		if (!want_suits(&list[i], loader))
			warnx("%s: is not for %s, as route %s wants it", name,
			      want_firmware(list[i].arch), route_name(list[i].route));
		else if (list[i].secure && !loader->program.signatures)
			warnx("%s: is not signed, as route %s wants it", name,
			      route_name(list[i].route));
	}
}

static void put(struct addition *a, const char *path, const char *wanted)
{
	char form[LOADER_FORM], signers[LOADER_SIGNERS], name[256];
	struct loader loader;
	size_t len;
	void *octets = loaders_file(path, &len);
	bool changed = true;

	loader_read(octets, len, &loader);
	if (loader.damage)
		errx(EXIT_FAILED, "%s: %s", path, loader.damage);
	if (wanted)
		snprintf(name, sizeof(name), "%s", wanted);
	else
		want_place(a->ctl->conf, path, &loader, name);
	check_name(name);
	loader_form(&loader, form);
	loader_signers(&loader, signers);
	if (!a->dry_run)
		changed = loaders_put(&a->loaders, name, octets, len);
	free(octets);
	printf("%s%s: %s%s%s%s\n", a->dry_run ? "dry run: " : "", name, form,
	       *signers ? ", " : "", signers, changed ? "" : ", as before");
	warn_of(name, &loader, a->ctl->conf);
}

/* Everything that a route in use wants and Debian's packages have. */
static void put_all(struct addition *a)
{
	struct want list[WANTS_MAX];
	size_t n = wants(a->ctl->conf, list), found = 0;

	for (size_t i = 0; i < n; i++)
		if (list[i].used && list[i].source) {
			put(a, list[i].source, list[i].file);
			found++;
		}
	if (!found)
		errx(EXIT_FAILED,
		     "no loader that a route in use wants is installed; apt install ipxe "
		     "brings some (imgctl loader check tells more)");
}

int loader_add(struct imgctl *ctl, int count, char *files[], const char *name,
	       bool dry_run)
{
	struct addition a = { .ctl = ctl, .dry_run = dry_run };

	if (name)
		check_name(name);
	if (name && count != 1)
		errx(EXIT_MISUSE, "loader add: --name is for one FILE");
	a.loaders = loaders_open(ctl, !dry_run);
	for (int i = 0; i < count; i++)
		put(&a, files[i], name);
	if (!count)
		put_all(&a);
	loaders_close(&a.loaders);
	return EXIT_DONE;
}

/* ---- rm ---- */

static const struct want *needed(const struct want list[], size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].used && strcmp(list[i].file, name) == 0)
			return &list[i];
	return NULL;
}

int loader_rm(struct imgctl *ctl, int count, char *names[], bool force, bool dry_run)
{
	struct loaders l = loaders_open(ctl, !dry_run);
	struct want list[WANTS_MAX];
	size_t n = wants(ctl->conf, list);
	int code = EXIT_DONE;

	for (int i = 0; i < count; i++) {
		const struct want *w = needed(list, n, names[i]);

		if (!loaders_find(&l, names[i])) {
			warnx("%s: is not registered", names[i]);
			code = EXIT_FAILED;
		} else if (w && !force) {
			warnx("%s: route %s, which is in use, wants it for %s (--force "
			      "removes it)",
			      names[i], route_name(w->route), want_firmware(w->arch));
			code = code > EXIT_NO ? code : EXIT_NO;
		} else {
			if (!dry_run)
				loaders_drop(&l, names[i]);
			printf("%s%s: %s\n", dry_run ? "dry run: " : "", names[i],
			       dry_run ? "would be removed" : "removed");
		}
	}
	loaders_close(&l);
	return code;
}
