/*
 * serve - from who asks to the text it gets: database, key, image catalogue,
 * decision and template in one call, for bootweb and ipxegen alike.
 *
 * Nothing here writes.  What a machine gets follows from plan_for() alone.
 *
 * Errors  enum serve_result, and one sentence in why for all but SERVE_OK.
 * Memory  a struct serve_answer is filled by a call and freed by
 *         serve_answer_free(), whatever the result was.
 */
#pragma once

#include <stddef.h>

#include "lib/core/plan.h"
#include "lib/core/token.h"
#include "lib/serve/kept.h"
#include "lib/store/store.h"
#include "lib/sys/conf.h"

#define SERVE_WHY 512

struct serve {
	const struct conf *conf;
	struct store *store; /* STORE_READ is enough */
	struct token_key key;
	bool masked;     /* SEAL_MASK stands for every secret */
	int64_t written; /* 0, or an attempt that is configuring: newer than the store */
	struct kept *kept; /* NULL: every file is read anew */
	/* NULL, or what the machine says of itself: MAC, UUID, manufacturer, product,
	 * arch */
	const struct machine *says;
};

enum serve_result {
	SERVE_OK,
	SERVE_NO_SUCH,   /* no such artefact, or no text for this machine (404) */
	SERVE_FORBIDDEN, /* not a token of ours (403) */
	SERVE_OVER,      /* the job is cancelled, failed, or at another attempt (409) */
	SERVE_FAILED,    /* database, image or template; why says it (500) */
};

struct serve_answer {
	struct plan plan;
	bool known;             /* machine is a row of the database */
	struct machine machine; /* if known */
	bool has_job;           /* job and attempt are filled */
	struct job job;
	struct attempt attempt;
	const char *artefact; /* its name: boot.ipxe, install.ipxe, ... */
	const char *type;     /* its content type */
	bool secret; /* or a hash or a mask of one is in it: given once an attempt */
	char *text;  /* NULL if there is none */
	size_t len;
};

void serve_answer_free(struct serve_answer *answer);

/* boot.ipxe, the script that every machine runs first; network may be NULL. */
enum serve_result serve_entry(struct serve *serve, const struct conf_network *network,
			      struct serve_answer *answer, char why[static SERVE_WHY]);

/*
 * Decides for the machine of key and renders the script of that decision.  If
 * the plan is silence, SERVE_NO_SUCH with plan filled and no text.
 */
enum serve_result serve_plan(struct serve *serve, const struct machine_key *key,
			     const struct conf_network *network,
			     struct serve_answer *answer, char why[static SERVE_WHY]);

/*
 * winpe.cmd for a machine that is to install Windows now: SERVE_NO_SUCH if it is to
 * do anything else.
 */
enum serve_result serve_winpe(struct serve *serve, const struct machine_key *key,
			      const struct conf_network *network,
			      struct serve_answer *answer, char why[static SERVE_WHY]);

/* Any artefact by name, for the machine of key (NULL: for nobody in particular). */
enum serve_result serve_artefact(struct serve *serve, const struct machine_key *key,
				 const struct conf_network *network, const char *name,
				 struct serve_answer *answer, char why[static SERVE_WHY]);

/*
 * Whose token this is: fills job, attempt and machine.  SERVE_OVER fills them
 * too; a job that is done is not over (its last report may be repeated).
 */
enum serve_result serve_token(struct serve *serve, const char *token,
			      struct serve_answer *answer, char why[static SERVE_WHY]);

/*
 * An artefact of a job, also of one that is over, for people to read: SEAL_MASK
 * stands for every secret and for the token.  *answer begins as { 0 }.
 */
enum serve_result serve_shown(struct serve *serve, int64_t job, const char *name,
			      struct serve_answer *answer, char why[static SERVE_WHY]);

/* An artefact of the token's job; network NULL: the job's, else the machine's. */
enum serve_result serve_artefact_by_token(struct serve *serve, const char *token,
					  const struct conf_network *network,
					  const char *name, struct serve_answer *answer,
					  char why[static SERVE_WHY]);
