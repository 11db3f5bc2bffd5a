#include "config.h"

#include "tools/wimprep/record.h"

#include <err.h>
#include <fts.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"

#define RECORD_OCTETS (2 * RECORD_STAMP)

struct record_stamp {
	struct sha256_ctx sha;
};

struct record_stamp *record_begin(void)
{
	struct record_stamp *s = malloc(sizeof(*s));

	if (!s)
		err(EXIT_FAILED, "record");
	sha256_init(&s->sha);
	return s;
}

void record_text(struct record_stamp *s, const char *text)
{
	sha256_update(&s->sha, strlen(text) + 1, (const uint8_t *)text);
}

static void add_stat(struct record_stamp *s, const char *path, const struct stat *st)
{
	const uint64_t facts[] = {
		(uint64_t)st->st_dev,          (uint64_t)st->st_ino,
		(uint64_t)st->st_size,         (uint64_t)st->st_mtim.tv_sec,
		(uint64_t)st->st_mtim.tv_nsec,
	};

	record_text(s, path);
	sha256_update(&s->sha, sizeof(facts), (const uint8_t *)facts);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A folder's own time says that a name came or went; its files' that they changed. */
static void add_folder(struct record_stamp *s, const char *path)
{
	char *copy = strdup(path), *paths[] = { copy, NULL };
	FTS *fts = copy ? fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;
	FTSENT *e;

	if (!fts)
		err(EXIT_FAILED, "%s", path);
	while ((e = fts_read(fts)))
		if (e->fts_info == FTS_D || e->fts_info == FTS_F)
			add_stat(s, e->fts_path, e->fts_statp);
		else if (e->fts_info != FTS_DP)
			record_text(s, e->fts_path);
	fts_close(fts);
	free(copy);
}

void record_file(struct record_stamp *s, const char *path)
{
	struct stat st;

	if (!*path || stat(path, &st) < 0)
		record_text(s, "none");
	else if (S_ISDIR(st.st_mode))
		add_folder(s, path);
	else
		add_stat(s, path, &st);
}

void record_end(struct record_stamp *s, char out[static RECORD_STAMP])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&s->sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	free(s);
}

static size_t record_of(const char inputs[static RECORD_STAMP],
			const char outputs[static RECORD_STAMP], char *text)
{
	return (size_t)snprintf(text, RECORD_OCTETS + 1, "%s\n%s\n", inputs, outputs);
}

bool record_holds(const char *path, const char inputs[static RECORD_STAMP],
		  const char outputs[static RECORD_STAMP])
{
	char text[RECORD_OCTETS + 1];

	return file_holds(path, text, record_of(inputs, outputs, text));
}

bool record_write(const char *path, const char inputs[static RECORD_STAMP],
		  const char outputs[static RECORD_STAMP])
{
	char text[RECORD_OCTETS + 1];

	return file_replace(path, text, record_of(inputs, outputs, text), 0644) == 0;
}
