/*
 * driver_install - which files an install section makes Windows copy.
 *
 * Errors  false with "NAME:LINE: reason" in the struct's why.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "lib/media/driver.h"
#include "lib/media/inf.h"

/* One INF on its way to a record. */
struct driver_reading {
	struct inf *inf;
	FILE *record;
	char why[INF_WHY];
	struct driver_known {
		char *section;
		enum driver_arch arch;
	} * known; /* install sections that are in the record */
	size_t count;
	uint64_t looks; /* at files that are known already */
};

/* Puts the section into the record, once; *index says which it is. */
bool driver_install(struct driver_reading *r, const char *section, enum driver_arch arch,
		    size_t *index);

/* A text of the record: tabs and other controls become blanks. */
void driver_put(struct driver_reading *r, const char *text);

/* Refuses with line's number; false, for return. */
bool driver_complain(struct driver_reading *r, uint32_t line, const char *reason);
