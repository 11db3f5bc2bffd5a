/*
 * since - the value of --since, as when_parse() reads it.
 *
 * Units   milliseconds since 1970 UTC.
 * Errors  exits EXIT_MISUSE after a message.
 */
#pragma once

#include <stdint.h>

int64_t since_parse(const char *text);
