#include "config.h"

#include "tools/wimprep/payload_dlls.h"

#include <dirent.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/pe_import.h"
#include "lib/sys/exits.h"
#include "lib/sys/file.h"

#define SYSTEM32 "/Windows/System32/"
#define DLL_LARGEST (64 << 20)

/* Names that are to be looked at, each once. */
struct names {
	char *name[256];
	size_t n, done;
	const char *shown;
};

static void add_name(const char *dll, void *arg)
{
	struct names *names = arg;

	if (strncasecmp(dll, "api-ms-", 7) == 0 || strncasecmp(dll, "ext-ms-", 7) == 0)
		return;
	for (size_t i = 0; i < names->n; i++)
		if (strcasecmp(names->name[i], dll) == 0)
			return;
	if (names->n == sizeof(names->name) / sizeof(names->name[0]))
		errx(EXIT_FAILED, "%s: its curl.exe wants too many DLLs", names->shown);
	names->name[names->n] = strdup(dll);
	if (!names->name[names->n++])
		err(EXIT_FAILED, "%s", dll);
}

static void read_imports(struct names *names, const char *from, const char *what,
			 const char *octets, size_t len)
{
	const char *why;

	if (!pe_imports(octets, len, add_name, names, &why))
		errx(EXIT_FAILED, "%s: its %s %s", from, what, why);
}

static bool boot_has(const struct payload_dlls *d, const char *dll)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSTEM32 "%s", dll);
	return wim_find(d->boot, d->image, path, NULL);
}

/* In any case, beside the program; NULL if there is none. */
static char *read_beside(const char *program, const char *dll, size_t *len)
{
	const char *slash = strrchr(program, '/');
	int folder_len = slash ? (int)(slash - program) + 1 : 0;
	char folder[PATH_MAX], *path = NULL, *octets = NULL;
	struct dirent *e;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%.*s", folder_len, program);
	dir = opendir(*folder ? folder : ".");
	while (dir && !path && (e = readdir(dir)))
		if (strcasecmp(e->d_name, dll) == 0 &&
		    asprintf(&path, "%s%s", folder, e->d_name) < 0)
			err(EXIT_FAILED, "%s", dll);
	if (dir)
		closedir(dir);
	if (path) {
		octets = file_read(path, DLL_LARGEST, len);
		if (!octets)
			err(EXIT_FAILED, "%s", path);
	}
	free(path);
	return octets;
}

static char *read_dll(const struct payload_dlls *d, const char *dll, size_t *len)
{
	char path[PATH_MAX], why[WIM_WHY], *octets;

	if (!d->source)
		return read_beside(d->from, dll, len);
	snprintf(path, sizeof(path), SYSTEM32 "%s", dll);
	if (!wim_find(d->source, d->source_image, path, NULL))
		return NULL;
	octets = wim_read(d->source, d->source_image, path, d->payload->tree, DLL_LARGEST,
			  len, why);
	if (!octets)
		errx(EXIT_FAILED, "%s: %s", d->from, why);
	return octets;
}

static void put_dll(const struct payload_dlls *d, const char *dll, const char *octets,
		    size_t len)
{
	char *to;

	if (asprintf(&to, "%s" SYSTEM32 "%s", d->payload->tree, dll) < 0 ||
	    file_replace(to, octets, len, 0644) < 0)
		err(EXIT_FAILED, "%s", dll);
	free(to);
}

static void bring(struct payload_dlls *d, struct names *names, const char *dll,
		  FILE *marker)
{
	size_t len;
	char *octets = read_dll(d, dll, &len);

	if (!octets) {
		warnx("%s: has no %s, which curl.exe wants, and %s has none to bring",
		      d->shown, dll, d->from);
		return;
	}
	read_imports(names, d->from, dll, octets, len);
	put_dll(d, dll, octets, len);
	fprintf(marker, "# dll: %s\n", dll);
	free(octets);
}

void payload_dlls(struct payload_dlls *d, const char *octets, size_t len, FILE *marker)
{
	struct names names = { .shown = d->shown };

	read_imports(&names, d->from, "curl.exe", octets, len);
	for (; names.done < names.n; names.done++)
		if (!boot_has(d, names.name[names.done]))
			bring(d, &names, names.name[names.done], marker);
	for (size_t i = 0; i < names.n; i++)
		free(names.name[i]);
}
