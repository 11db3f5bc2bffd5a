#include "config.h"

#include <err.h>
#include <string.h>

#include "lib/sys/waiting.h"
#include "tools/bootweb/site.h"

void site_recall(struct site *site)
{
	struct waiting waiting;
	struct event ev;

	if (waiting_open(&waiting) < 0) {
		warn("standard output: the events that wait there cannot be read; a "
		     "machine whose report is among them may be installed once more");
		return;
	}
	while (waiting_next(&waiting, &ev))
		if (ev.kind == EVENT_REPORT && ev.job > 0 && ev.attempt > 0 &&
		    strcmp(ev.state, job_state_name(JOB_CONFIGURING)) == 0)
			site_wrote(site, ev.job, ev.attempt);
	waiting_close(&waiting);
}
