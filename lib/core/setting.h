/*
 * setting - what an admin may say about a job besides its image.
 *
 * One table holds every setting: its name (the option of jobctl add, the key
 * of a profile in pxekit.conf, the name in a template), what it wants, and the
 * check.  A new setting is one row.
 *
 * Errors  setting_check() returns false and one sentence in why.
 * Memory  settings_set() copies the value; settings_free() frees them all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SETTING_WHY 160

struct setting_def {
	const char *name, *argument, *help;
	bool (*check)(const char *value, char why[static SETTING_WHY]);
	bool list;   /* may be given several times; values are joined by newlines */
	bool secret; /* never listed or logged */
};

extern const struct setting_def setting_defs[];
extern const size_t setting_count;

/* The row of name, or NULL. */
const struct setting_def *setting_find(const char *name);

bool setting_check(const char *name, const char *value, char why[static SETTING_WHY]);

/* Values by the row of setting_defs; NULL where nothing is said. */
struct settings {
	char *value[32];
};

/* "" if nothing is said. */
const char *settings_get(const struct settings *s, const char *name);
bool settings_set(struct settings *s, const char *name, const char *value);
void settings_free(struct settings *s);

/* Copies what `from` says and `into` does not. */
bool settings_inherit(struct settings *into, const struct settings *from);
