/*
 * script - what an iPXE script leads to, without running it.
 *
 * A reader, not an interpreter: it walks through the text once from top to end,
 * sets variables where the text does, and notes each file that some line would
 * load.  Jumps, loops and conditions are passed over, so every branch counts.
 *
 * Errors  script_read() returns false and points *why at a constant text.
 * Memory  everything is copied into the caller's structs; what does not fit is
 *         left out.
 * Source  ipxe.org/scripting, ipxe.org/cmd; src/core/settings.c for ${name:type}.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SCRIPT_NAME 48
#define SCRIPT_VALUE 512
#define SCRIPT_VARIABLES 64
#define SCRIPT_LINKS 48
#define SCRIPT_URL 1024

struct script_variables {
	struct {
		char name[SCRIPT_NAME], value[SCRIPT_VALUE];
	} variable[SCRIPT_VARIABLES];
	size_t count;
};

enum script_verb {
	SCRIPT_CHAIN,  /* the next script, or a program */
	SCRIPT_KERNEL, /* and what else is loaded to be started */
	SCRIPT_FETCH,  /* loaded for its effect, maybe on the server */
};

struct script_link {
	enum script_verb verb;
	char url[SCRIPT_URL]; /* as the script has it, variables put in */
};

struct script_links {
	struct script_link link[SCRIPT_LINKS];
	size_t count;
};

void script_set(struct script_variables *v, const char *name, const char *value);

/* "" for a variable that is not set. */
const char *script_get(const struct script_variables *v, const char *name);

/* Whether the text begins as a script must. */
bool script_is(const char *text, size_t len);

bool script_read(const char *text, size_t len, struct script_variables *v,
		 struct script_links *out, const char **why);
