/*
 * wim_time - the time of change of an image, in the XML of a WIM.
 *
 * libwim writes the time of day, eight digits each, so they are replaced in place.
 *
 * Units   octets of UTF-16LE; seconds since 1970.
 * Errors  false if the XML does not say such a time; some of it may be replaced.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool wim_time_put(uint8_t *xml, size_t len, unsigned image, int64_t when);
