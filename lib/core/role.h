/*
 * role - what a person may do: one table of roles and their rights, which
 * jobctl, the HTTP API and the dashboard all ask.
 *
 * Errors  the parsers return false for a word they do not know.
 * Source  pxekit.conf(5), "role": a section of that name changes a row, or
 *         adds one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Bits, so that a person with several roles has the rights of all of them. */
enum role_right {
	ROLE_VIEW = 1,   /* see jobs, machines, images, networks, events */
	ROLE_QUEUE = 2,  /* add and change jobs, decide about new machines */
	ROLE_EDIT = 4,   /* say which version of an image is current */
	ROLE_AUDIT = 8,  /* read who did what */
	ROLE_ADMIN = 16, /* accounts, tokens, secrets */
	ROLE_ALL = 31,
};

struct role {
	const char *name;
	unsigned rights; /* of enum role_right */
};

/* viewer, operator, editor, auditor, admin */
#define ROLES 5
extern const struct role roles[ROLES];

/* The row of name, or NULL. */
const struct role *role_named(const char *name);

/* view, queue, edit, audit, admin */
bool role_right_parse(const char *name, unsigned *right);

/* The word for one right. */
const char *role_right_name(enum role_right right);

/* "view, queue", or "nothing". */
#define ROLE_TEXT 64
void role_rights_format(unsigned rights, char out[static ROLE_TEXT]);
