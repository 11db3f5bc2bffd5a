/*
 * report - the fields of a machine's report, checked.
 *
 * Errors  false and one sentence in why for the machine.
 */
#pragma once

#include "lib/core/event.h"
#include "lib/wire/url.h"

#define REPORT_WHY 128

/* Fills state, step, step_n, step_of, percent, text and, if it is said, address. */
bool report_read(const struct url_form *form, struct event *ev,
		 char why[static REPORT_WHY]);
