/*
 * bcd_hive - a registry hive with nothing in it, for libhivex, which can change hives
 * but cannot make one.
 *
 * Source  Windows NT registry file format specification (base block, hive bin, key
 *         node, key security); [MS-DTYP] section 2.4.6 for the security descriptor.
 */
#pragma once

#include <stdint.h>

#define BCD_HIVE_OCTETS 8192 /* the base block and one bin */

void bcd_hive_empty(uint8_t hive[static BCD_HIVE_OCTETS]);
