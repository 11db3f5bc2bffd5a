#include "config.h"

#include "tools/tftpd-lite/fold.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The folder that holds the part which begins at path[at]. */
static DIR *folder_of(const struct files *files, char *path, size_t at)
{
	char kept = at ? path[at - 1] : '\0';
	DIR *dir;
	int fd;

	if (at)
		path[at - 1] = '\0';
	fd = files_reach(files, at ? path : ".", O_RDONLY | O_DIRECTORY);
	if (at)
		path[at - 1] = kept;
	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

static bool fold_part(DIR *dir, char *part, size_t len)
{
	char best[256] = "";

	for (struct dirent *e; (e = readdir(dir));)
		if (strlen(e->d_name) == len && strncasecmp(e->d_name, part, len) == 0 &&
		    (!*best || strcmp(e->d_name, best) < 0))
			memcpy(best, e->d_name, len + 1);
	if (*best)
		memcpy(part, best, len);
	return *best;
}

static bool is_there(const struct files *files, char *path, size_t end)
{
	char kept = path[end];
	int fd;

	path[end] = '\0';
	fd = files_reach(files, path, O_PATH);
	path[end] = kept;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool fold_path(const struct files *files, char path[static NAMES_PATH])
{
	size_t len;

	for (size_t at = 0; path[at]; at += len + (path[at + len] != '\0')) {
		DIR *dir;
		bool found;

		len = strcspn(path + at, "/");
		if (is_there(files, path, at + len))
			continue;
		dir = folder_of(files, path, at);
		found = dir && fold_part(dir, path + at, len);
		if (dir)
			closedir(dir);
		if (!found)
			return false;
	}
	return true;
}
