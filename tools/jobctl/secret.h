/*
 * secret - passwords and the like, which are never arguments.
 *
 * Errors  exits EXIT_MISUSE with a message that names the option and the file.
 * Memory  the results are the caller's: password_free() wipes them.
 */
#pragma once

/*
 * The one line of a file; "-" is standard input, or a prompt if that is a
 * terminal.
 */
char *secret_read(const char *name, const char *option, const char *path);
