/*
 * store - the database: machines, jobs, attempts, settings and events.
 *
 * The only SQL in the tree is in this folder; pxekit-db(5) documents the
 * schema.  Readers need no right to write, neither to the file nor to its
 * folder.  Writers wait for each other as long as the others get on, and say
 * busy when nobody has for STORE_WAIT_MS.
 *
 * Units   times are milliseconds since 1970 UTC.
 * Errors  enum store_result; store_why() says what went wrong last, in one
 *         sentence that names the row or the file.
 * Memory  results are values; what a function allocates says who frees it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/event.h"
#include "lib/core/job.h"
#include "lib/core/machine.h"
#include "lib/core/plan.h"
#include "lib/core/setting.h"
#include "lib/core/sweep.h"
#include "lib/core/token.h"

#define STORE_WAIT_MS 20000

struct store;

enum store_result {
	STORE_DONE,
	STORE_NO,     /* there is no such row, or the move is not allowed */
	STORE_BUSY,   /* one writer held the database for STORE_WAIT_MS */
	STORE_FAILED, /* the database, the disk, the schema */
};

#define STORE_MEMORY ":memory:" /* a path: a database that nobody else sees */

enum store_mode {
	STORE_READ,  /* never writes; the file must exist */
	STORE_WRITE, /* makes the file, or migrates an older one after a copy */
};

/*
 * On failure *out is still set (store_close() it) unless memory ran out, so
 * that store_why() can be asked.
 */
enum store_result store_open(const char *path, enum store_mode mode, struct store **out);
void store_close(struct store *store);
const char *store_why(const struct store *store);

/* Whether the last failure was for want of room: it may go by. */
bool store_is_full(const struct store *store);

/* What jobs are shown as stalled by; without it none is. */
void store_bound(struct store *store, const struct sweep_bounds *bounds);

/* Another number as soon as somebody else has changed the database. */
enum store_result store_version(struct store *store, int64_t *out);

/*
 * The same in one system call, for who asks often: octets that differ as soon as
 * anybody has.  False if it cannot be told, which is no error.
 * Source  SQLite's WAL file format, section 2.1: the header of the -shm file, of
 *         which there are two copies so that a torn one is seen.
 */
#define STORE_MARK 48

struct store_mark {
	unsigned char octet[STORE_MARK];
};

bool store_mark(struct store *store, struct store_mark *out);

/*
 * One transaction around several calls; store_end(false) takes it all back.
 * Those within one end with it: what the inner one kept goes if the outer goes.
 * To a reader all calls within one show the same moment.
 */
enum store_result store_begin(struct store *store);

/* The same, but who writes just now is not waited for: STORE_BUSY. */
enum store_result store_begin_at_once(struct store *store);

/* The same for many thousand rows: what it changes stays in memory, up to 64 MiB. */
enum store_result store_begin_large(struct store *store);
enum store_result store_end(struct store *store, bool keep);

/* ---- the decision ---- */

/*
 * Fills what the database knows for plan_for(): known, disposition, has_job,
 * job, held, not_before_ms.  The rest (policy ...) is the caller's.  Matches
 * by MAC, else by UUID, else by serial.  machine may be NULL.
 */
enum store_result store_facts(struct store *store, const struct machine_key *key,
			      struct plan_facts *facts, struct machine *machine);

struct attempt;

/* The same with the current attempt of that job; { 0 } without a job. */
enum store_result store_facts_and_attempt(struct store *store,
					  const struct machine_key *key,
					  struct plan_facts *facts,
					  struct machine *machine,
					  struct attempt *attempt);

/* What the way a machine boots rests on, besides the plan; "" if nothing is known. */
struct store_about {
	char manufacturer[JOB_NAME], product[JOB_NAME], platform[JOB_NAME];
};

/*
 * The same decision by one query for a known network card.  Of the job only id, state,
 * attempt, boots and approved are filled in.
 */
enum store_result store_boot_facts(struct store *store, const struct machine_key *key,
				   struct plan_facts *facts, struct store_about *about);

/* ---- machines ---- */

struct store_list; /* an open query; end it before the store is closed */

struct machine_filter {
	bool by_disposition;
	enum machine_disposition disposition;
};

/* NULL if the query failed. */
struct store_list *store_machines(struct store *store,
				  const struct machine_filter *filter);
bool store_next_machine(struct store_list *list, struct machine *out);

/* Not STORE_DONE if the rows ended because they could not be read on. */
enum store_result store_list_end(struct store_list *list);

enum store_result store_machine(struct store *store, const struct machine_key *key,
				struct machine *out);
enum store_result store_machine_by_id(struct store *store, int64_t id,
				      struct machine *out);

#define STORE_NEW_MACHINES 10000 /* rows of disposition new; the oldest make room */

/* Finds the machine of key or makes a row for it (disposition new). */
enum store_result store_machine_ensure(struct store *store, const struct machine_key *key,
				       int64_t time_ms, int64_t *id);
/* One more address for a machine; STORE_NO if it is another machine's. */
enum store_result store_machine_add_mac(struct store *store, int64_t id,
					const struct mac *mac);

/* What an admin decided, with its EVENT_ADMIN in the same transaction. */
enum store_result store_machine_dispose(struct store *store, int64_t id,
					enum machine_disposition disposition,
					const char *actor);

/*
 * A retired machine gets no job and is no drift; its history stays.  STORE_NO if it has
 * an active job, or is so already.
 */
enum store_result store_machine_retire(struct store *store, int64_t id, bool retired,
				       const char *actor);

/*
 * What it boots the next time, and once, instead of what it should; MACHINE_NO_ENTRY
 * takes that back.  STORE_NO if there is nothing to take back, or it is blocked.
 */
enum store_result store_machine_next(struct store *store, int64_t id,
				     enum machine_entry entry, const char *actor);

/* Puts on record which of these were offered and never taken; returns how many in *out.
 */
enum store_result store_next_expire(struct store *store, int64_t *out);

/* Puts on record what an admin did with a machine that changes nothing here. */
enum store_result store_machine_note(struct store *store, int64_t id, const char *action,
				     const char *text, const char *actor);

/* The addresses of a machine; returns how many were stored. */
size_t store_machine_macs(struct store *store, int64_t id, struct mac *out, size_t max);

/* ---- jobs ---- */

/*
 * Adds job for the machine of key, which becomes known; job->image, platform,
 * profile, network and hostname are taken from *job, and *job is filled in.
 * STORE_NO if the machine has an active job or the host name is another active
 * job's.
 */
enum store_result store_job_add(struct store *store, const struct machine_key *key,
				struct job *job, const struct settings *settings,
				const char *actor);
enum store_result store_job(struct store *store, int64_t id, struct job *out);

struct job_filter {
	bool by_state, active, by_machine;
	enum job_state state;
	int64_t machine;
	int64_t since_ms;    /* changed then or later; 0: any */
	const char *image;   /* NAME or NAME@VERSION; NULL: any, as the next two */
	const char *network; /* of the job, or where its machine was seen */
	const char *text;    /* somewhere in name, MAC, image, step or text */
	int64_t before;      /* only older jobs than this one; 0: any */
	bool newest_first;
};

struct store_list *store_jobs(struct store *store, const struct job_filter *filter);
bool store_next_job(struct store_list *list, struct job *out);

/* Memory  the caller calls settings_free(). */
enum store_result store_job_settings(struct store *store, int64_t id,
				     struct settings *out);

/* An admin's moves, each with its EVENT_ADMIN in the same transaction. */
enum store_result store_job_cancel(struct store *store, int64_t id, const char *actor);
enum store_result store_job_retry(struct store *store, int64_t id, const char *actor);
/* Only a job that is over; its events stay. */
enum store_result store_job_remove(struct store *store, int64_t id, const char *actor);

/*
 * What jobctl sweep does to a job that is stalled, by the bounds of store_bound(): it
 * fails, and with again is queued for another attempt.  STORE_NO if it is not stalled
 * any more.
 */
enum store_result store_job_time_out(struct store *store, int64_t id, bool again,
				     const char *actor);

/* Only a job that has not begun; release also lets it start before its time. */
enum store_result store_job_hold(struct store *store, int64_t id, const char *actor);
enum store_result store_job_release(struct store *store, int64_t id, const char *actor);

/*
 * What job->id is to be from now on: image, platform, profile, network, hostname,
 * held, not_before and its settings, which are sealed.  text says what changed.
 * STORE_NO if the job is under way or done.
 */
enum store_result store_job_edit(struct store *store, const struct job *job,
				 const struct settings *settings, const char *actor,
				 const char *text);

struct attempt {
	int64_t id, job;
	unsigned number;
	char nonce[TOKEN_NONCE];
	enum job_state state; /* of the job while this attempt ran, or how it ended */
	bool current;
	int64_t started_ms, ended_ms; /* 0: not ended */
};

enum store_result store_attempt(struct store *store, int64_t id, struct attempt *out);
enum store_result store_attempt_current(struct store *store, int64_t job,
					struct attempt *out);
/* The number of rows stored, oldest first. */
size_t store_attempts(struct store *store, int64_t job, struct attempt *out, size_t max);

/* Whose event has a file with a secret on record as given; STORE_NO: it was not. */
enum store_result store_released(struct store *store, int64_t attempt,
				 const char *artefact, char event[static EVENT_ID]);

/* What a pre-install hook says to the attempt of asked: no holds the job, with text. */
enum store_result store_job_decide(struct store *store, const struct job *asked,
				   bool agreed, const char *text, const char *actor);

/* ---- figures ---- */

/* One step of all attempts that ended with an image on a platform; step "": the whole. */
struct store_stat {
	char image[2 * JOB_NAME], platform[JOB_NAME], step[2 * JOB_NAME + 2];
	int64_t done, failed, cancelled; /* attempts */
	int64_t count;                   /* durations that the figures rest on */
	int64_t median_ms, p95_ms;       /* of attempts that are done; -1: none is */
};

/* image NULL: all; else NAME or NAME@VERSION. */
struct store_list *store_stats(struct store *store, const char *image, int64_t since_ms);
bool store_next_stat(struct store_list *list, struct store_stat *out);

/*
 * Fills job->left_ms: the median of what was left of the last attempts with its image
 * when they were where it is, less the time since; -1 if there were none.
 */
enum store_result store_estimate(struct store *store, struct job *job, int64_t now_ms);

/* ---- installations ---- */

struct store_install {
	int64_t id, machine, job;
	unsigned attempt;
	int64_t time_ms;
	char image[2 * JOB_NAME], hostname[JOB_NAME];
	const char *line; /* its record; "" if not made yet; holds until the next row */
};

struct install_filter { /* one of these; none: all */
	int64_t machine, job;
	bool unrecorded, newest; /* newest: of each machine */
	int64_t after;           /* with newest: of machines with a higher id */
};

struct store_list *store_installs(struct store *store,
				  const struct install_filter *filter);
bool store_next_install(struct store_list *list, struct store_install *out);
/* Once; a record is never changed. */
enum store_result store_install_record(struct store *store, int64_t id, const char *line);

/* Who added or retried a job last, also if it is gone; "" if nobody is known. */
enum store_result store_job_actor(struct store *store, int64_t job,
				  char actor[static JOB_NAME]);

/* ---- secrets of the site, as lib/core/seal.h seals them ---- */

struct store_secret {
	char name[JOB_NAME];
	int64_t changed_ms;
};

struct store_list *store_secrets(struct store *store);
bool store_next_secret(struct store_list *list, struct store_secret *out);

/* Memory  the caller frees *sealed. */
enum store_result store_secret(struct store *store, const char *name, char **sealed);

/* Each with its EVENT_ADMIN, which has the name, in the same transaction. */
enum store_result store_secret_set(struct store *store, const char *name,
				   const char *sealed, const char *actor);
enum store_result store_secret_remove(struct store *store, const char *name,
				      const char *actor);

/* Puts on record that actor is about to see a secret; about says which. */
enum store_result store_reveal(struct store *store, const struct event *about,
			       const char *actor);

/* ---- events ---- */

enum store_verdict {
	STORE_APPLIED,  /* it changed a job or a machine, or was noted */
	STORE_REPEATED, /* its id is known already; nothing was written */
	STORE_REFUSED,  /* written with the reason, and nothing changed by it */
};

/*
 * Writes the event and does what it says: sightings update machines, reports
 * move jobs.  line is the text it came as, or NULL to have it formatted.
 */
enum store_result store_apply(struct store *store, const struct event *ev,
			      const char *line, enum store_verdict *verdict);

struct store_event {
	int64_t seq; /* the order of arrival, without end */
	int64_t received_ms;
	struct event event;
	int64_t machine; /* 0 if it could not be told */
	enum store_verdict verdict;
	bool moved;         /* it moved its job to another state */
	char why[JOB_TEXT]; /* why it was refused */
};

struct event_filter {
	int64_t after_seq, since_ms; /* 0: from the beginning */
	int64_t job, machine;        /* 0: any */
	int64_t last;                /* only this many of the newest; 0: all */
	int64_t first;               /* or only this many of the oldest */
};

struct store_list *store_events(struct store *store, const struct event_filter *filter);
bool store_next_event(struct store_list *list, struct store_event *out);

/* The highest seq there is. */
enum store_result store_newest_event(struct store *store, int64_t *seq);

/* How far a follower has got; STORE_NO if it never began. */
enum store_result store_cursor(struct store *store, const char *name, int64_t *seq);
enum store_result store_cursor_set(struct store *store, const char *name, int64_t seq);

/* ---- the audit trail ---- */

#define STORE_AUDIT_HASH 65 /* hex digits of SHA-256, and a NUL */

/* Who asks for the changes to come, besides the actor: "jobctl" and "" if not said. */
void store_from(struct store *store, const char *source, const char *address);

/* Puts on record what an admin did that is no change of a row; about says the rest. */
enum store_result store_note(struct store *store, const struct event *about,
			     const char *action, const char *actor);

/* Each hash is SHA-256 of "BEFORE LINE"; before the first are 64 zeros. */
struct store_audit_head {
	int64_t number; /* 0: there is no line */
	char hash[STORE_AUDIT_HASH];
};

enum store_result store_audit_head(struct store *store, struct store_audit_head *out);

/* NUMBER:HASH, as one that was kept elsewhere is written. */
bool store_audit_head_parse(const char *text, struct store_audit_head *out);

struct store_audit_entry {
	int64_t number;
	char hash[STORE_AUDIT_HASH];
	char line[EVENT_LINE]; /* "" if the event was removed */
	struct event event;
};

struct store_list *store_audit(struct store *store, int64_t since_ms, int64_t last);
/* The newest first; before: only what is older than that number; 0: all. */
struct store_list *store_audit_back(struct store *store, int64_t since_ms,
				    int64_t before);
bool store_next_audit(struct store_list *list, struct store_audit_entry *out);

/*
 * STORE_NO, and store_why() names the first broken line, if any was changed or removed
 * since it was written; kept, if not NULL, is a head that was kept elsewhere and must
 * still be there.  Without it a chain whose end was cut off is noticed only if not all
 * traces of the end were.
 */
enum store_result store_audit_verify(struct store *store,
				     const struct store_audit_head *kept,
				     struct store_audit_head *out);

/* ---- the file ---- */

/* STORE_FAILED if the database is damaged. */
enum store_result store_check(struct store *store);

/* A checked copy in one file, while others read and write; path changes at its end. */
enum store_result store_backup(struct store *store, const char *path);

/* All of the database becomes that copy, after a check, in one transaction. */
enum store_result store_restore(struct store *store, const char *path);

/* Whether nobody has the database open. */
enum store_result store_alone(const char *path, bool *alone);

/*
 * Removes events that arrived before before_ms, but for those of admins and of jobs
 * that are not over or changed since; keep false only counts them.
 */
enum store_result store_forget(struct store *store, int64_t before_ms, bool keep,
			       const char *actor, int64_t *removed);

/* Gives the room of what was removed back to the disk; in no transaction. */
enum store_result store_compact(struct store *store);
