/* The values of menus. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/image.h"
#include "lib/sys/conf_value.h"

static bool refuse(char why[static CONF_WHY], const char *reason)
{
	snprintf(why, CONF_WHY, "%s", reason);
	return false;
}

bool conf_value_title(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while (isprint((unsigned char)*p) && strncmp(p, "${", 2) != 0)
		p++;
	if (!*p && p - value <= 60)
		return true;
	return refuse(why, "is not up to 60 printable characters of ASCII without ${");
}

bool conf_value_image(const char *value, char why[static CONF_WHY])
{
	char name[JOB_NAME], version[JOB_NAME];

	return !*value || image_reference(value, name, version) ||
	       refuse(why, "is not NAME or NAME@VERSION of an image");
}

/* A UUID or its beginning: digits where it has digits, hyphens where it has hyphens. */
bool conf_value_uuid(const char *value, char why[static CONF_WHY])
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	const char *p = value;

	while (*p && p - value < (long)sizeof(form) - 1 &&
	       (form[p - value] == '-' ? *p == '-' : isxdigit((unsigned char)*p) != 0))
		p++;
	return (!*p && p != value) ||
	       refuse(why, "is not a UUID, nor the beginning of one");
}

bool conf_value_firmware(const char *value, char why[static CONF_WHY])
{
	if (!*value || strcmp(value, "bios") == 0 || strcmp(value, "uefi") == 0)
		return true;
	return refuse(why, "is none of bios, uefi");
}
