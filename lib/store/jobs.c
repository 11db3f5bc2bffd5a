#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/sys/now.h"

#define COLUMNS                                                                          \
	ROW_JOB_COLUMNS("(SELECT mac FROM machine_mac WHERE machine = j.machine"         \
			" ORDER BY position LIMIT 1)",                                   \
			"(SELECT booted FROM attempt"                                    \
			" WHERE job = j.id AND number = j.attempt)",                     \
			"(SELECT next FROM machine WHERE id = j.machine)",               \
			"(SELECT next_until FROM machine WHERE id = j.machine)")

#define ACTIVE ROW_ACTIVE

void row_read_job(const struct store *store, sqlite3_stmt *stmt, int first,
		  struct job *out)
{
	char state[16], mac[MAC_TEXT];
	struct machine_next next;
	const char *why;

	*out = (struct job){ .id = sqlite3_column_int64(stmt, first) };
	out->machine = sqlite3_column_int64(stmt, first + 1);
	db_text(stmt, first + 2, out->image, sizeof(out->image));
	db_text(stmt, first + 3, state, sizeof(state));
	job_state_parse(state, &out->state);
	out->attempt = (unsigned)sqlite3_column_int(stmt, first + 4);
	db_text(stmt, first + 5, out->platform, sizeof(out->platform));
	db_text(stmt, first + 6, out->profile, sizeof(out->profile));
	db_text(stmt, first + 7, out->network, sizeof(out->network));
	db_text(stmt, first + 8, out->hostname, sizeof(out->hostname));
	db_text(stmt, first + 9, out->step, sizeof(out->step));
	db_text(stmt, first + 10, out->text, sizeof(out->text));
	out->step_n = (unsigned)sqlite3_column_int(stmt, first + 11);
	out->step_of = (unsigned)sqlite3_column_int(stmt, first + 12);
	out->percent = sqlite3_column_int(stmt, first + 13);
	out->created_ms = sqlite3_column_int64(stmt, first + 14);
	out->updated_ms = sqlite3_column_int64(stmt, first + 15);
	out->held = sqlite3_column_int(stmt, first + 16);
	out->not_before_ms = sqlite3_column_int64(stmt, first + 17);
	db_text(stmt, first + 18, mac, sizeof(mac));
	if (*mac)
		mac_parse(mac, &out->mac, &why);
	out->boots = (unsigned)sqlite3_column_int(stmt, first + 19);
	out->booted_ms = sqlite3_column_int64(stmt, first + 20);
	out->approved = (unsigned)sqlite3_column_int(stmt, first + 21);
	row_read_next(stmt, first + 22, &next);
	out->next = machine_entry_name(machine_next_at(&next, now_ms()));
	out->left_ms = -1;
	out->stalled = sweep_stalled(&store->bounds, out, now_ms(), NULL);
}

enum store_result store_job(struct store *store, int64_t id, struct job *out)
{
	sqlite3_stmt *stmt =
		db_query(store, "SELECT " COLUMNS " FROM job j WHERE j.id = ?", "i", id);
	enum store_result result = db_row(store, stmt);

	if (result == STORE_NO)
		return db_no(store, "there is no job %lld", (long long)id);
	if (result == STORE_DONE) {
		row_read_job(store, stmt, 0, out);
		sqlite3_reset(stmt);
	}
	return result;
}

enum store_result row_newest_job(struct store *store, int64_t machine,
				 struct plan_facts *facts)
{
	sqlite3_stmt *stmt =
		db_query(store,
			 "SELECT " COLUMNS " FROM job j WHERE j.id = coalesce("
			 "(SELECT id FROM job WHERE machine = ?1"
			 " AND state IN " ACTIVE "),"
			 " (SELECT max(id) FROM job WHERE machine = ?1))",
			 "i", machine);
	enum store_result result = db_row(store, stmt);

	if (result != STORE_DONE)
		return result;
	row_read_job(store, stmt, 0, &facts->job);
	facts->has_job = true;
	facts->held = facts->job.held;
	facts->not_before_ms = facts->job.not_before_ms;
	sqlite3_reset(stmt);
	return STORE_DONE;
}

#define IS_OF_IMAGE                                                                      \
	"(?6 = '' OR j.image = ?6 OR (instr(?6, '@') = 0"                                \
	" AND substr(j.image, 1, length(?6) + 1) = ?6 || '@'))"
#define IS_OF_NETWORK                                                                    \
	"(?7 = '' OR coalesce(nullif(j.network, ''),"                                    \
	" (SELECT network FROM machine WHERE id = j.machine)) = ?7)"
#define HAS_TEXT                                                                         \
	"(?8 = '' OR instr(lower(j.hostname || ' ' || j.image || ' ' || j.step || ' '"   \
	" || j.text || ' ' || (SELECT group_concat(mac, ' ') FROM machine_mac"           \
	" WHERE machine = j.machine)), lower(?8)) > 0)"

#define FILTERED                                                                         \
	"SELECT " COLUMNS " FROM job j WHERE"                                            \
	" (?1 = 0 OR j.state = ?2) AND (?3 = 0 OR j.state IN " ACTIVE ")"                \
	" AND (?4 = 0 OR j.machine = ?5) AND " IS_OF_IMAGE " AND " IS_OF_NETWORK         \
	" AND " HAS_TEXT " AND j.updated >= ?9 AND (?10 = 0 OR j.id < ?10)"              \
	" ORDER BY j.id"

static const char oldest_first[] = FILTERED;
static const char newest_first[] = FILTERED " DESC";

static const char *said(const char *text)
{
	return text ? text : "";
}

struct store_list *store_jobs(struct store *store, const struct job_filter *filter)
{
	static const struct job_filter all;
	const struct job_filter *f = filter ? filter : &all;

	return db_list(store, f->newest_first ? newest_first : oldest_first, "itiiitttii",
		       (int64_t)f->by_state, job_state_name(f->state), (int64_t)f->active,
		       (int64_t)f->by_machine, f->machine, said(f->image),
		       said(f->network), said(f->text), f->since_ms, f->before);
}

bool store_next_job(struct store_list *list, struct job *out)
{
	if (!db_next(list))
		return false;
	row_read_job(list->store, list->stmt, 0, out);
	return true;
}

enum store_result store_job_settings(struct store *store, int64_t id,
				     struct settings *out)
{
	sqlite3_stmt *stmt = db_query(
		store, "SELECT name, value FROM job_setting WHERE job = ?", "i", id);
	enum store_result result;

	*out = (struct settings){ 0 };
	while ((result = db_row(store, stmt)) == STORE_DONE)
		settings_set(out, (const char *)sqlite3_column_text(stmt, 0),
			     (const char *)sqlite3_column_text(stmt, 1));
	return result == STORE_NO ? STORE_DONE : result;
}

/* ---- attempts ---- */

static enum store_result new_attempt(struct store *store, int64_t job, unsigned number,
				     int64_t time_ms)
{
	unsigned char octets[(TOKEN_NONCE - 1) / 2];
	char nonce[TOKEN_NONCE];

	if (sodium_init() < 0)
		return STORE_FAILED;
	randombytes_buf(octets, sizeof(octets));
	sodium_bin2hex(nonce, sizeof(nonce), octets, sizeof(octets));
	return db_run(store,
		      "INSERT INTO attempt (job, number, nonce, state, started)"
		      " VALUES (?, ?, ?, 'queued', ?)",
		      "iiti", job, (int64_t)number, nonce, time_ms);
}

enum store_result row_move_job(struct store *store, const struct job *job,
			       enum job_state to, int64_t time_ms)
{
	enum store_result result =
		db_run(store, "UPDATE job SET state = ?, updated = ? WHERE id = ?", "tii",
		       job_state_name(to), time_ms, job->id);

	if (result == STORE_DONE && !job_is_active(to))
		result = row_end_steps(store, job, time_ms);
	if (result != STORE_DONE)
		return result;
	return db_run(store,
		      "UPDATE attempt SET state = ?1, ended = ?2,"
		      " booted = CASE WHEN booted = 0 AND ?5 THEN ?6 ELSE booted END"
		      " WHERE job = ?3 AND number = ?4",
		      "tiiiii", job_state_name(to),
		      job_is_active(to) ? (int64_t)0 : time_ms, job->id,
		      (int64_t)job->attempt, (int64_t)(to != JOB_CANCELLED), time_ms);
}

/* ---- what an admin does ---- */

enum store_result row_note_change(struct store *store, const struct job *job,
				  const char *action, const char *actor, const char *old,
				  const char *new, const char *text)
{
	struct event ev = event_new(EVENT_ADMIN);

	ev.job = job->id;
	ev.attempt = job->attempt;
	ev.key.mac = job->mac;
	ev.key.has_mac = true;
	snprintf(ev.action, sizeof(ev.action), "%s", action);
	snprintf(ev.actor, sizeof(ev.actor), "%s", actor);
	snprintf(ev.state, sizeof(ev.state), "%s", job_state_name(job->state));
	snprintf(ev.old, sizeof(ev.old), "%s", old);
	snprintf(ev.new, sizeof(ev.new), "%s", new);
	snprintf(ev.text, sizeof(ev.text), "%s", text);
	return row_add_admin(store, &ev, job->machine);
}

enum store_result row_note_job(struct store *store, const struct job *job,
			       const char *action, const char *actor, const char *text)
{
	return row_note_change(store, job, action, actor, "", "", text);
}

enum store_result row_finish(struct store *store, enum store_result result)
{
	enum store_result ended = store_end(store, result == STORE_DONE);

	return result == STORE_DONE ? ended : result;
}

enum store_result row_write_settings(struct store *store, int64_t job,
				     const struct settings *settings)
{
	enum store_result result = STORE_DONE;

	for (size_t i = 0; i < setting_count && result == STORE_DONE; i++)
		if (settings->value[i])
			result = db_run(store,
					"INSERT INTO job_setting (job, name, value)"
					" VALUES (?, ?, ?)",
					"itt", job, setting_defs[i].name,
					settings->value[i]);
	return result;
}

static enum store_result insert_job(struct store *store, const struct job *job,
				    int64_t machine, int64_t *id)
{
	int64_t now = now_ms();
	enum store_result result = db_run(
		store,
		"INSERT INTO job (machine, image, state, platform, profile, network,"
		" hostname, created, updated, held, not_before)"
		" VALUES (?, ?, 'queued', ?, ?, ?, ?, ?7, ?7, ?8, ?9)",
		"itttttiii", machine, job->image, job->platform, job->profile,
		job->network, job->hostname, now, (int64_t)job->held, job->not_before_ms);

	if (result == STORE_DONE)
		*id = sqlite3_last_insert_rowid(store->db);
	return result;
}

enum store_result row_in_the_way(struct store *store, int64_t machine,
				 const char *hostname)
{
	sqlite3_stmt *stmt =
		db_query(store,
			 "SELECT id, machine = ?1, state FROM job"
			 " WHERE (machine = ?1 OR (hostname = ?2 COLLATE NOCASE"
			 " AND hostname <> '')) AND state IN " ACTIVE,
			 "it", machine, hostname);

	if (db_row(store, stmt) != STORE_DONE)
		return STORE_NO;
	db_no(store, "%s has job %lld already, which is %s: cancel it first, or wait",
	      sqlite3_column_int(stmt, 1) ? "the machine" : "the host name",
	      (long long)sqlite3_column_int64(stmt, 0), sqlite3_column_text(stmt, 2));
	sqlite3_reset(stmt);
	return STORE_NO;
}

/* A list of machines to install must not undo what an admin decided about one of them. */
static enum store_result refuse_unfit(struct store *store, int64_t id)
{
	struct machine machine;
	char mac[MAC_TEXT];
	enum store_result result = store_machine_by_id(store, id, &machine);

	if (result != STORE_DONE)
		return result;
	mac_format(&machine.mac, ':', mac);
	if (machine.retired_ms)
		return db_no(store, "%s: is retired; jobctl unretire takes it back", mac);
	if (machine.disposition != MACHINE_BLOCKED)
		return STORE_DONE;
	return db_no(store, "%s: is blocked; jobctl allow makes it known again", mac);
}

static enum store_result add_locked(struct store *store, const struct machine_key *key,
				    struct job *job, const struct settings *settings,
				    const char *actor)
{
	int64_t machine, id;
	enum store_result result = store_machine_ensure(store, key, now_ms(), &machine);

	if (result == STORE_DONE)
		result = refuse_unfit(store, machine);
	if (result == STORE_DONE && (*key->uuid || *key->serial))
		result = db_run(store, "UPDATE machine SET any_card = 1 WHERE id = ?",
				"i", machine);
	if (result == STORE_DONE)
		result = row_machine_known(store, machine, job->hostname);
	if (result != STORE_DONE)
		return result;
	result = insert_job(store, job, machine, &id);
	if (result == STORE_NO)
		return row_in_the_way(store, machine, job->hostname);
	if (result == STORE_DONE)
		result = row_write_settings(store, id, settings);
	if (result == STORE_DONE)
		result = new_attempt(store, id, 1, now_ms());
	if (result == STORE_DONE)
		result = store_job(store, id, job);
	return result == STORE_DONE ? row_note_job(store, job, "add", actor, job->image)
				    : result;
}

enum store_result store_job_add(struct store *store, const struct machine_key *key,
				struct job *job, const struct settings *settings,
				const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, add_locked(store, key, job, settings, actor));
}

static enum store_result cancel_locked(struct store *store, int64_t id, const char *actor)
{
	struct job job = { 0 };
	enum job_state was;
	enum store_result result = store_job(store, id, &job);

	if (result != STORE_DONE)
		return result;
	if (!job_is_active(job.state))
		return db_no(store, "job %lld is %s already", (long long)id,
			     job_state_name(job.state));
	was = job.state;
	result = row_move_job(store, &job, JOB_CANCELLED, now_ms());
	job.state = JOB_CANCELLED;
	return result == STORE_DONE ? row_note_change(store, &job, "cancel", actor,
						      job_state_name(was),
						      job_state_name(job.state), "")
				    : result;
}

enum store_result store_job_cancel(struct store *store, int64_t id, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, cancel_locked(store, id, actor));
}

static enum store_result queue_again(struct store *store, const struct job *job)
{
	enum store_result result = db_run(
		store,
		"UPDATE job SET state = 'queued', attempt = attempt + 1, step = '',"
		" step_n = 0, step_of = 0, percent = 0, text = '', boots = 0, updated = ?"
		" WHERE id = ?",
		"ii", now_ms(), job->id);

	if (result == STORE_NO)
		return row_in_the_way(store, job->machine, job->hostname);
	return result;
}

static enum store_result retry_locked(struct store *store, int64_t id, const char *actor)
{
	struct job job = { 0 };
	enum job_state was;
	enum store_result result = store_job(store, id, &job);

	if (result != STORE_DONE)
		return result;
	if (!job_may_retry(job.state))
		return db_no(store,
			     "job %lld is %s: only a job that is over can be retried",
			     (long long)id, job_state_name(job.state));
	was = job.state;
	result = queue_again(store, &job);
	if (result == STORE_DONE)
		result = new_attempt(store, id, job.attempt + 1, now_ms());
	if (result == STORE_DONE)
		result = store_job(store, id, &job);
	return result == STORE_DONE
		       ? row_note_change(store, &job, "retry", actor, job_state_name(was),
					 job_state_name(job.state), "")
		       : result;
}

enum store_result store_job_retry(struct store *store, int64_t id, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, retry_locked(store, id, actor));
}

static enum store_result remove_locked(struct store *store, int64_t id, const char *actor)
{
	struct job job = { 0 };
	enum store_result result = store_job(store, id, &job);

	if (result != STORE_DONE)
		return result;
	if (job_is_active(job.state))
		return db_no(store, "job %lld is %s: cancel it first", (long long)id,
			     job_state_name(job.state));
	result = row_note_change(store, &job, "rm", actor, job_state_name(job.state), "",
				 job.image);
	if (result != STORE_DONE)
		return result;
	return db_run(store, "DELETE FROM job WHERE id = ?", "i", id);
}

enum store_result store_job_remove(struct store *store, int64_t id, const char *actor)
{
	enum store_result result = store_begin(store);

	if (result != STORE_DONE)
		return result;
	return row_finish(store, remove_locked(store, id, actor));
}
