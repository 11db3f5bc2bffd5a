/* The values of pxekit.conf that say how long, and what then. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/duration.h"
#include "lib/sys/conf_value.h"

static bool refuse(char why[static CONF_WHY], const char *text)
{
	snprintf(why, CONF_WHY, "%s", text);
	return false;
}

bool conf_value_duration(const char *value, char why[static CONF_WHY])
{
	int64_t ms;

	return duration_parse(value, &ms) ||
	       refuse(why, "is not a while, like 90s, 15m, 2h or 1d, nor 0");
}

bool conf_value_sweep_action(const char *value, char why[static CONF_WHY])
{
	return strcmp(value, "fail") == 0 || strcmp(value, "retry") == 0 ||
	       refuse(why, "is neither fail nor retry");
}

bool conf_value_timeout(const char *value, char why[static CONF_WHY])
{
	int64_t ms;

	return (duration_parse(value, &ms) && ms >= 1000 && ms <= 3600000) ||
	       refuse(why, "is not a while from 1s to 1h");
}

bool conf_value_yes_or_no(const char *value, char why[static CONF_WHY])
{
	return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ||
	       refuse(why, "is neither yes nor no");
}
