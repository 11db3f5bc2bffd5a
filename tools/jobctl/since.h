/*
 * since - the value of --since: a while ago (90s, 15m, 2h, 7d) or a moment.
 *
 * Units   milliseconds since 1970 UTC.
 * Errors  exits EXIT_MISUSE after a message.
 */
#pragma once

#include <stdint.h>

int64_t since_parse(const char *text);
