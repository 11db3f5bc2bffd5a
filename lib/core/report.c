#include "config.h"

#include "lib/core/report.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/logtail.h"

#define NUMBER_DIGITS 4
#define TEXT_WITH_LOG 300 /* octets of text if a log follows */

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

/* A machine that failed says how its log ends. */
static void add_log(const char *log, struct event *ev)
{
	size_t len = strnlen(ev->text, TEXT_WITH_LOG);
	char tail[sizeof(ev->text) - TEXT_WITH_LOG - 2];

	if (!log || strcmp(ev->state, "failed") != 0)
		return;
	while (len && (ev->text[len] & 0xc0) == 0x80)
		len--; /* no half of a character */
	logtail(log, tail, sizeof(tail));
	if (*tail)
		snprintf(ev->text + len, sizeof(ev->text) - len, "%s%s", len ? "\n" : "",
			 tail);
}

/* As far as a program is, by what it printed, of its share of the whole. */
static void add_share(const char *log, int64_t share, struct event *ev)
{
	int done = log && share > 0 ? logtail_percent(log) : -1;

	if (done < 0)
		return;
	if (ev->percent < 0)
		ev->percent = 0;
	ev->percent += share * done / 100;
	if (ev->percent > 100)
		ev->percent = 100;
}

bool report_read(const struct url_form *form, struct event *ev,
		 char why[static REPORT_WHY])
{
	const char *log = url_field(form, "log");
	int64_t share = 0;

	if (!read_state(url_field(form, "state"), ev, why) ||
	    !read_step(url_field(form, "step"), ev, why) ||
	    !read_number(form, "n", 999, &ev->step_n, why) ||
	    !read_number(form, "of", 999, &ev->step_of, why) ||
	    !read_number(form, "percent", 100, &ev->percent, why) ||
	    !read_number(form, "share", 100, &share, why) ||
	    !read_address(url_field(form, "address"), ev, why))
		return false;
	if (ev->step_n > ev->step_of && ev->step_of > 0)
		return refuse(why, "n", "is more than of");
	read_text(form, ev);
	add_share(log, share, ev);
	add_log(log, ev);
	return true;
}
