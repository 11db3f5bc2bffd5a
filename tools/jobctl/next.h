/*
 * next - the names of what a machine may boot once.
 */
#pragma once

#include "lib/core/machine.h"

/* Exits EXIT_MISUSE, naming the option, if there is no such entry. */
enum machine_entry next_entry(const char *option, const char *name);
