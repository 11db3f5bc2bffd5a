/*
 * report - a verdict for people, for programs, and for monitoring systems.
 */
#pragma once

#include "tools/pxeprobe/judge.h"

void report_text(const struct facts *f, const struct finding finding[], size_t count);

/* One object, one line. */
void report_json(const struct facts *f, const struct finding finding[], size_t count);

/* One line and figures; returns the exit status that monitoring plugins have. */
int report_plugin(const struct facts *f, const struct finding finding[], size_t count);

/* The same where nothing could be asked; what may be NULL. */
int report_unknown(const char *interface, const char *what, int error);
