/*
 * print - values as people read them, and JSON on standard output.
 *
 * Units   times are milliseconds since 1970 UTC, shown in local time.
 * Memory  texts go into the caller's buffer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/core/jsonout.h"
#include "lib/core/mac.h"

/* ---- text ---- */

/*
 * What came from a network, fit for a terminal: control characters and what
 * is not UTF-8 in octal (\033), newlines as blanks.  Cut at the end of a character.
 */
#define PRINT_SAFE 4200 /* holds four times JOB_TEXT */
char *print_safe(const char *text, char *out, size_t size);
void print_text(const char *text); /* the same, to standard output */

#define PRINT_TIME 32
char *print_time(int64_t time_ms,
		 char out[static PRINT_TIME]); /* as short as today allows */
char *print_clock(int64_t time_ms, char out[static PRINT_TIME]); /* date, time, ms */
char *print_duration(int64_t ms, char out[static PRINT_TIME]);   /* 2 min 13 s */
char *print_octets(int64_t octets, char out[static PRINT_TIME]); /* 12.3 MB */
char *print_mac(const struct mac *mac, char out[static MAC_TEXT]);

/* ---- JSON ---- */

/*
 * One object with the members that build() writes for `what`, however long it
 * gets; nothing follows it.
 */
void print_json(void (*build)(struct jsonout *j, const void *what), const void *what);

/* The same without the newline, to a file; false without memory. */
bool print_object(FILE *out, void (*build)(struct jsonout *j, const void *what),
		  const void *what);

/* {"name":[ ... ]} and a newline, of objects that are printed in between. */
struct print_list {
	const char *name;
	bool comma;
};
void print_list_item(struct print_list *list,
		     void (*build)(struct jsonout *j, const void *what),
		     const void *what);
void print_list_end(struct print_list *list);
