/*
 * verify - what a boot.wim must have to install a machine, one check after the other.
 *
 * Errors  a check that cannot be made fails, and says why.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/media/driver.h"
#include "lib/media/wim.h"

#define VERIFY_DETAIL 768

enum verify_result { VERIFY_OK, VERIFY_WARNING, VERIFY_FAILED };

struct verify_line {
	const char *check;
	enum verify_result result;
	char detail[VERIFY_DETAIL];
};

struct verify_driver {
	char name[128], class[64], version[64], inf[256], catalogue[256];
	bool whole;
};

struct verify {
	const char *path; /* of the file */
	struct wim *wim;
	unsigned image; /* the one that boots */
	struct driver_target target;
	char scratch[PATH_MAX]; /* an empty folder */
	struct verify_line *line;
	size_t lines;
	struct verify_driver *driver;
	size_t drivers;
};

__attribute__((format(printf, 4, 5))) void verify_say(struct verify *v, const char *check,
						      enum verify_result result,
						      const char *format, ...);

/* The container; false if nothing else can be asked. */
bool verify_container(struct verify *v, unsigned index);
void verify_windows(struct verify *v);
void verify_boot_files(struct verify *v);
void verify_names(struct verify *v);
void verify_size(struct verify *v);
void verify_startnet(struct verify *v);
void verify_winpeshl(struct verify *v);
void verify_curl(struct verify *v);
void verify_marker(struct verify *v);
void verify_drivers(struct verify *v);
void verify_data(struct verify *v);

/* How a boot.wim's winpeshl.ini is wrong, or NULL; the text is cut into pieces. */
const char *verify_launch(char *text);
