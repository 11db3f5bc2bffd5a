#include "config.h"

#include "tools/tftpd-lite/names.h"

#include <string.h>

static bool append(char path[static NAMES_PATH], size_t *used, const char *part,
		   size_t len)
{
	if (*used + 1 + len >= NAMES_PATH)
		return false;
	if (*used)
		path[(*used)++] = '/';
	memcpy(path + *used, part, len);
	*used += len;
	path[*used] = '\0';
	return true;
}

static bool is_dots(const char *part, size_t len, size_t dots)
{
	return len == dots && strncmp(part, "..", dots) == 0;
}

bool names_map(const char *name, char path[static NAMES_PATH], const char **why)
{
	size_t used = 0, len;

	for (; *name; name += len + (name[len] != '\0')) {
		len = strcspn(name, "/\\");
		if (len == 0 || is_dots(name, len, 1))
			continue;
		*why = "the name goes up";
		if (is_dots(name, len, 2))
			return false;
		*why = "the name is too long";
		if (!append(path, &used, name, len))
			return false;
	}
	*why = "the name is empty";
	return used > 0;
}
