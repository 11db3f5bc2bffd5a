/*
 * database - the store as a daemon needs it: read-only, and not lost for good
 * when it is away for a moment or replaced by another file.
 *
 * Errors  database_facts() returns false; the reason has gone to standard error,
 *         once for each time that the database went away.
 * Memory  database_close() ends what database_facts() opened.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/store/store.h"

/* What was answered about a machine, for as long as the database stays as it is. */
struct database_row {
	uint64_t generation; /* 0: empty */
	struct mac mac;
	bool has_mac, known, has_job, held;
	char uuid[MACHINE_UUID];
	enum machine_disposition disposition;
	enum job_state state;
	unsigned attempt, boots, approved;
	struct machine_next next;
	int64_t job, not_before_ms;
	struct store_about about;
};

/* A machine's row is one of a few, so that two of one hash do not drive each other out.
 */
#define DATABASE_WAYS 4
#define DATABASE_ROWS 2048

struct database {
	const char *path;
	struct store *store;
	dev_t device;
	ino_t inode;
	int64_t looked_ms, failed_ms;
	bool away; /* and said so */
	int64_t version;
	uint64_t generation; /* of what rows hold */
	struct database_row *row;
	size_t turn; /* which of the ways is next to be given up */
	bool within; /* a transaction */
};

/*
 * To be called when packets have come and before the first of them is decided: what
 * the database held before no longer counts if somebody has changed it.  Until
 * database_rest() all packets are then decided by the same sight of it.
 */
void database_look(struct database *db, int64_t monotonic_ms);
void database_rest(struct database *db);

bool database_facts(struct database *db, const struct machine_key *key,
		    int64_t monotonic_ms, struct plan_facts *facts,
		    struct store_about *about);
void database_close(struct database *db);
