/*
 * vendor - who made a network card; the list is read when it is first asked for, and
 * stays.
 */
#pragma once

#include "lib/sys/oui.h"

const char *vendor_of(const struct mac *mac, char out[static OUI_VENDOR]);
