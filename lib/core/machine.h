/*
 * machine - a system we know, or one that has only been seen.
 *
 * Units   times are milliseconds since 1970 UTC, 0 for never.
 * Source  DESIGN.md, "Identity"; arch is DHCP option 93 (RFC 4578), -1 unknown.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/job.h"
#include "lib/core/mac.h"

#define MACHINE_UUID 37 /* 8-4-4-4-12 in lower case, and its NUL */

enum machine_disposition {
	MACHINE_NEW,     /* seen on the wire, nobody has decided yet */
	MACHINE_KNOWN,   /* has or had a job, or was allowed by an admin */
	MACHINE_IGNORED, /* treated as new, but not listed as such */
	MACHINE_BLOCKED, /* never answered */
	MACHINE_DISPOSITIONS,
};

/* What an admin wants a machine to boot, once, before it goes on as it should. */
enum machine_entry {
	MACHINE_NO_ENTRY,
	MACHINE_ENTRY_LOCAL,
	MACHINE_ENTRY_MENU,
	MACHINE_ENTRIES,
};

struct machine_next {
	enum machine_entry entry;
	int64_t until_ms; /* 0: its machine has not asked yet */
};

/* Who asks: what a packet or a request said about itself. */
struct machine_key {
	struct mac mac;
	bool has_mac;
	char uuid[MACHINE_UUID]; /* "" if not said */
	char serial[JOB_NAME];   /* "" if not said */
};

struct machine {
	int64_t id;
	struct mac mac; /* the first of its addresses */
	char uuid[MACHINE_UUID], serial[JOB_NAME];
	char manufacturer[JOB_NAME], product[JOB_NAME], name[JOB_NAME];
	enum machine_disposition disposition;
	bool any_card; /* an admin named it by more than its cards */
	int arch;
	char address[46], network[JOB_NAME];
	int64_t first_seen_ms, last_seen_ms;
	int64_t seen;       /* how often */
	int64_t retired_ms; /* 0: in use */
	struct machine_next next;
};

const char *machine_disposition_name(enum machine_disposition disposition);
bool machine_disposition_parse(const char *name, enum machine_disposition *out);

/* "" for none, which no name is parsed as. */
const char *machine_entry_name(enum machine_entry entry);
bool machine_entry_parse(const char *name, enum machine_entry *out);

/*
 * One boot is several packets, and a menu takes several programs: an entry holds for a
 * moment after it was used, and for some minutes after the way to it was offered.
 */
#define MACHINE_NEXT_USED_MS 30000
#define MACHINE_NEXT_OFFERED_MS 300000

/* What still counts at now_ms. */
enum machine_entry machine_next_at(const struct machine_next *next, int64_t now_ms);

/*
 * The canonical form of an SMBIOS UUID.  The values that makers leave in
 * (all zeros, all f, 03000200-0400-0500-0006-000700080009 ...) name no machine
 * and are refused like a malformed one.
 */
bool machine_uuid_parse(const char *text, char out[static MACHINE_UUID]);

/* The same from DHCP option 97's 16 octets, whose first three fields are little-endian.
 */
bool machine_uuid_wire(const uint8_t octets[static 16], char out[static MACHINE_UUID]);

/* Whether a serial number is more than what makers leave in ("Default string", "0" ...).
 */
bool machine_serial_names_one(const char *serial);
