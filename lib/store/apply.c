/* What an event means to the machines and jobs; the rows themselves are others' work. */
#include <stdio.h>
#include <string.h>

#include "lib/store/db.h"
#include "lib/store/rows.h"
#include "lib/store/services.h"

static enum store_result refuse(struct row_outcome *effect, const char *why)
{
	effect->verdict = STORE_REFUSED;
	snprintf(effect->why, sizeof(effect->why), "%s", why);
	return STORE_DONE;
}

/* ---- sightings ---- */

/* A line from outside may claim any number. */
static int64_t sightings(const struct event *ev)
{
	return ev->repeats > 0 && ev->repeats < 1000000 ? 1 + ev->repeats : 1;
}

static enum store_result see(struct store *store, const struct event *ev, int64_t machine,
			     bool counts)
{
	return db_run(
		store,
		"UPDATE machine SET last_seen = max(last_seen, ?1), seen = seen + ?2,"
		" arch = CASE WHEN ?3 >= 0 THEN ?3 ELSE arch END,"
		" address = coalesce(?4, address), network = coalesce(?5, network),"
		" manufacturer = coalesce(?6, manufacturer),"
		" product = coalesce(?7, product) WHERE id = ?8",
		"iiinnnni", ev->time_ms, counts ? sightings(ev) : 0, ev->arch,
		ev->address, ev->network, ev->manufacturer, ev->product, machine);
}

static enum store_result sighting(struct store *store, const struct event *ev,
				  struct row_outcome *effect)
{
	enum store_result result;

	if (!ev->key.has_mac && !*ev->key.uuid)
		return STORE_DONE;
	result = store_machine_ensure(store, &ev->key, ev->time_ms, &effect->machine);
	if (result != STORE_DONE)
		return result;
	result = see(store, ev, effect->machine, ev->kind != EVENT_ACK);
	return result == STORE_DONE ? row_next_given(store, ev, effect->machine) : result;
}

/*
 * A transfer belongs to the machine of its card, else to the one that had its
 * address last.  It makes no machine known: a switch that fetches its
 * configuration is none.
 */
static enum store_result by_address(struct store *store, const struct event *ev,
				    struct row_outcome *effect)
{
	sqlite3_stmt *stmt;
	enum store_result result;

	if (ev->key.has_mac) {
		result = row_find_machine(store, &ev->key, &effect->machine);
		if (result == STORE_DONE)
			return see(store, ev, effect->machine, false);
		if (result != STORE_NO)
			return result;
	}
	if (!*ev->address)
		return STORE_DONE;
	stmt = db_query(store,
			"SELECT id FROM machine WHERE address = ? AND address <> ''"
			" ORDER BY last_seen DESC LIMIT 1",
			"t", ev->address);
	result = db_row(store, stmt);
	if (result == STORE_DONE) {
		effect->machine = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return result == STORE_NO ? STORE_DONE : result;
}

/* ---- reports ---- */

static enum store_result write_progress(struct store *store, const struct event *ev,
					const struct job *job)
{
	return db_run(store,
		      "UPDATE job SET step = coalesce(?1, step),"
		      " step_n = CASE WHEN ?2 > 0 THEN ?2 ELSE step_n END,"
		      " step_of = CASE WHEN ?3 > 0 THEN ?3 ELSE step_of END,"
		      " percent = max(percent, min(?4, 100)), text = ?5, updated = ?6"
		      " WHERE id = ?7",
		      "niiitii", ev->step, ev->step_n, ev->step_of, ev->percent, ev->text,
		      ev->time_ms, job->id);
}

static enum store_result move(struct store *store, const struct event *ev,
			      const struct job *job, enum job_state to,
			      struct row_outcome *effect)
{
	enum store_result result = STORE_DONE;
	char why[JOB_TEXT];

	switch (job_move(job->state, to)) {
	case JOB_MOVE_ILLEGAL:
		snprintf(why, sizeof(why), "a job that is %s does not become %s",
			 job_state_name(job->state), job_state_name(to));
		return refuse(effect, why);
	case JOB_MOVE_LEGAL:
		result = row_move_job(store, job, to, ev->time_ms);
		effect->moved = true;
		break;
	case JOB_MOVE_REPEAT:
		if (!job_is_active(to))
			return STORE_DONE;
		break;
	}
	if (result == STORE_DONE)
		result = row_step(store, job, to, ev->step, ev->time_ms);
	if (result == STORE_DONE && to == JOB_DONE)
		result = row_add_install(store, job, ev->time_ms);
	return result == STORE_DONE ? write_progress(store, ev, job) : result;
}

/*
 * A machine that begins again in the same attempt has died in between.  It goes back to
 * no state, but is counted: plan_for() bounds it.
 */
static enum store_result begin_again(struct store *store, const struct event *ev,
				     const struct job *job)
{
	return db_run(store,
		      "UPDATE job SET boots = boots + 1, updated = ?1 WHERE id = ?2",
		      "ii", ev->time_ms, job->id);
}

static bool is_beginning(const struct job *job, enum job_state to)
{
	return to == JOB_BOOTING && job->state <= JOB_INSTALLING;
}

static enum store_result report(struct store *store, const struct event *ev,
				struct row_outcome *effect)
{
	enum job_state to;
	struct job job;
	enum store_result result = store_job(store, ev->job, &job);

	if (result == STORE_NO)
		return refuse(effect, "there is no such job");
	if (result != STORE_DONE)
		return result;
	effect->machine = job.machine;
	if (ev->attempt != job.attempt)
		return refuse(effect, "that attempt is over, another one runs");
	if (!job_state_parse(ev->state, &to) || to == JOB_QUEUED || to == JOB_CANCELLED)
		return refuse(effect, "a machine cannot report that state");
	if (is_beginning(&job, to))
		result = begin_again(store, ev, &job);
	if (result == STORE_DONE && !(to == JOB_BOOTING && job.state == JOB_INSTALLING))
		result = move(store, ev, &job, to, effect);
	if (result != STORE_DONE || effect->verdict == STORE_REFUSED)
		return result;
	return see(store, ev, job.machine, false);
}

/* ---- files with a secret ---- */

/* The first one counts; whoever told another may not give the file. */
static enum store_result release(struct store *store, const struct event *ev,
				 struct row_outcome *effect)
{
	enum store_result result = by_address(store, ev, effect);
	struct attempt attempt;
	char before[EVENT_ID];

	if (result == STORE_DONE)
		result = store_attempt_current(store, ev->job, &attempt);
	if (result == STORE_NO)
		return refuse(effect, "there is no such job");
	if (result != STORE_DONE)
		return result;
	if ((int64_t)attempt.number != ev->attempt)
		return refuse(effect, "that attempt is over, another one runs");
	result = store_released(store, attempt.id, ev->file, before);
	if (result == STORE_DONE)
		return refuse(effect, "this file was released before");
	if (result != STORE_NO)
		return result;
	return row_add_release(store, attempt.id, ev);
}

/* ---- services ---- */

/* Who does not say what it is of which site is no service of one. */
static enum store_result service(struct store *store, const struct event *ev,
				 struct row_outcome *effect)
{
	struct store_service s = { .seen_ms = row_happened(ev) };

	effect->passing = ev->kind == EVENT_ALIVE;
	if (!*ev->service)
		return STORE_DONE;
	memcpy(s.site, ev->site, sizeof(s.site));
	memcpy(s.host, ev->host, sizeof(s.host));
	memcpy(s.name, ev->service, sizeof(s.name));
	memcpy(s.version, ev->version, sizeof(s.version));
	memcpy(s.where, ev->text, sizeof(s.where));
	memcpy(s.networks, ev->networks, sizeof(s.networks));
	if (ev->kind == EVENT_STOPPED) {
		s.stopped_ms = s.seen_ms;
		return store_service_stopped(store, &s);
	}
	if (ev->kind == EVENT_STARTED)
		s.started_ms = s.seen_ms;
	return store_service_seen(store, &s);
}

/* ---- one event ---- */

static enum store_result nothing(struct store *store, const struct event *ev,
				 struct row_outcome *effect)
{
	(void)store;
	(void)ev;
	(void)effect;
	return STORE_DONE;
}

static enum store_result not_from_outside(struct store *store, const struct event *ev,
					  struct row_outcome *effect)
{
	(void)store;
	return refuse(effect, ev->kind == EVENT_ADMIN
				      ? "only jobctl itself writes what an admin did"
				      : "only jobctl itself writes that");
}

static enum store_result (*const does[EVENT_KINDS])(struct store *, const struct event *,
						    struct row_outcome *) = {
	[EVENT_STARTED] = service,       [EVENT_STOPPED] = service,
	[EVENT_ALIVE] = service,         [EVENT_OFFER] = sighting,
	[EVENT_ACK] = sighting,          [EVENT_SILENT] = sighting,
	[EVENT_MALFORMED] = nothing,     [EVENT_TRANSFER] = by_address,
	[EVENT_SCRIPT] = sighting,       [EVENT_FETCH] = by_address,
	[EVENT_REPORT] = report,         [EVENT_DISKS] = by_address,
	[EVENT_REFUSED] = nothing,       [EVENT_ADMIN] = not_from_outside,
	[EVENT_LOST] = nothing,          [EVENT_RELEASE] = release,
	[EVENT_NEXT] = not_from_outside,
};

static enum store_result is_repeated(struct store *store, const struct event *ev)
{
	sqlite3_stmt *stmt;
	enum store_result result;

	if (!*ev->id)
		return STORE_NO;
	stmt = db_query(store, "SELECT 1 FROM event WHERE id = ?", "t", ev->id);
	result = db_row(store, stmt);
	if (result == STORE_DONE)
		sqlite3_reset(stmt);
	return result;
}

static enum store_result apply_new(struct store *store, const struct event *ev,
				   const char *line, enum store_verdict *verdict)
{
	struct row_outcome effect = { .verdict = STORE_APPLIED };
	enum store_result result = does[ev->kind](store, ev, &effect);

	if (result == STORE_NO)
		result = refuse(&effect, store->why);
	if (result != STORE_DONE)
		return result;
	*verdict = effect.verdict;
	if (effect.passing)
		return STORE_DONE;
	return row_add_event(store, ev, line, &effect);
}

enum store_result store_apply(struct store *store, const struct event *ev,
			      const char *line, enum store_verdict *verdict)
{
	bool alone = sqlite3_get_autocommit(store->db);
	enum store_result result = alone ? store_begin(store) : STORE_DONE, ended;

	if (result != STORE_DONE)
		return result;
	result = is_repeated(store, ev);
	if (result == STORE_DONE)
		*verdict = STORE_REPEATED;
	else if (result == STORE_NO)
		result = apply_new(store, ev, line, verdict);
	if (!alone)
		return result;
	ended = store_end(store, result == STORE_DONE);
	return result == STORE_DONE ? ended : result;
}
