/*
 * words - the place of a word in a fixed list, for every enum that has names.
 */
#pragma once

#include <stddef.h>

/* The index of word, or -1. */
int words_find(const char *const words[], size_t count, const char *word);
