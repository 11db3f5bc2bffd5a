#include "config.h"

#include "tools/wimprep/payload_curl.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "tools/wimprep/inspect.h"
#include "tools/wimprep/payload_dlls.h"

#define CURL "/Windows/System32/curl.exe"
#define CURL_LARGEST (64 << 20)
#define PARTS_MOST 64

/* install2.swm, install3.swm, ... beside install.swm. */
static size_t other_parts(const char *path, char *parts[PARTS_MOST + 1])
{
	size_t n = 0, len = strlen(path);
	const char *suffix = len > 4 ? path + len - 4 : path;

	while (strcasecmp(suffix, ".swm") == 0 && n < PARTS_MOST) {
		char *part;

		if (asprintf(&part, "%.*s%zu%s", (int)(len - 4), path, n + 2, suffix) < 0)
			err(EXIT_FAILED, "%s", path);
		if (access(part, F_OK) < 0) {
			free(part);
			break;
		}
		parts[n++] = part;
	}
	parts[n] = NULL;
	return n;
}

struct wim *payload_install(const char *path, char why[static WIM_WHY])
{
	char *parts[PARTS_MOST + 1];
	const char *names[PARTS_MOST + 1];
	size_t n = other_parts(path, parts);
	struct wim *w;

	for (size_t i = 0; i <= n; i++)
		names[i] = parts[i];
	w = wim_open(path, names, why);
	while (n > 0)
		free(parts[--n]);
	return w;
}

/* Any edition of the same architecture has the same curl.exe. */
static unsigned image_with_curl(struct wim *install, enum driver_arch arch)
{
	for (unsigned i = 1; i <= wim_facts(install)->images; i++)
		if (inspect_target(install, i).arch == arch &&
		    wim_find(install, i, CURL, NULL))
			return i;
	return 0;
}

/* And the DLLs that it wants, from where it comes. */
static void put_curl(struct payload_dlls *d, const char *octets, size_t len, FILE *marker)
{
	char *to;

	if (asprintf(&to, "%s%s", d->payload->tree, CURL) < 0 ||
	    file_replace(to, octets, len, 0644) < 0)
		err(EXIT_FAILED, "curl.exe");
	free(to);
	payload_dlls(d, octets, len, marker);
}

static void put_given(struct payload_dlls *d, const char *from, FILE *marker)
{
	size_t len;
	char *octets = file_read(from, CURL_LARGEST, &len);

	if (!octets)
		err(EXIT_FAILED, "%s", from);
	d->from = from;
	put_curl(d, octets, len, marker);
	free(octets);
}

static bool take_curl(struct payload_dlls *d, const struct payload_wish *wish,
		      enum driver_arch arch, FILE *marker)
{
	char why[WIM_WHY], *octets;
	size_t len;

	d->from = wish->install;
	d->source = payload_install(wish->install, why);
	if (!d->source)
		errx(EXIT_FAILED, "%s: %s", wish->install, why);
	d->source_image = image_with_curl(d->source, arch);
	if (d->source_image) {
		octets = wim_read(d->source, d->source_image, CURL, d->payload->tree,
				  CURL_LARGEST, &len, why);
		if (!octets)
			errx(EXIT_FAILED, "%s: %s", wish->install, why);
		put_curl(d, octets, len, marker);
		free(octets);
	}
	wim_close(d->source);
	return d->source_image != 0;
}

static const char *bring_curl(struct payload *p, const struct payload_wish *wish,
			      struct wim *wim, unsigned image, FILE *marker)
{
	struct payload_dlls d = {
		.payload = p, .shown = wish->shown, .boot = wim, .image = image
	};

	if (wish->curl) {
		put_given(&d, wish->curl, marker);
		return "given";
	}
	if (wim_find(wim, image, CURL, NULL))
		return "boot.wim";
	if (!*wish->install)
		warnx("%s: has no curl.exe, and there is no install.wim beside it to "
		      "take it from: --install=FILE or --curl=FILE",
		      wish->shown);
	else if (take_curl(&d, wish, inspect_target(wim, image).arch, marker))
		return "install.wim";
	else
		warnx("%s: has no curl.exe, and no image of %s of its architecture has "
		      "one: --curl=FILE",
		      wish->shown, wish->install);
	return "none";
}

void payload_curl(struct payload *p, const struct payload_wish *wish, struct wim *wim,
		  unsigned image, FILE *marker)
{
	fprintf(marker, "# curl: %s\n", bring_curl(p, wish, wim, image, marker));
}
