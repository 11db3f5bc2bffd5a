/*
 * rows - what the files of this room ask of one another.
 */
#pragma once

#include <sqlite3.h>

#include "lib/store/store.h"

/* Columns of machine m, job j and its attempt a, as their readers want them. */
#define ROW_MACHINE_COLUMNS                                                              \
	"m.id, m.uuid, m.serial, m.name, m.manufacturer, m.product, m.arch, "            \
	"m.disposition, m.address, m.network, m.first_seen, m.last_seen, m.seen, "       \
	"(SELECT mac FROM machine_mac WHERE machine = m.id ORDER BY position LIMIT 1), " \
	"m.any_card, m.retired, m.next, m.next_until"
#define ROW_MACHINE_READ 18 /* how many they are */

/* mac is the machine's first, booted the attempt's, next and until the machine's. */
#define ROW_JOB_COLUMNS(mac, booted, next, until)                                        \
	"j.id, j.machine, j.image, j.state, j.attempt, j.platform, j.profile, "          \
	"j.network, j.hostname, j.step, j.text, j.step_n, j.step_of, j.percent, "        \
	"j.created, j.updated, j.held, j.not_before, " mac ", j.boots, " booted          \
	", j.approved, " next ", " until
#define ROW_JOB_READ 24

#define ROW_ATTEMPT_COLUMNS                                                              \
	"a.id, a.job, a.number, a.nonce, a.state, a.number = j.attempt, a.started, "     \
	"a.ended"

#define ROW_ACTIVE "('queued', 'booting', 'installing', 'configuring')"

void row_read_machine(sqlite3_stmt *stmt, struct machine *out);
void row_read_job(const struct store *store, sqlite3_stmt *stmt, int first,
		  struct job *out);
void row_read_attempt(sqlite3_stmt *stmt, int first, struct attempt *out);

/* Columns next and next_until, from this one on. */
void row_read_next(sqlite3_stmt *stmt, int column, struct machine_next *out);

/* An offer or a script went out to a machine: what it was to boot once is used up. */
enum store_result row_next_given(struct store *store, const struct event *ev, int64_t id);

/* When it happened, and not later than now: clocks elsewhere may go wrong. */
int64_t row_happened(const struct event *ev);

/* By MAC, else by UUID, else by a serial number that one machine alone has. */
enum store_result row_find_machine(struct store *store, const struct machine_key *key,
				   int64_t *id);
enum store_result row_add_mac(struct store *store, int64_t id, const struct mac *mac);

/* A job makes its machine known, and gives it the job's host name. */
enum store_result row_machine_known(struct store *store, int64_t id, const char *name);

/* The active job of a machine, else its newest. */
enum store_result row_newest_job(struct store *store, int64_t machine,
				 struct plan_facts *facts);

/* Ends the current attempt of a job in this state. */
enum store_result row_move_job(struct store *store, const struct job *job,
			       enum job_state to, int64_t time_ms);

/* The EVENT_ADMIN of what was done to a job, which is in its new state already. */
enum store_result row_note_job(struct store *store, const struct job *job,
			       const char *action, const char *actor, const char *text);
/* The same, with what was and what became of it. */
enum store_result row_note_change(struct store *store, const struct job *job,
				  const char *action, const char *actor, const char *old,
				  const char *new, const char *text);

/* The file of this event is on record as given; only the first may be. */
enum store_result row_add_release(struct store *store, int64_t attempt,
				  const struct event *ev);

/* What became of one event. */
struct row_outcome {
	int64_t machine; /* NULL in the row where 0, as are job and attempt */
	enum store_verdict verdict;
	bool moved;   /* its job to another state */
	bool passing; /* it is not kept */
	char why[JOB_TEXT];
};

/* Appends an event. */
enum store_result row_add_event(struct store *store, const struct event *ev,
				const char *line, const struct row_outcome *outcome);

/* Appends an EVENT_ADMIN, of now and by store_from(), and its link of the audit chain. */
enum store_result row_add_admin(struct store *store, struct event *ev, int64_t machine);
enum store_result row_add_link(struct store *store, int64_t seq, const char *line);

/* What an admin did to a machine; old and new are what it was and became. */
enum store_result row_note_machine(struct store *store, const struct machine *machine,
				   const char *action, const char *actor, const char *old,
				   const char *new);

/* Ends a transaction, and keeps what was done if all of it was. */
enum store_result row_finish(struct store *store, enum store_result result);

/* Says which job is in the way, after a job was refused its place; STORE_NO. */
enum store_result row_in_the_way(struct store *store, int64_t machine,
				 const char *hostname);

enum store_result row_write_settings(struct store *store, int64_t job,
				     const struct settings *settings);
/* The step that a report begins, unless it goes on; the end of the last one. */
enum store_result row_step(struct store *store, const struct job *job, enum job_state to,
			   const char *step, int64_t time_ms);
enum store_result row_end_steps(struct store *store, const struct job *job,
				int64_t time_ms);

enum store_result row_add_install(struct store *store, const struct job *job,
				  int64_t time_ms);
