#include "config.h"

#include "tools/wimprep/version.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NUMBER_LARGEST 999999999UL

/* The number behind "+d", or 0. */
static unsigned long number_of(const char *version, size_t *base_len)
{
	const char *mark = strrchr(version, '+');
	unsigned long n;
	char *end;

	if (!mark || mark == version || mark[1] != 'd' ||
	    !isdigit((unsigned char)mark[2]))
		return 0;
	n = strtoul(mark + 2, &end, 10);
	*base_len = (size_t)(mark - version);
	return *end || n > NUMBER_LARGEST ? 0 : n;
}

bool version_base(const char *version, char base[static JOB_NAME])
{
	size_t len;

	if (!number_of(version, &len) || len >= JOB_NAME)
		return false;
	memcpy(base, version, len);
	base[len] = '\0';
	return true;
}

/* Only a folder with a manifest is a version. */
static bool is_there(const char *images, const char *name, const char *version)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s/%s/MANIFEST", images, name, version) <
		       PATH_MAX &&
	       access(path, F_OK) == 0;
}

bool version_newest(const char *images, const char *name, const char *base,
		    char newest[static JOB_NAME])
{
	unsigned long most = 0;
	char folder[PATH_MAX];
	struct dirent *d;
	size_t len;
	DIR *dir;

	if (snprintf(folder, sizeof(folder), "%s/%s", images, name) >= PATH_MAX ||
	    !(dir = opendir(folder)))
		return false;
	while ((d = readdir(dir))) {
		unsigned long n = number_of(d->d_name, &len);

		if (n <= most || len != strlen(base) ||
		    strncmp(d->d_name, base, len) != 0 || strlen(d->d_name) >= JOB_NAME ||
		    !is_there(images, name, d->d_name))
			continue;
		most = n;
		memcpy(newest, d->d_name, strlen(d->d_name) + 1);
	}
	closedir(dir);
	return most > 0;
}

bool version_next(const char *base, const char *newest, char next[static JOB_NAME])
{
	size_t len;
	unsigned long n = *newest ? number_of(newest, &len) : 0;

	return snprintf(next, JOB_NAME, "%s+d%lu", base, n + 1) < JOB_NAME;
}
