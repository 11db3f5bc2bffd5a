/*
 * overview - what pages show: how many there are of each kind, and a few at a time.
 *
 * Errors  enum store_result; a list that cannot be read is empty.
 */
#pragma once

#include "lib/store/store.h"

struct store_counts {
	int64_t jobs[JOB_STATES];
	int64_t machines[MACHINE_DISPOSITIONS];
};

enum store_result store_counts(struct store *store, struct store_counts *out);

/* How many machines nobody has decided about. */
enum store_result store_count_new(struct store *store, int64_t *out);

/* How many jobs are under way in a network. */
enum store_result store_count_network(struct store *store, const char *network,
				      int64_t *out);

/* How many jobs of a network wait for their machine. */
enum store_result store_count_waiting(struct store *store, const char *network,
				      int64_t *out);

struct store_job_page {
	int64_t before; /* only older ones than this; 0: all */
	bool by_state, active;
	enum job_state state;
	int64_t machine; /* 0: any */
};

/* The ids of jobs, the newest first; returns how many. */
size_t store_job_page(struct store *store, const struct store_job_page *page,
		      int64_t *out, size_t max);

struct store_machine_page {
	int64_t before;
	bool by_disposition;
	enum machine_disposition disposition;
	const char *text; /* part of a name, serial, product, UUID or MAC; "" for all */
};

size_t store_machine_page(struct store *store, const struct store_machine_page *page,
			  int64_t *out, size_t max);
