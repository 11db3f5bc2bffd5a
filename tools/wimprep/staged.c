#include "config.h"

#include "tools/wimprep/staged.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"

#define READ_OCTETS (1 << 16)
#define WHEN_DEFAULT 1704067200 /* 2024-01-01 UTC; zero would worry Windows */

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static FTS *open_folder(char *copy)
{
	char *paths[] = { copy, NULL };
	FTS *fts = copy ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;

	if (!fts)
		err(EXIT_FAILED, "%s", copy ? copy : "memory");
	return fts;
}

static void hash(const char *path, char hex[static WIM_SHA1_TEXT])
{
	uint8_t buffer[READ_OCTETS], digest[WIM_SHA1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct sha1_ctx sha;
	ssize_t n;

	if (fd < 0)
		err(EXIT_FAILED, "%s", path);
	sha1_init(&sha);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		sha1_update(&sha, (size_t)n, buffer);
	if (n < 0)
		err(EXIT_FAILED, "%s", path);
	close(fd);
	sha1_digest(&sha, sizeof(digest), digest);
	wim_sha1_text(digest, hex);
}

static void add(struct staged_list *list, const FTSENT *e, size_t skip)
{
	struct staged_file *more = realloc(list->file, (list->files + 1) * sizeof(*more));

	if (!more)
		err(EXIT_FAILED, "%s", e->fts_path);
	list->file = more;
	more += list->files++;
	*more = (struct staged_file){ .path = strdup(e->fts_path + skip),
				      .size = (uint64_t)e->fts_statp->st_size };
	if (!more->path)
		err(EXIT_FAILED, "%s", e->fts_path);
	hash(e->fts_path, more->sha1);
}

struct staged_list staged_read(const char *folder)
{
	struct staged_list list = { 0 };
	char *copy = strdup(folder);
	FTS *fts = open_folder(copy);
	FTSENT *e;

	while ((e = fts_read(fts)))
		if (e->fts_info == FTS_F)
			add(&list, e, strlen(folder) + 1);
		else if (e->fts_info != FTS_D && e->fts_info != FTS_DP)
			errx(EXIT_FAILED, "%s: is neither a file nor a folder",
			     e->fts_path);
	fts_close(fts);
	free(copy);
	return list;
}

void staged_free(struct staged_list *list)
{
	for (size_t i = 0; i < list->files; i++)
		free(list->file[i].path);
	free(list->file);
}

int64_t staged_when(void)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long when = text && *text ? strtoll(text, &end, 10) : WHEN_DEFAULT;

	if (text && *text && (*end || when <= 0))
		errx(EXIT_MISUSE, "SOURCE_DATE_EPOCH: '%s' is not a number of seconds",
		     text);
	return when;
}

/* Folders after what is in them. */
void staged_times(const char *folder)
{
	struct timespec when = { .tv_sec = staged_when() };
	const struct timespec times[2] = { when, when };
	char *copy = strdup(folder);
	FTS *fts = open_folder(copy);
	FTSENT *e;

	while ((e = fts_read(fts)))
		if (e->fts_info == FTS_F || e->fts_info == FTS_DP)
			if (utimensat(AT_FDCWD, e->fts_path, times, 0) < 0)
				err(EXIT_FAILED, "%s", e->fts_path);
	fts_close(fts);
	free(copy);
}
