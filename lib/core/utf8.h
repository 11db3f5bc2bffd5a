/*
 * utf8 - one character of a text that may be anything.
 *
 * Source  RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * How many octets the sequence at text (NUL-terminated) has, or 0 if it is
 * none.  code may be NULL.  The NUL itself is a sequence of 1.
 */
size_t utf8_take(const char *text, uint32_t *code);
