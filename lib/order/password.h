/*
 * password - secrets that come out of a file, and passwords that nobody gave.
 *
 * Errors  NULL and one sentence in why, which does not name the file.
 * Memory  the results are the caller's: password_free() wipes them first.
 */
#pragma once

#include <stdio.h>

#define PASSWORD_MADE 25 /* characters of a made-up password and its NUL */
#define PASSWORD_WHY 128

/*
 * The one line of a file.  UTF-16 with a byte order mark, as djoin writes it,
 * becomes ASCII.
 */
char *password_take(FILE *in, char why[static PASSWORD_WHY]);
char *password_file(const char *path, char why[static PASSWORD_WHY]);
void password_free(char *secret);

/* A password that Windows' rules take and that can be read aloud. */
void password_make(char out[static PASSWORD_MADE]);
