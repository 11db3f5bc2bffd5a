#include "config.h"

#include "tools/wimprep/payload.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"
#include "tools/wimprep/payload_curl.h"
#include "tools/wimprep/payload_drivers.h"
#include "tools/wimprep/staged.h"

#define TEMPLATE_LARGEST (1 << 20)
#define SHA1_OF_NOTHING "da39a3ee5e6b4b0d3255bfef95601890afd80709"

static char *path_of(const struct payload *p, const char *below)
{
	char *path;

	if (asprintf(&path, "%s/%s", p->tree, below) < 0)
		err(EXIT_FAILED, "%s", p->tree);
	return path;
}

static void make_tree(struct payload *p, const char *stage)
{
	static const char *const folders[] = { "", "pxekit", "Windows",
					       "Windows/System32" };

	if (mkdir(stage, 0755) < 0)
		err(EXIT_FAILED, "%s", stage);
	if (snprintf(p->tree, sizeof(p->tree), "%s/tree", stage) >= PATH_MAX)
		errx(EXIT_FAILED, "%s: the path is too long", stage);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *path = path_of(p, folders[i]);

		if (mkdir(path, 0755) < 0)
			err(EXIT_FAILED, "%s", path);
		free(path);
	}
}

/* ---- templates ---- */

void payload_template_path(const struct conf *conf, const char *name,
			   char path[static PATH_MAX])
{
	const char *ours = getenv("PXEKIT_TEMPLATES");

	snprintf(path, PATH_MAX, "%s/wimprep/%s", conf->templates ? conf->templates : "",
		 name);
	if (conf->templates && *conf->templates && access(path, F_OK) == 0)
		return;
	snprintf(path, PATH_MAX, "%s/wimprep/%s",
		 ours && *ours ? ours : PXEKIT_DATADIR "/templates", name);
}

/* With the line ends that cmd.exe and winpeshl.exe want. */
static void put_template(const struct payload *p, const struct conf *conf,
			 const char *name)
{
	char from[PATH_MAX], *to, *text;
	size_t len;
	FILE *out;

	payload_template_path(conf, name, from);
	text = file_read(from, TEMPLATE_LARGEST, &len);
	if (!text)
		err(EXIT_FAILED, "%s", from);
	if (asprintf(&to, "%s/Windows/System32/%s", p->tree, name) < 0 ||
	    !(out = fopen(to, "we")))
		err(EXIT_FAILED, "%s", name);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
			putc('\r', out);
		putc(text[i], out);
	}
	if (fclose(out) != 0)
		err(EXIT_FAILED, "%s", to);
	free(text);
	free(to);
}

static bool is_other(const char *url, const struct conf *conf)
{
	return url && *url && (!conf->url || strcmp(url, conf->url) != 0);
}

/*
 * Where startnet.cmd asks for the files of a job that no wimboot has brought.  Which of
 * them a machine reaches depends on its network.
 */
static void put_servers(const struct payload *p, const struct conf *conf)
{
	char *path = path_of(p, "pxekit/server.txt"), *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		err(EXIT_FAILED, "%s", path);
	if (conf->url && *conf->url)
		fprintf(out, "%s\r\n", conf->url);
	for (size_t i = 0; i < conf->networks; i++)
		if (is_other(conf->network[i].url, conf))
			fprintf(out, "%s\r\n", conf->network[i].url);
	if (fclose(out) != 0 || (len && file_replace(path, text, len, 0644) < 0))
		err(EXIT_FAILED, "%s", path);
	free(text);
	free(path);
}

/* ---- the marker ---- */

/* What the original was: by its own marker, if it has been prepared already. */
static void put_source(FILE *marker, struct wim *wim, unsigned image, const char *stage)
{
	char why[WIM_WHY], hex[WIM_SHA1_TEXT], *old, *rest, *line;
	uint8_t root[WIM_SHA1];
	size_t len;

	old = wim_read(wim, image, PAYLOAD_MARKER, stage, PAYLOAD_MARKER_LARGEST, &len,
		       why);
	rest = old;
	while (old && (line = strsep(&rest, "\n")))
		if (strncmp(line, "# source: ", 10) == 0)
			fprintf(marker, "%s\n", line);
	for (unsigned i = 1; !old && i <= wim_facts(wim)->images; i++)
		if (wim_root(wim, i, root)) {
			wim_sha1_text(root, hex);
			fprintf(marker, "# source: %u %s\n", i, hex);
		}
	free(old);
}

static void put_sums(struct payload *p, FILE *marker)
{
	struct staged_list list = staged_read(p->tree);

	for (size_t i = 0; i < list.files; i++) {
		fprintf(marker, "%s  %s\n", list.file[i].sha1, list.file[i].path);
		p->octets += list.file[i].size;
	}
	staged_free(&list);
}

static void write_marker(struct payload *p)
{
	char *path = path_of(p, &PAYLOAD_MARKER[1]);

	if (file_replace(path, p->marker, p->marker_len, 0644) < 0)
		err(EXIT_FAILED, "%s", path);
	free(path);
}

void payload_make(struct payload *p, const struct payload_wish *wish, struct wim *wim,
		  unsigned image, const struct driver_target *target, const char *stage)
{
	FILE *marker;

	*p = (struct payload){ 0 };
	make_tree(p, stage);
	marker = open_memstream(&p->marker, &p->marker_len);
	if (!marker)
		err(EXIT_FAILED, "marker");
	fputs("# wimprep: 1\n", marker);
	put_source(marker, wim, image, stage);
	fprintf(marker, "# image: %u build %u %s %s\n", image, target->build,
		driver_arch_name(target->arch), driver_os(target));
	payload_drivers(p, wish, target, marker);
	put_template(p, wish->conf, "startnet.cmd");
	put_template(p, wish->conf, "winpeshl.ini");
	put_servers(p, wish->conf);
	payload_curl(p, wish, wim, image, marker);
	put_sums(p, marker);
	if (fclose(marker) != 0)
		err(EXIT_FAILED, "marker");
	write_marker(p);
}

void payload_free(struct payload *p)
{
	free(p->marker);
	*p = (struct payload){ 0 };
}

/* ---- into the image ---- */

void payload_inject(const struct payload *p, const char *shown, struct wim *wim,
		    unsigned image)
{
	struct staged_list list = staged_read(p->tree);
	struct wim_change *change = calloc(list.files + 2, sizeof(*change));
	char **text = calloc(2 * list.files + 1, sizeof(*text)), why[WIM_WHY];
	size_t n = 0, texts = 0;

	staged_times(p->tree); /* now: reading has changed the time of access */
	if (!change || !text || asprintf(&text[texts++], "%s/pxekit", p->tree) < 0)
		err(EXIT_FAILED, "%s", shown);
	change[n++] = (struct wim_change){ .path = "/pxekit" };
	change[n++] = (struct wim_change){ .from = text[0], .path = "/pxekit" };
	for (size_t i = 0; i < list.files; i++) {
		if (strncmp(list.file[i].path, "pxekit/", 7) == 0)
			continue;
		if (asprintf(&text[texts], "%s/%s", p->tree, list.file[i].path) < 0 ||
		    asprintf(&text[texts + 1], "/%s", list.file[i].path) < 0)
			err(EXIT_FAILED, "%s", shown);
		change[n++] = (struct wim_change){ text[texts], text[texts + 1] };
		texts += 2;
	}
	if (!wim_change(wim, image, change, n, why))
		errx(EXIT_FAILED, "%s: %s", shown, why);
	while (texts > 0)
		free(text[--texts]);
	free(text);
	free(change);
	staged_free(&list);
}

/* "HEX  PATH": the image has a file of that content there. */
bool payload_line_holds(struct wim *wim, unsigned image, const char *line)
{
	char path[PATH_MAX], hex[WIM_SHA1_TEXT];
	struct wim_entry e;

	if (!*line || *line == '#')
		return true;
	if (strlen(line) < WIM_SHA1_TEXT + 2)
		return false;
	snprintf(path, sizeof(path), "/%s", line + WIM_SHA1_TEXT + 1);
	if (!wim_find(wim, image, path, &e) || e.folder)
		return false;
	wim_sha1_text(e.sha1, hex);
	return strncmp(e.size ? hex : SHA1_OF_NOTHING, line, WIM_SHA1_TEXT - 1) == 0;
}

bool payload_is_in(const struct payload *p, struct wim *wim, unsigned image,
		   const char *scratch)
{
	char why[WIM_WHY], *there, *rest, *line;
	bool same;
	size_t len;

	there = wim_read(wim, image, PAYLOAD_MARKER, scratch, PAYLOAD_MARKER_LARGEST,
			 &len, why);
	same = there && len == p->marker_len && memcmp(there, p->marker, len) == 0;
	rest = there;
	while (same && (line = strsep(&rest, "\n")))
		same = payload_line_holds(wim, image, line);
	free(there);
	return same;
}
