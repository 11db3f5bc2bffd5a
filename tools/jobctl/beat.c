#include "config.h"

#include "tools/jobctl/beat.h"

#include <stdio.h>
#include <unistd.h>

#include "lib/core/alive.h"
#include "lib/store/services.h"
#include "lib/sys/now.h"

static struct store_service myself(const struct beat *beat, const struct jobctl *ctl)
{
	struct store_service s = { .name = "ingest",
				   .version = PACKAGE_VERSION,
				   .started_ms = beat->started_ms };

	snprintf(s.site, sizeof(s.site), "%s", ctl->conf->site);
	gethostname(s.host, sizeof(s.host) - 1);
	s.seen_ms = s.stopped_ms = now_ms();
	return s;
}

void beat(struct beat *beat, const struct jobctl *ctl)
{
	int64_t monotonic_ms = now_monotonic_ms();
	struct store_service s;

	if (beat->told_ms && monotonic_ms - beat->told_ms < ALIVE_MS)
		return;
	if (!beat->started_ms)
		beat->started_ms = now_ms();
	beat->told_ms = monotonic_ms;
	s = myself(beat, ctl);
	store_service_seen(ctl->store, &s);
}

void beat_end(struct beat *beat, const struct jobctl *ctl)
{
	const struct store_service s = myself(beat, ctl);

	store_service_stopped(ctl->store, &s);
}
