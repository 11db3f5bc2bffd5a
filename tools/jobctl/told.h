/*
 * told - what the command line tells of a job, and what lib/order notes about it.
 */
#pragma once

#include "lib/core/jsonout.h"
#include "lib/order/order.h"

/* False if the key of this option is none of a job's; a secret's file is read. */
bool told_option(struct order *o, int key, const char *value);

/* Warnings and complaints, each a line of standard error. */
void told_notes(const struct order *o);

/* {"job": ..., "settings": ...} and the password that was made up. */
void told_build(struct jsonout *j, const struct order *o);
