/*
 * iso_inside - what the files of "ipxegen iso" share.
 */
#pragma once

#include "tools/ipxegen/iso_host.h"
#include "tools/ipxegen/medium_build.h"

struct iso {
	const char *config, *job, *csv, *output, *ipxe;
	char *base;
	bool generic, dry_run, told;
	struct iso_host host; /* of a single one */
	struct conf *conf;
	struct child_guard guard;
	struct medium_parts parts;
	struct medium medium; /* built when the first one is to be written */
};

/* EXIT_MISUSE and why if the ipxe.efi there is could not do what host wants. */
int iso_fit(struct iso *iso, const struct iso_host *host, char why[static ISO_WHY]);

bool iso_write(struct iso *iso, const struct iso_host *host, const char *path,
	       char why[static ISO_WHY]);

/* ---- iso_csv.c ---- */

/* One for each row; bad ones are told with their lines. */
int iso_make_all(struct iso *iso);
