#include "config.h"

#include "tools/jobctl/secret.h"

#include <err.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/sys/exits.h"

#define SECRET_MAX 131072 /* octets: a join blob in UTF-16 has some 10,000 */

/* UTF-16LE of ASCII only; anything else stays, and its check refuses it. */
static size_t narrow(char *text, size_t len)
{
	size_t to = 0;

	if (len < 2 || memcmp(text, "\xff\xfe", 2) != 0)
		return len;
	for (size_t i = 2; i + 1 < len; i += 2)
		if (text[i + 1] == '\0')
			text[to++] = text[i];
	return to;
}

static char *take(FILE *in, const char *option, const char *path)
{
	char *text = malloc(SECRET_MAX);
	size_t len;

	if (!text)
		err(EXIT_FAILED, "--%s %s", option, path);
	len = fread(text, 1, SECRET_MAX - 1, in);
	if (ferror(in))
		err(EXIT_MISUSE, "--%s %s", option, path);
	if (len == SECRET_MAX - 1)
		errx(EXIT_MISUSE, "--%s %s: is too long", option, path);
	text[narrow(text, len)] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	if (!*text)
		errx(EXIT_MISUSE, "--%s %s: is empty", option, path);
	return text;
}

static char *ask(const char *name, const char *option)
{
	struct termios before, silent;
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	if (tcgetattr(STDIN_FILENO, &before) < 0)
		err(EXIT_MISUSE, "--%s -", option);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s: ", name);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	len = getline(&text, &room, stdin);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	if (len > 0)
		text[strcspn(text, "\r\n")] = '\0';
	if (len <= 0 || !*text)
		errx(EXIT_MISUSE, "--%s -: is empty", option);
	return text;
}

char *secret_read(const char *name, const char *option, const char *path)
{
	FILE *in;
	char *text;

	if (strcmp(path, "-") == 0)
		return isatty(STDIN_FILENO) ? ask(name, option)
					    : take(stdin, option, path);
	in = fopen(path, "re");
	if (!in)
		err(EXIT_MISUSE, "--%s %s", option, path);
	text = take(in, option, path);
	fclose(in);
	return text;
}

void secret_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

/* Five groups of four, without what looks alike; 20 of 54 characters are 115 bits. */
void secret_make(char out[static SECRET_MADE])
{
	static const char *const classes[] = { "ABCDEFGHJKLMNPQRSTUVWXYZ",
					       "abcdefghjkmnpqrstuvwxyz", "23456789" };
	static const char all[] =
		"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";

	for (size_t i = 0; i < SECRET_MADE - 1; i++) {
		const char *from = i < 3 ? classes[i] : all;

		out[i] = i % 5 == 4 ? '-'
				    : from[randombytes_uniform((uint32_t)strlen(from))];
	}
	out[SECRET_MADE - 1] = '\0';
}
