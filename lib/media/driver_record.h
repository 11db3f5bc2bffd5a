/*
 * driver_record - what an INF says of its driver, as lines of text.
 *
 * This is the form in which it is remembered between runs; a fresh INF takes the same
 * way.  A letter and fields behind tabs:
 *
 *	N                                               no driver's INF
 *	E why                                           not to be read
 *	V class guid provider date version
 *	C arch name                                     a catalogue
 *	Y inf                                           CopyINF
 *	I arch score section                            an install section
 *	F path destination                              a file of the last I
 *	S manufacturer arch major minor product suite build     a models section
 *	M install name id...                            a model of the last S
 *
 * Memory  the caller frees what it gets.
 */
#pragma once

#include "lib/media/driver.h"

#define DRIVER_RECORD_LARGEST (32 << 20)

/* NULL only without memory; an INF that cannot be read is an E line. */
char *driver_record(const char *name, const void *octets, size_t len, size_t *out_len);

/*
 * Fills in package (not source and inf), whose texts then lie in record, which is
 * changed.  *memory is to be freed with it.  False if this is no such record.
 */
bool driver_record_load(char *record, struct driver_package *out, void **memory);

/* Whether the record says that this INF is no driver's, or that it cannot be read. */
bool driver_record_is_none(const char *record);
bool driver_record_is_bad(const char *record);
