#include "config.h"

#include "tools/jobctl/filter.h"

#include <err.h>

#include "lib/sys/exits.h"
#include "lib/sys/now.h"
#include "lib/sys/when.h"

static void set_state(const struct jobctl *ctl, struct filter *f, const char *value)
{
	f->job.by_state = true;
	if (job_state_parse(value, &f->job.state))
		return;
	warnx("--state %s: is no state", value);
	options_misuse(ctl->verb);
}

static void set_since(struct filter *f, const char *value)
{
	if (!when_parse(value, WHEN_PAST, now_ms(), &f->job.since_ms))
		errx(EXIT_MISUSE,
		     "--since %s: is neither a time nor like 90s, 15m, 2h, 7d", value);
}

bool filter_option(const struct jobctl *ctl, struct filter *f, int key, const char *value)
{
	switch (key) {
	case 's':
		set_state(ctl, f, value);
		return true;
	case FILTER_IMAGE:
		f->job.image = value;
		return true;
	case FILTER_NETWORK:
		f->job.network = value;
		return true;
	case FILTER_SINCE:
		set_since(f, value);
		return true;
	case FILTER_TEXT:
		f->job.text = value;
		return true;
	default:
		return false;
	}
}
