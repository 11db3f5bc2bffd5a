/*
 * record - what a build saw of its inputs, so that the next one need not read them.
 *
 * A stamp is a hash over names, sizes, times and inodes of files, and over texts; a
 * folder counts with all in it.  Equal stamps: nothing was touched.
 *
 * Errors  record_holds() is false as well if there is no record.
 */
#pragma once

#include <stdbool.h>

#define RECORD_STAMP 65

struct record_stamp;

struct record_stamp *record_begin(void);
void record_text(struct record_stamp *s, const char *text);
void record_file(struct record_stamp *s, const char *path); /* "" for none */
void record_end(struct record_stamp *s, char out[static RECORD_STAMP]);

bool record_holds(const char *path, const char inputs[static RECORD_STAMP],
		  const char outputs[static RECORD_STAMP]);
bool record_write(const char *path, const char inputs[static RECORD_STAMP],
		  const char outputs[static RECORD_STAMP]);
