/*
 * tell - the events: what was asked, what became of it, and by which rule.
 *
 * Memory  one process-wide count of broken packets; see tell_malformed().
 */
#pragma once

#include "tools/pxeproxy/facts.h"
#include "tools/pxeproxy/watch.h"

/* One event for each decision; nothing for ANSWER_NONE. */
void tell_answer(const struct dhcp *request, const struct arrival *via,
		 const struct facts *facts, const struct answer *answer);

/* An event, and a message for who looks at the service. */
void tell_fault(enum watch_fault fault, const struct dhcp *reply, const char *interface);

struct tell_malformed {
	int64_t told_ms;
	unsigned long untold;
};

/* At most one event a second; the next one says how many there were meanwhile. */
void tell_malformed(struct tell_malformed *m, const struct arrival *via,
		    const char *interface, const char *why, int64_t monotonic_ms);
