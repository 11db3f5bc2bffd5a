#include "config.h"

#include "tools/pxeprobe/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/image.h"
#include "lib/wire/arch.h"
#include "tools/pxeprobe/checks.h"
#include "tools/pxeprobe/httpget.h"
#include "tools/pxeprobe/script.h"

#define DEPTH 8 /* scripts that lead to scripts */

/* Large, so not on the stack of a thread. */
struct walk {
	const struct play *p;
	struct facts *f;
	size_t client;
	struct script_variables variables;
	struct script_links links;
	struct kept kept;
	char url[FACTS_URL]; /* of the script that is being read */
};

/* ---- an image's manifest ---- */

/* What the manifest says is noted with the fetch; the judge compares. */
static void expect(struct fetch *t, const struct image_file *file)
{
	snprintf(t->want_file, sizeof(t->want_file), "%s", file->name);
	snprintf(t->want_sha256, sizeof(t->want_sha256), "%s", file->sha256);
	t->want_size = file->size;
}

static void compare(struct walk *w, const char *manifest, const struct image *image)
{
	char url[FACTS_URL];
	struct fetch *t;

	for (size_t i = 0; i < image->files; i++) {
		if (!url_join(manifest, image->file[i].name, url))
			continue;
		t = play_fetch(w->p, w->f, w->client, FETCH_FILE, url, !w->p->checksum,
			       NULL);
		if (t)
			expect(t, &image->file[i]);
	}
}

static void check_image(struct walk *w, const char *manifest)
{
	struct image image;
	const char *why;
	struct fetch *t;
	size_t line;

	t = play_fetch(w->p, w->f, w->client, FETCH_MANIFEST, manifest, false, &w->kept);
	if (!t || t->result != FETCH_OK)
		return;
	if (w->kept.len == sizeof(w->kept.text))
		w->kept.len--; /* longer than any: its end is missing anyhow */
	if (!image_parse(w->kept.text, w->kept.len, &image, &line, &why)) {
		t->result = FETCH_REFUSED;
		snprintf(t->why, sizeof(t->why), "line %zu: %s", line, why);
		return;
	}
	compare(w, manifest, &image);
	image_free(&image);
}

/* Our own scripts say which image it is, and where the site is. */
static void check_named_image(struct walk *w)
{
	const char *deploy = script_get(&w->variables, "pxekit-deploy");
	char name[JOB_NAME], version[JOB_NAME], manifest[FACTS_URL];
	size_t len = strlen(deploy);

	if (len < 8 || strcmp(deploy + len - 7, "/deploy") != 0 ||
	    !image_reference(script_get(&w->variables, "pxekit-image"), name, version))
		return;
	if (snprintf(manifest, sizeof(manifest), "%.*s/images/%s/%s/MANIFEST",
		     (int)len - 7, deploy, name,
		     *version ? version : "current") < (int)sizeof(manifest))
		check_image(w, manifest);
}

/* A file below /images/ has a manifest beside it. */
static void check_image_of(struct walk *w, const char *url)
{
	char manifest[FACTS_URL];

	if (strstr(url, "/images/") && url_join(url, "MANIFEST", manifest))
		check_image(w, manifest);
}

/* ---- what a script loads ---- */

static void look_at(struct walk *w, const struct script_link *link, const char *base)
{
	char url[FACTS_URL];

	if (!url_join(base, link->url, url))
		return;
	/* A question may have an effect: reports are sent this way. */
	if (link->verb == SCRIPT_FETCH && strchr(url, '?'))
		return;
	play_fetch(w->p, w->f, w->client, FETCH_FILE, url, true, NULL);
	check_image_of(w, url);
}

/* The first script that this one goes on to becomes w->url; true if there is one. */
static bool follow_links(struct walk *w, const char *base)
{
	bool goes_on = false;

	for (size_t i = 0; i < w->links.count; i++) {
		const struct script_link *link = &w->links.link[i];

		if (link->verb == SCRIPT_CHAIN && !goes_on)
			goes_on = url_join(base, link->url, w->url);
		else
			look_at(w, link, base);
	}
	return goes_on;
}

/* An EFI program, or a BIOS one: what has no text in its first octets. */
static bool is_program(const struct kept *kept)
{
	size_t few = kept->len < 64 ? kept->len : 64;

	return kept->len >= 2 &&
	       (memcmp(kept->text, "MZ", 2) == 0 || memchr(kept->text, '\0', few));
}

/* Fetches and reads the script at w->url; true if another one follows. */
static bool read_one(struct walk *w)
{
	char base[FACTS_URL];
	const char *why;
	struct fetch *t;

	snprintf(base, sizeof(base), "%s", w->url);
	t = play_fetch(w->p, w->f, w->client, FETCH_SCRIPT, base, false, &w->kept);
	if (!t || t->result != FETCH_OK)
		return false;
	t->is_program = is_program(&w->kept);
	t->is_script =
		script_read(w->kept.text, w->kept.len, &w->variables, &w->links, &why);
	if (!t->is_script)
		return false;
	if (w->p->script)
		w->p->script(base, w->kept.text, w->kept.len);
	return follow_links(w, base);
}

/* What iPXE knows of the machine; what only the machine knows stays empty. */
static void set_variables(struct walk *w, const struct client *c)
{
	unsigned plain = arch_plain(c->arch);
	char mac[MAC_TEXT], server[ADDRESS_TEXT];
	struct script_variables *v = &w->variables;

	mac_format(&w->f->mac, ':', mac);
	address_text(c->server, server);
	script_set(v, "mac", mac);
	script_set(v, "net0/mac", mac);
	script_set(v, "netX/mac", mac);
	script_set(v, "next-server", server);
	script_set(v, "filename", c->file);
	script_set(v, "platform", arch_is_efi(c->arch) ? "efi" : "pcbios");
	script_set(v, "buildarch",
		   plain == 11  ? "arm64"
		   : plain == 7 ? "x86_64"
				: "i386");
}

void follow(const struct play *p, struct facts *f, size_t client)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (!w)
		return;
	w->p = p;
	w->f = f;
	w->client = client;
	set_variables(w, &f->client[client]);
	play_url(&f->client[client], w->url);
	for (int i = 0; i < DEPTH && read_one(w); i++)
		continue;
	check_named_image(w);
	free(w);
}
