/*
 * told - what the command line tells of a job, and what lib/order notes about it.
 */
#pragma once

#include "lib/core/jsonout.h"
#include "lib/order/order.h"

/* False if the key of this option is none of a job's; a secret's file is read. */
bool told_option(struct order *o, int key, const char *value);

/*
 * The same, for an order that there is not yet: they are kept and said later.
 * Memory  told_free() wipes and frees them.
 */
struct told {
	struct told_pair {
		const char *name;
		char *value; /* NULL: a flag without one */
	} * pair;
	size_t count;
};
bool told_keep(struct told *told, int key, const char *value);
void told_say(const struct told *told, struct order *o);
void told_free(struct told *told);

/* Warnings and complaints, each a line of standard error. */
void told_notes(const struct order *o);

/* The exit status for what became of it; the notes are still to be told. */
int told_result(const struct order *o, const struct order_site *site,
		enum store_result result);

/* {"job": ..., "settings": ...} and the password that was made up. */
void told_build(struct jsonout *j, const struct order *o);
