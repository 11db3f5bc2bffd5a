/*
 * tell - the events: what was asked, what became of it, and by which rule.
 *
 * Memory  one process-wide count of broken packets; see tell_malformed().
 */
#pragma once

#include <net/if.h>

#include "tools/pxeproxy/facts.h"
#include "tools/pxeproxy/watch.h"

/*
 * What was said of late, so that a machine that asks the same again within a second is
 * only counted; the count is told with the next event of its kind, or a second later.
 */
#define TELL_ROWS 4096
#define TELL_PAUSE_MS 1000

struct tell {
	struct tell_row {
		uint64_t mark; /* of machine and decision; 0: empty */
		int64_t told_ms, repeats;
		struct mac mac;
		bool has_mac;
		char uuid[MACHINE_UUID];
		uint32_t relay;
		enum answer_kind kind;
		enum plan_action action;
		const char *rule;
		int arch;
	} row[TELL_ROWS];
	size_t waiting; /* rows with repeats */
	int64_t swept_ms;
};

/* Nothing for ANSWER_NONE. */
void tell_answer(struct tell *tell, const struct dhcp *request, const struct arrival *via,
		 const struct facts *facts, const struct answer *answer,
		 int64_t monotonic_ms);

/* Tells the counts that have waited for a second (all: at once). */
void tell_repeats(struct tell *tell, int64_t monotonic_ms, bool all);

/* An event, and a message for who looks at the service. */
void tell_fault(enum watch_fault fault, const struct dhcp *reply, const char *interface);

struct tell_malformed {
	int64_t told_ms, untold;
	uint32_t from; /* the last one's */
	char interface[IF_NAMESIZE];
	const char *why;
};

/* The count of what came within a second of the last event (all: at once). */
void tell_malformed_rest(struct tell_malformed *m, int64_t monotonic_ms, bool all);

/* At most one event a second, of the last of them; why is a constant text. */
void tell_malformed(struct tell_malformed *m, const struct arrival *via,
		    const char *interface, const char *why, int64_t monotonic_ms);
