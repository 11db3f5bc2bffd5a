/*
 * hook_run - runs the executables of hooks.d, one after the other, each in a process
 * group of its own with the text on its standard input.
 *
 * Units   milliseconds.
 * Errors  hook_list() returns -1 with errno; what a hook does wrong is in its outcome.
 * Memory  hook_list_free() frees the list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOOK_PRE_INSTALL "pre-install"

struct hook_list {
	char **path; /* by name; executables alone */
	size_t count;
};

/* Those whose name begins with pre-install, or all others. */
int hook_list(const char *folder, bool pre_install, struct hook_list *out);
void hook_list_free(struct hook_list *list);

struct hook_outcome {
	int status; /* as the shell has it: 128 + signal; -1: it did not run */
	bool timed_out;
	char says[256]; /* the last line it wrote */
};

/* What it prints goes to our standard error as well. */
void hook_run(const char *path, const char *argument, const char *text,
	      int64_t timeout_ms, struct hook_outcome *out);
