#include "lib/core/machine.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/core/words.h"

static const char *const names[MACHINE_DISPOSITIONS] = {
	[MACHINE_NEW] = "new",
	[MACHINE_KNOWN] = "known",
	[MACHINE_IGNORED] = "ignored",
	[MACHINE_BLOCKED] = "blocked",
};

/* Left in by makers who never set one; seen on more than one machine each. */
static const char *const shared_uuids[] = {
	"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
	"03000200-0400-0500-0006-000700080009", "12345678-1234-5678-90ab-cddeefaabbcc",
	"44444444-4444-4444-4444-444444444444",
};

const char *machine_disposition_name(enum machine_disposition disposition)
{
	return disposition < MACHINE_DISPOSITIONS ? names[disposition] : "unknown";
}

bool machine_disposition_parse(const char *name, enum machine_disposition *out)
{
	int i = words_find(names, MACHINE_DISPOSITIONS, name);

	if (i < 0)
		return false;
	*out = (enum machine_disposition)i;
	return true;
}

static const char *const entries[MACHINE_ENTRIES] = {
	[MACHINE_NO_ENTRY] = "",
	[MACHINE_ENTRY_LOCAL] = "local",
	[MACHINE_ENTRY_MENU] = "menu",
};

const char *machine_entry_name(enum machine_entry entry)
{
	return entry < MACHINE_ENTRIES ? entries[entry] : "";
}

bool machine_entry_parse(const char *name, enum machine_entry *out)
{
	int i = words_find(entries, MACHINE_ENTRIES, name);

	if (i <= MACHINE_NO_ENTRY)
		return false;
	*out = (enum machine_entry)i;
	return true;
}

enum machine_entry machine_next_at(const struct machine_next *next, int64_t now_ms)
{
	return !next->until_ms || now_ms < next->until_ms ? next->entry
							  : MACHINE_NO_ENTRY;
}

static bool uuid_names_one(const char *uuid)
{
	for (size_t i = 0; i < sizeof(shared_uuids) / sizeof(shared_uuids[0]); i++)
		if (strcmp(uuid, shared_uuids[i]) == 0)
			return false;
	return true;
}

bool machine_uuid_parse(const char *text, char out[static MACHINE_UUID])
{
	char uuid[MACHINE_UUID];

	if (strnlen(text, MACHINE_UUID) != MACHINE_UUID - 1)
		return false;
	for (int i = 0; i < MACHINE_UUID - 1; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		unsigned char c = (unsigned char)text[i];

		if (hyphen ? c != '-' : !isxdigit(c))
			return false;
		uuid[i] = (char)tolower(c);
	}
	uuid[MACHINE_UUID - 1] = '\0';
	if (!uuid_names_one(uuid))
		return false;
	memcpy(out, uuid, sizeof(uuid));
	return true;
}

bool machine_uuid_wire(const uint8_t o[static 16], char out[static MACHINE_UUID])
{
	char text[MACHINE_UUID];

	snprintf(text, sizeof(text),
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 o[3], o[2], o[1], o[0], o[5], o[4], o[7], o[6], o[8], o[9], o[10], o[11],
		 o[12], o[13], o[14], o[15]);
	return machine_uuid_parse(text, out);
}

bool machine_serial_names_one(const char *serial)
{
	static const char *const left_in[] = {
		"To be filled by O.E.M.",
		"Default string",
		"System Serial Number",
		"Not Specified",
		"None",
		"Not Applicable",
		"0123456789",
		"123456789",
	};

	for (size_t i = 0; i < sizeof(left_in) / sizeof(left_in[0]); i++)
		if (strcasecmp(serial, left_in[i]) == 0)
			return false;
	return strlen(serial) > 3 && strspn(serial, "0 .-") < strlen(serial);
}
