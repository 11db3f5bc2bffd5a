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

static void put_curl(const struct payload *p, const char *from, const char *octets,
		     size_t len)
{
	char *to;

	if (len < 2 || memcmp(octets, "MZ", 2) != 0)
		errx(EXIT_FAILED, "%s: its curl.exe is not a Windows program", from);
	if (asprintf(&to, "%s%s", p->tree, CURL) < 0 ||
	    file_replace(to, octets, len, 0644) < 0)
		err(EXIT_FAILED, "curl.exe");
	free(to);
}

static void put_given(const struct payload *p, const char *from)
{
	size_t len;
	char *octets = file_read(from, CURL_LARGEST, &len);

	if (!octets)
		err(EXIT_FAILED, "%s", from);
	put_curl(p, from, octets, len);
	free(octets);
}

static bool take_curl(const struct payload *p, const struct payload_wish *wish,
		      enum driver_arch arch)
{
	char why[WIM_WHY], *octets;
	struct wim *install = payload_install(wish->install, why);
	unsigned from;
	size_t len;

	if (!install)
		errx(EXIT_FAILED, "%s: %s", wish->install, why);
	from = image_with_curl(install, arch);
	if (from) {
		octets = wim_read(install, from, CURL, p->tree, CURL_LARGEST, &len, why);
		if (!octets)
			errx(EXIT_FAILED, "%s: %s", wish->install, why);
		put_curl(p, wish->install, octets, len);
		free(octets);
	}
	wim_close(install);
	return from != 0;
}

static const char *bring_curl(const struct payload *p, const struct payload_wish *wish,
			      struct wim *wim, unsigned image)
{
	if (wish->curl) {
		put_given(p, wish->curl);
		return "given";
	}
	if (wim_find(wim, image, CURL, NULL))
		return "boot.wim";
	if (!*wish->install)
		warnx("%s: has no curl.exe, and there is no install.wim beside it to "
		      "take it from: --install=FILE or --curl=FILE",
		      wish->shown);
	else if (take_curl(p, wish, inspect_target(wim, image).arch))
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
	fprintf(marker, "# curl: %s\n", bring_curl(p, wish, wim, image));
}
