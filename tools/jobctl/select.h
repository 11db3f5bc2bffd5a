/*
 * select - which job or machine the user means by a number, a name or a MAC.
 *
 * Errors  an exit status, after a message: 1 nobody is called so, 2 several are.
 */
#pragma once

#include "tools/jobctl/jobctl.h"

enum select_which {
	SELECT_NEWEST, /* of a machine with several jobs the active one, else the newest
			*/
	SELECT_ONLY,   /* a machine with several jobs is ambiguous */
};

/* A job's number, up to eleven digits (twelve are a MAC), with or without '#'. */
bool select_number(const char *text, int64_t *out);

int select_job(const struct jobctl *ctl, const char *text, enum select_which which,
	       struct job *out);

/* MAC, UUID, serial number or host name. */
int select_machine(const struct jobctl *ctl, const char *text, struct machine *out);

/*
 * The same, but a MAC or UUID that no machine has is an answer as well:
 * *key is what was asked for.
 */
int select_key(const struct jobctl *ctl, const char *text, struct machine_key *key);

/*
 * The network of that name, which exits EXIT_MISUSE if there is none; name NULL: where
 * the machine was seen, or the only one there is, or NULL.
 */
const struct conf_network *select_network(const struct jobctl *ctl, const char *name,
					  const struct machine *machine);
