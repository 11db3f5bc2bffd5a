/*
 * job - one deployment of one image onto one machine, and its legal moves.
 *
 * Units   times are milliseconds since 1970 UTC; percent is of the whole attempt.
 * Errors  the parsers return false for a word they do not know.
 * Source  DESIGN.md, "States of a job".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/mac.h"

enum job_state {
	JOB_QUEUED,
	JOB_BOOTING,
	JOB_INSTALLING,
	JOB_CONFIGURING,
	JOB_DONE,
	JOB_FAILED,
	JOB_CANCELLED,
	JOB_STATES, /* how many there are */
};

enum job_move {
	JOB_MOVE_LEGAL,
	JOB_MOVE_REPEAT, /* the state stays; step, text and percent may change */
	JOB_MOVE_ILLEGAL,
};

#define JOB_NAME 64   /* octets with the NUL: host names, image names, steps */
#define JOB_TEXT 1024 /* octets with the NUL: what a report says */

struct job {
	int64_t id, machine;
	char image[2 * JOB_NAME]; /* NAME@VERSION, pinned when the job was added */
	enum job_state state;
	unsigned attempt;  /* 1 for the first */
	unsigned approved; /* the attempt that the pre-install hooks agreed to */
	unsigned boots;    /* how often its machine began in this attempt */
	char platform[JOB_NAME], profile[JOB_NAME], network[JOB_NAME];
	char hostname[JOB_NAME];
	char step[JOB_NAME], text[JOB_TEXT];
	unsigned step_n, step_of; /* 0 of 0: not said */
	int percent;              /* 0..100 */
	int64_t created_ms, updated_ms;
	int64_t booted_ms;     /* of the current attempt: its first report; 0: none yet */
	bool held;             /* until an admin releases it */
	int64_t not_before_ms; /* 0: at once */
	bool stalled;          /* by the bounds of store_bound() */
	int64_t left_ms;       /* till its end, by store_estimate(); -1: nobody knows */
	struct mac mac;        /* the machine's first */
	const char *next;      /* what its machine boots before it: "" , local or menu */
};

const char *job_state_name(enum job_state state);
bool job_state_parse(const char *name, enum job_state *out);

/* Whether a job in this state still wants something to happen. */
bool job_is_active(enum job_state state);

/* What a report of state `to` means to a job in state `from`. */
enum job_move job_move(enum job_state from, enum job_state to);

/* Whether retry may start another attempt from here. */
bool job_may_retry(enum job_state state);
