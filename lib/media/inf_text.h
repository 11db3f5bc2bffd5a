/*
 * inf_text - the octets of an INF as UTF-8, whatever they were.
 *
 * Errors  NULL with a constant text in why.
 * Memory  the caller frees the text; a NUL follows it, and none is in it.
 */
#pragma once

#include <stddef.h>

char *inf_text(const void *octets, size_t len, size_t *out_len, const char **why);
