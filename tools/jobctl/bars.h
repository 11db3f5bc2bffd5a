/*
 * bars - jobs as progress bars on a terminal, redrawn where they stand.
 *
 * Each frame is one write(2): the old one is overwritten line by line, so
 * nothing flickers; a line never wraps, whatever the width.  Several jobs get
 * the whole (alternate) screen, and leave their last frame on the normal one.
 *
 * Units   milliseconds; columns and rows of characters.
 * Memory  bars_end() frees what bars_begin() took.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/job.h"

struct bar {
	struct job job;
	int64_t elapsed_ms;
};

struct bars {
	bool utf8, colour, whole_screen;
	unsigned columns, rows;
	char *text; /* the frame that is being made */
	size_t len, size;
	unsigned *widths; /* of the lines that stand on the terminal */
	size_t lines;
};

/* False if standard output is no terminal that could show them. */
bool bars_begin(struct bars *b, bool whole_screen);

/* Draws the jobs in place of those drawn last; too many become one line each. */
void bars_draw(struct bars *b, const struct bar *jobs, size_t count);

/* Leaves the jobs as they are now, and gives the cursor back. */
void bars_end(struct bars *b, const struct bar *jobs, size_t count);
