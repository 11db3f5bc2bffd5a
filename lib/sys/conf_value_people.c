/* What the sections role and admin may hold. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>

#include "lib/core/role.h"
#include "lib/sys/conf_value.h"

static bool refuse(char why[static CONF_WHY], const char *reason)
{
	snprintf(why, CONF_WHY, "%s", reason);
	return false;
}

/* Of a person or a group; directories have spaces and dots in theirs. */
bool conf_value_person(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while ((unsigned char)*p >= ' ' && *p != ',' && *p != ';' && *p != 127)
		p++;
	if (!*p && p > value && p - value < 64)
		return true;
	return refuse(why, "is not a name of 1 to 63 octets without commas");
}

bool conf_value_right(const char *value, char why[static CONF_WHY])
{
	unsigned right;

	return role_right_parse(value, &right) ||
	       refuse(why, "is none of view, queue, edit, audit, admin");
}

/* RFC 9110 section 5.6.2: a token. */
bool conf_value_field_name(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while (isalnum((unsigned char)*p) || *p == '-' || *p == '_')
		p++;
	return (!*p && p - value < 64) || refuse(why, "is not the name of an HTTP field");
}

bool conf_value_minutes(const char *value, char why[static CONF_WHY])
{
	unsigned n;

	return (conf_value_number(value, 44640, &n) && n > 0) ||
	       refuse(why, "is not a number of minutes, 1 to 44640");
}
