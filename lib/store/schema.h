/*
 * schema - the tables, as steps from an empty file to today.
 *
 * PRAGMA user_version is the number of steps a file has taken.  A released
 * step is never changed: a new one is added behind it.  pxekit-db(5) documents
 * the result.
 */
#pragma once

#include "lib/store/db.h"

#define SCHEMA_VERSION 2

enum store_result schema_version(struct store *store, int *version);

/* Takes the steps up to version `to`, inside the transaction of the caller. */
enum store_result schema_take_steps(struct store *store, int from, int to);

/*
 * Brings the file to SCHEMA_VERSION in one transaction; a file with data in it
 * is copied to FILE.vN.bak first.  STORE_FAILED for a file of a newer version.
 */
enum store_result schema_migrate(struct store *store);
