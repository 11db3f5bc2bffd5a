/*
 * print - the configuration as it holds, defaults and all, in its own grammar.
 *
 * What is printed can be kept, compared, and read again as a configuration that
 * does the same; only secret settings of profiles are left out, and said to be.
 */
#pragma once

#include "lib/sys/conf.h"

/* To standard output. */
void print_conf(const struct conf *conf);
