/*
 * payload_drivers - the driver packages of a payload, below TREE/pxekit/drivers.
 */
#pragma once

#include <stdio.h>

#include "tools/wimprep/payload.h"

/* Extracts them, writes list.txt, and a line for each to the marker. */
void payload_drivers(struct payload *p, const struct payload_wish *wish,
		     const struct driver_target *target, FILE *marker);
