/*
 * secret - passwords and the like, which are never arguments.
 *
 * Errors  exits EXIT_MISUSE with a message that names the option and the file.
 * Memory  the results are the caller's: secret_free() wipes them first.
 */
#pragma once

#define SECRET_MADE 25 /* characters of a made-up password and its NUL */

/*
 * The one line of a file; "-" is standard input, or a prompt if that is a
 * terminal.  UTF-16 with a byte order mark, as djoin writes it, becomes ASCII.
 */
char *secret_read(const char *name, const char *option, const char *path);
void secret_free(char *secret);

/* A password that Windows' rules take and that can be read aloud. */
void secret_make(char out[static SECRET_MADE]);
