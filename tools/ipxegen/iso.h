/*
 * iso - "ipxegen iso": boot media, one or one for each row of a CSV file.
 */
#pragma once

#include "lib/sys/verb.h"

/* argv[0] is "iso". */
int iso_main(int argc, char *argv[]);
