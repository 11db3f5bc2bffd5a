#include "config.h"

#include "lib/sys/tool.h"

#include <err.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"

noreturn void tool_version(const char *name)
{
	printf("%s (%s) %s\n", name, PACKAGE_NAME, PACKAGE_VERSION);
	exit(tool_end(EXIT_DONE));
}

noreturn void tool_misuse(const char *name)
{
	fprintf(stderr, "Try '%s --help'.\n", name);
	exit(EXIT_MISUSE);
}

/* Others than root could say what they like there. */
bool tool_by_sudo(void)
{
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;

	return sudo && *sudo;
}

const char *tool_actor(void)
{
	const struct passwd *user;

	if (tool_by_sudo())
		return getenv("SUDO_USER");
	user = getpwuid(getuid());
	return user ? user->pw_name : "unknown";
}

/* sudo lets it through only if told to: then it is what sudo's user came by. */
const char *tool_origin(char out[static TOOL_ORIGIN])
{
	const char *ssh = getenv("SSH_CONNECTION");
	size_t len = ssh ? strspn(ssh, "0123456789abcdefABCDEF.:") : 0;

	snprintf(out, TOOL_ORIGIN, "%.*s", (int)len, ssh ? ssh : "");
	return out;
}

int tool_end(int code)
{
	if (ferror(stdout) || fclose(stdout) != 0) {
		warn("standard output");
		return EXIT_FAILED;
	}
	return code;
}
