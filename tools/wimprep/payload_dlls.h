/*
 * payload_dlls - the DLLs that a program in System32 wants and Windows PE lacks.
 *
 * They are looked for where the program came from; those that they want, in turn, too.
 * API sets (api-ms-win-...) are no files: Windows PE has what stands behind them.
 *
 * Errors  what fails ends the program; what is nowhere to be had is a warning.
 */
#pragma once

#include <stdio.h>

#include "tools/wimprep/payload.h"

struct payload_dlls {
	struct payload *payload;
	const char *shown; /* the WIM, for messages */
	struct wim *boot;  /* what has them already */
	unsigned image;
	const char *from;   /* an install.wim, or a program in a folder; for messages */
	struct wim *source; /* NULL: that folder */
	unsigned source_image;
};

/* A line "# dll: NAME" of the marker for each that was brought. */
void payload_dlls(struct payload_dlls *d, const char *octets, size_t len, FILE *marker);
