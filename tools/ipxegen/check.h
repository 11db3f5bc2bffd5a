/*
 * check - whether all templates can be rendered.
 *
 * Errors  each mistake is said on standard error.
 */
#pragma once

#include <stdbool.h>

#include "lib/sys/conf.h"

/* Renders every artefact, for nobody in particular and for a job that says everything. */
bool check_templates(const struct conf *conf);

/* Whether each entry of the menus has an image that a menu can start. */
bool check_menus(const struct conf *conf);

/* Whether each network's default-job would be taken as jobctl add takes one. */
bool check_default_jobs(const struct conf *conf);
