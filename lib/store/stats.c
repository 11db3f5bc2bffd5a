/*
 * How installations went: what succeeded, and how long each step took.  SQLite would sort
 * all the durations by the names before them; here each name has its own, and the numbers
 * alone are sorted.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"

struct group {
	struct store_stat stat;
	int64_t position; /* of its step; 0: the whole */
	int64_t *ms;
	size_t room;
};

struct db_stats {
	void *tree; /* of groups, by their names */
	struct group **group;
	size_t groups, room, next;
};

/* The whole of each attempt that ended, with a duration if it was done; then its steps.
 */
static const char figures[] =
	"SELECT j.image, j.platform, a.state, '', 0,"
	"  CASE WHEN a.state = 'done' AND a.booted > 0 THEN a.ended - a.booted END"
	"  FROM attempt a JOIN job j ON j.id = a.job"
	"  WHERE a.ended > 0 AND a.ended >= ?1 AND (?2 = '' OR j.image = ?2"
	"   OR substr(j.image, 1, length(?2) + 1) = ?2 || '@')"
	" UNION ALL SELECT j.image, j.platform, '', s.name, s.position, s.ended - s.began"
	"  FROM attempt a JOIN job j ON j.id = a.job JOIN step s ON s.attempt = a.id"
	"  WHERE a.ended > 0 AND a.ended >= ?1 AND (?2 = '' OR j.image = ?2"
	"   OR substr(j.image, 1, length(?2) + 1) = ?2 || '@')"
	"  AND a.state = 'done' AND s.ended > 0";

static int by_name(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = strcmp(x->stat.image, y->stat.image);

	if (!order)
		order = strcmp(x->stat.platform, y->stat.platform);
	return order ? order : strcmp(x->stat.step, y->stat.step);
}

/* As people read them: the whole, then its steps as they follow one another. */
static int by_place(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
	int order = strcmp(x->stat.image, y->stat.image);

	if (!order)
		order = strcmp(x->stat.platform, y->stat.platform);
	if (!order)
		order = (x->position > y->position) - (x->position < y->position);
	return order ? order : strcmp(x->stat.step, y->stat.step);
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void db_stats_free(struct db_stats *stats)
{
	if (!stats)
		return;
	for (size_t i = 0; i < stats->groups; i++) {
		tdelete(stats->group[i], &stats->tree, by_name);
		free(stats->group[i]->ms);
		free(stats->group[i]);
	}
	free(stats->group);
	free(stats);
}

static bool has_room(struct db_stats *stats)
{
	size_t room = stats->room ? 2 * stats->room : 64;
	struct group **grown;

	if (stats->groups < stats->room)
		return true;
	grown = realloc(stats->group, room * sizeof(struct group *));
	if (!grown)
		return false;
	stats->group = grown;
	stats->room = room;
	return true;
}

/* That of the same names; NULL without memory. */
static struct group *group_of(struct db_stats *stats, const struct group *like)
{
	struct group **found = tfind(like, &stats->tree, by_name), *new;

	if (found)
		return *found;
	new = has_room(stats) ? malloc(sizeof(*new)) : NULL;
	if (!new)
		return NULL;
	*new = *like;
	if (!tsearch(new, &stats->tree, by_name)) {
		free(new);
		return NULL;
	}
	stats->group[stats->groups++] = new;
	return new;
}

static bool add_duration(struct group *group, int64_t ms)
{
	size_t room = group->room ? 2 * group->room : 16;
	int64_t *grown;

	if ((size_t)group->stat.count == group->room) {
		grown = realloc(group->ms, room * sizeof(*grown));
		if (!grown)
			return false;
		group->ms = grown;
		group->room = room;
	}
	group->ms[group->stat.count++] = ms;
	return true;
}

static void count_end(struct store_stat *stat, const char *state)
{
	stat->done += strcmp(state, job_state_name(JOB_DONE)) == 0;
	stat->failed += strcmp(state, job_state_name(JOB_FAILED)) == 0;
	stat->cancelled += strcmp(state, job_state_name(JOB_CANCELLED)) == 0;
}

static bool add_row(struct db_stats *stats, sqlite3_stmt *stmt)
{
	struct group like = { .stat = { .median_ms = -1, .p95_ms = -1 } }, *group;
	char state[16];

	db_text(stmt, 0, like.stat.image, sizeof(like.stat.image));
	db_text(stmt, 1, like.stat.platform, sizeof(like.stat.platform));
	db_text(stmt, 2, state, sizeof(state));
	db_text(stmt, 3, like.stat.step, sizeof(like.stat.step));
	like.position = sqlite3_column_int64(stmt, 4);
	group = group_of(stats, &like);
	if (!group)
		return false;
	if (like.position < group->position)
		group->position = like.position;
	count_end(&group->stat, state);
	return sqlite3_column_type(stmt, 5) == SQLITE_NULL ||
	       add_duration(group, sqlite3_column_int64(stmt, 5));
}

/* Nearest rank: the value below or at which half, or 95 of 100, of them lie. */
static void sum_up(struct db_stats *stats)
{
	const struct group *whole = NULL;

	for (size_t i = 0; i < stats->groups; i++) {
		struct group *g = stats->group[i];
		size_t n = (size_t)g->stat.count;

		if (!*g->stat.step)
			whole = g;
		if (whole && whole != g) {
			g->stat.done = whole->stat.done;
			g->stat.failed = whole->stat.failed;
			g->stat.cancelled = whole->stat.cancelled;
		}
		if (!n)
			continue;
		qsort(g->ms, n, sizeof(*g->ms), by_number);
		g->stat.median_ms = g->ms[(n + 1) / 2 - 1];
		g->stat.p95_ms = g->ms[(95 * n + 99) / 100 - 1];
	}
}

struct store_list *store_stats(struct store *store, const char *image, int64_t since_ms)
{
	struct store_list *list =
		db_list(store, figures, "it", since_ms, image ? image : "");
	bool good;

	if (!list)
		return NULL;
	list->stats = calloc(1, sizeof(*list->stats));
	good = list->stats;
	while (good && db_next(list))
		good = add_row(list->stats, list->stmt);
	if (!good) {
		db_no(store, "not enough memory for the figures");
		store_list_end(list);
		return NULL;
	}
	if (list->stats->groups)
		qsort(list->stats->group, list->stats->groups, sizeof(struct group *),
		      by_place);
	sum_up(list->stats);
	return list;
}

bool store_next_stat(struct store_list *list, struct store_stat *out)
{
	struct db_stats *stats = list->stats;

	if (list->result != STORE_DONE || stats->next == stats->groups)
		return false;
	*out = stats->group[stats->next++]->stat;
	return true;
}
