#include "config.h"

#include "tools/bootweb/report.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_DIGITS 4

static bool refuse(char why[static REPORT_WHY], const char *field, const char *reason)
{
	snprintf(why, REPORT_WHY, "%s %s", field, reason);
	return false;
}

/* What the database knows of a machine's moves; queued and cancelled are not its own. */
static bool read_state(const char *text, struct event *ev, char why[static REPORT_WHY])
{
	enum job_state state;

	if (!text)
		return refuse(why, "state", "is missing");
	if (!job_state_parse(text, &state) || state == JOB_QUEUED ||
	    state == JOB_CANCELLED)
		return refuse(
			why, "state",
			"is none of booting, installing, configuring, done, failed");
	snprintf(ev->state, sizeof(ev->state), "%s", text);
	return true;
}

static bool read_number(const struct url_form *form, const char *name, int64_t most,
			int64_t *out, char why[static REPORT_WHY])
{
	const char *text = url_field(form, name);
	long number;

	if (!text || *text == '\0')
		return true;
	if (strspn(text, "0123456789") != strlen(text) || strlen(text) > NUMBER_DIGITS)
		return refuse(why, name, "is not a whole number within its bounds");
	number = strtol(text, NULL, 10);
	if (number > most)
		return refuse(why, name, "is not a whole number within its bounds");
	*out = number;
	return true;
}

static bool read_step(const char *text, struct event *ev, char why[static REPORT_WHY])
{
	if (!text)
		return true;
	if (strlen(text) >= sizeof(ev->step))
		return refuse(why, "step", "is too long");
	for (const char *p = text; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._-", *p))
			return refuse(why, "step",
				      "has more than letters, digits, '.', '_' and '-'");
	snprintf(ev->step, sizeof(ev->step), "%s", text);
	return true;
}

/* ADDRESS, or ADDRESS/BITS as ip(8) shows it. */
static bool read_address(const char *text, struct event *ev, char why[static REPORT_WHY])
{
	char address[sizeof(ev->address)];
	struct in6_addr parsed;
	size_t len;

	if (!text || *text == '\0')
		return true;
	len = strcspn(text, "/");
	if (len >= sizeof(address) || strspn(text + len, "/0123456789") > 4)
		return refuse(why, "address", "is not an IP address");
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_pton(AF_INET, address, &parsed) != 1 &&
	    inet_pton(AF_INET6, address, &parsed) != 1)
		return refuse(why, "address", "is not an IP address");
	snprintf(ev->address, sizeof(ev->address), "%s", address);
	return true;
}

static void read_text(const struct url_form *form, struct event *ev)
{
	const char *text = url_field(form, "text"), *host = url_field(form, "host");

	if (!text)
		text = "";
	if (host && *host)
		snprintf(ev->text, sizeof(ev->text), "%s%shost %.64s", text,
			 *text ? "; " : "", host);
	else
		snprintf(ev->text, sizeof(ev->text), "%s", text);
}

bool report_read(const struct url_form *form, struct event *ev,
		 char why[static REPORT_WHY])
{
	if (!read_state(url_field(form, "state"), ev, why) ||
	    !read_step(url_field(form, "step"), ev, why) ||
	    !read_number(form, "n", 999, &ev->step_n, why) ||
	    !read_number(form, "of", 999, &ev->step_of, why) ||
	    !read_number(form, "percent", 100, &ev->percent, why) ||
	    !read_address(url_field(form, "address"), ev, why))
		return false;
	if (ev->step_n > ev->step_of && ev->step_of > 0)
		return refuse(why, "n", "is more than of");
	read_text(form, ev);
	return true;
}
