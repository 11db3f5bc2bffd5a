/*
 * pe_import - the DLLs that a program wants beside itself.
 *
 * Those that are loaded when they are first called (delay-loaded) count as well.
 *
 * Errors  false and a constant text in *why, for what is no program or is damaged.
 * Source  Microsoft, "PE Format": import directory table, delay-load directory table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define PE_IMPORT_NAME 128 /* with the NUL; longer names are damage */

/* Called for each name; the name is a file name and lives during the call. */
typedef void pe_import_visit(const char *dll, void *arg);

bool pe_imports(const void *octets, size_t len, pe_import_visit *visit, void *arg,
		const char **why);
