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

enum setting_trait {
	SETTING_LIST = 1,   /* may be given several times; joined by newlines */
	SETTING_SECRET = 2, /* never listed or logged, sealed in the database */
	SETTING_PLAIN = 8,  /* the secret itself: pxekit.conf only names its file */
	SETTING_FLAG = 4,   /* yes or no; an option without an argument means yes */
};

struct setting_def {
	const char *name, *argument /* of a flag NULL */, *help;
	bool (*check)(const char *value, char why[static SETTING_WHY]);
	unsigned traits; /* SETTING_... */
};

static inline bool setting_is(const struct setting_def *def, enum setting_trait trait)
{
	return def->traits & trait;
}

extern const struct setting_def setting_defs[];
extern const size_t setting_count;

/* The row of name, or NULL. */
const struct setting_def *setting_find(const char *name);

bool setting_check(const char *name, const char *value, char why[static SETTING_WHY]);

/* Values by the row of setting_defs; NULL where nothing is said. */
struct settings {
	char *value[48];
};

/* "" if nothing is said. */
const char *settings_get(const struct settings *s, const char *name);
bool settings_set(struct settings *s, const char *name, const char *value);
void settings_free(struct settings *s);

/* Copies what `from` says and `into` does not. */
bool settings_inherit(struct settings *into, const struct settings *from);
