#include "config.h"

#include <string.h>
#include <strings.h>

#include "tools/wimprep/verify.h"

#define LAUNCH_LONGEST 250 /* reference of winpeshl.ini */

static const char *launch_line(char *line)
{
	size_t len;

	if (strlen(line) > LAUNCH_LONGEST)
		return "a line of winpeshl.ini has more than 250 characters";
	line[strcspn(line, ",")] = '\0';
	if (strncasecmp(line, "AppPath", 7) == 0 && strchr(line, '='))
		line = strchr(line, '=') + 1;
	len = strlen(line);
	while (len > 0 && strchr(" \t\r\"", line[len - 1]))
		line[--len] = '\0';
	if (len > 4 && (strcasecmp(line + len - 4, ".cmd") == 0 ||
			strcasecmp(line + len - 4, ".bat") == 0))
		return "winpeshl.ini starts a script, and only programs are allowed: "
		       "cmd.exe, /k SCRIPT";
	return NULL;
}

const char *verify_launch(char *text)
{
	bool launches = false, inside = false;
	char *rest = text, *line;
	const char *wrong = NULL;

	while (!wrong && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t\r");
		line[strcspn(line, "\r")] = '\0';
		if (*line == '[') {
			inside = strncasecmp(line, "[LaunchApp", 10) == 0;
		} else if (inside && *line && *line != ';') {
			launches = true;
			wrong = launch_line(line);
		}
	}
	if (!wrong && !launches)
		wrong = "winpeshl.ini starts nothing";
	return wrong;
}
