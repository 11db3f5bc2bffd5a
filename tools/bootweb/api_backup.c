/* A copy of the database, as jobctl backup makes it. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/sys/now.h"
#include "tools/bootweb/api.h"
#include "tools/bootweb/spool.h"

#define COPY ".copy-"
#define OLD_S 3600 /* nobody can be making it any more */

/* ---- what a server that was killed has left ---- */

static void forget_if_old(const char *folder, const char *name)
{
	char path[1200];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (stat(path, &st) == 0 && time(NULL) - st.st_mtime > OLD_S)
		unlink(path);
}

static void forget_old(const char *database)
{
	char a[1024], b[1024], prefix[300];
	const char *folder;
	struct dirent *entry;
	DIR *dir;

	snprintf(a, sizeof(a), "%s", database);
	snprintf(b, sizeof(b), "%s", database);
	folder = dirname(a);
	snprintf(prefix, sizeof(prefix), "%.255s" COPY, basename(b));
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			forget_if_old(folder, entry->d_name);
	if (dir)
		closedir(dir);
}

/* ---- the copy ---- */

/* Before it is given that is on record: it has what the database has. */
static bool put_on_record(struct web_request *r, enum MHD_Result *result)
{
	struct event ev = event_new(EVENT_ADMIN);
	enum store_result kept;
	struct admin_visit v;

	if (!admin_enter_writer(r, &v)) {
		*result = v.result;
		return false;
	}
	snprintf(ev.text, sizeof(ev.text), "a copy of the database");
	kept = store_note(v.store, &ev, "backup", v.actor);
	if (kept == STORE_DONE)
		kept = admin_keep(&v);
	if (kept != STORE_DONE)
		*result = api_failed(r, v.store, kept, MHD_HTTP_CONFLICT);
	admin_leave(&v);
	return kept == STORE_DONE;
}

static bool make_name(const char *database, char out[static 1100])
{
	int fd;

	snprintf(out, 1100, "%.1024s" COPY "XXXXXX", database);
	fd = mkstemp(out);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static enum MHD_Result give_file(struct web_request *r, const char *path)
{
	FILE *copy = fopen(path, "re");
	time_t now = (time_t)(now_ms() / 1000);
	char name[64];
	struct tm tm;

	unlink(path);
	if (!copy)
		return spool_failed(r, errno);
	gmtime_r(&now, &tm);
	strftime(name, sizeof(name), "pxekit-%Y%m%dT%H%M%SZ.db", &tm);
	return spool_give(r, copy, "application/vnd.sqlite3", name);
}

static enum MHD_Result give(struct web_request *r, struct admin_visit *v)
{
	char path[1100];
	enum store_result done;

	forget_old(v->site.conf->database);
	if (!make_name(v->site.conf->database, path))
		return spool_failed(r, errno);
	done = store_backup(v->store, path);
	if (done == STORE_DONE)
		return give_file(r, path);
	unlink(path);
	return api_failed(r, v->store, done, MHD_HTTP_CONFLICT);
}

enum MHD_Result api_backup(struct web_request *r)
{
	enum MHD_Result result;
	struct admin_visit v;

	if (!admin_is_same_site(r))
		return admin_problem(r, MHD_HTTP_FORBIDDEN,
				     "another site has asked for this");
	if (!put_on_record(r, &result))
		return result;
	if (!admin_enter(r, &v))
		return v.result;
	result = give(r, &v);
	admin_leave(&v);
	return result;
}
