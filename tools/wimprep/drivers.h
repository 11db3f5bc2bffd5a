/*
 * drivers - what the verbs below "wimprep drivers" share: options, sources, cells.
 */
#pragma once

#include "lib/media/driver_match.h"
#include "tools/wimprep/pack.h"

struct drivers {
	bool json, no_cache;
	struct driver_target target; /* by --os and --arch; zeros for all */
	struct driver_device device; /* by --id and --compatible-id */
	struct pack_wish pack;       /* by --pack, --manufacturer, --product */
	const char *config;          /* pxekit.conf, if there is a pack */
	struct driver_set *set;
	bool bad; /* some INF could not be read; that has been said */
};

/* Opens all paths and tells which INFs cannot be read; ends the program if it cannot. */
void drivers_open(struct drivers *d, char *const paths[], int count);

int drivers_index(struct drivers *d);
int drivers_match(struct drivers *d);
/* The driver-packs of pxekit.conf, or only that one. */
void drivers_packs(const struct drivers *d, const struct conf *conf,
		   const struct conf_pack *only);
int drivers_show(struct drivers *d, const char *name);

/* One row: an identifier and the package that it leads to; rank NULL if there is none. */
struct drivers_row {
	const struct driver_package *package;
	const struct driver_section *section;
	const struct driver_model *model;
	const char *id;
	const uint32_t *rank;
};

/* As TSV, or as a JSON object behind a comma if it is not the first. */
void drivers_head(const struct drivers *d, bool ranked);
void drivers_row(const struct drivers *d, const struct drivers_row *row, bool first);

/* "10.0.16299", or "-". */
#define DRIVERS_FROM 48
void drivers_from(const struct driver_decoration *d, char out[static DRIVERS_FROM]);
