#include "config.h"

#include "tools/jobctl/secret.h"

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/order/password.h"
#include "lib/sys/exits.h"

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
	bool input = strcmp(path, "-") == 0;
	char why[PASSWORD_WHY], *text;

	if (input && isatty(STDIN_FILENO))
		return ask(name, option);
	text = input ? password_take(stdin, why) : password_file(path, why);
	if (!text)
		errx(EXIT_MISUSE, "--%s %s: %s", option, path, why);
	return text;
}
