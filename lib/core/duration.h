/*
 * duration - a while, as people write it: 90s, 15m, 2h, 7d.
 *
 * Units   milliseconds.
 * Errors  false: it is neither a number with one of these letters, nor 0.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

bool duration_parse(const char *text, int64_t *out_ms);
