#include "config.h"

#include "lib/core/setting.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/disk.h"

static bool refuse(char why[static SETTING_WHY], const char *reason)
{
	snprintf(why, SETTING_WHY, "%s", reason);
	return false;
}

/* One line of printable UTF-8 or ASCII: no control octets. */
static bool is_line(const char *value, char why[static SETTING_WHY])
{
	if (strlen(value) > 1023)
		return refuse(why, "is longer than 1023 octets");
	for (; *value; value++)
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return refuse(why, "holds a control character");
	return true;
}

static bool has_only(const char *value, const char *allowed)
{
	for (; *value; value++)
		if (!isalnum((unsigned char)*value) && !strchr(allowed, *value))
			return false;
	return true;
}

static bool is_word(const char *value, char why[static SETTING_WHY])
{
	if (!*value || strlen(value) > 63 || !has_only(value, "._+-/@:"))
		return refuse(why, "is not a word of letters, digits and ._+-/@:");
	return true;
}

/* RFC 1123 section 2.1: labels of letters, digits and inner hyphens. */
static bool is_hostname(const char *value, char why[static SETTING_WHY])
{
	size_t label = 0;

	if (!*value || strlen(value) > 63)
		return refuse(why, "is not a host name of 1 to 63 characters");
	for (const char *p = value;; p++) {
		if (*p && *p != '.') {
			bool hyphen_at_edge =
				*p == '-' && (label == 0 || !p[1] || p[1] == '.');

			if (hyphen_at_edge || (!isalnum((unsigned char)*p) && *p != '-'))
				return refuse(why, "is not a host name: letters, digits "
						   "and inner hyphens only");
			label++;
			continue;
		}
		if (!label)
			return refuse(why, "is not a host name: a label is empty");
		if (!*p)
			return true;
		label = 0;
	}
}

static bool is_address(const char *value, char why[static SETTING_WHY])
{
	unsigned char buffer[16];

	if (inet_pton(AF_INET, value, buffer) == 1 ||
	    inet_pton(AF_INET6, value, buffer) == 1)
		return true;
	return refuse(why, "is not an IP address");
}

static bool is_cidr(const char *value, char why[static SETTING_WHY])
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(value, '/');
	size_t len = slash ? (size_t)(slash - value) : 0;
	long bits, most;
	char *end;

	if (!slash || len >= sizeof(address) || !isdigit((unsigned char)slash[1]))
		return refuse(why, "is not ADDRESS/PREFIX, like 10.0.0.7/24");
	memcpy(address, value, len);
	address[len] = '\0';
	bits = strtol(slash + 1, &end, 10);
	most = strchr(address, ':') ? 128 : 32;
	if (!is_address(address, why) || *end || bits < 1 || bits > most)
		return refuse(why, "is not ADDRESS/PREFIX, like 10.0.0.7/24");
	return true;
}

/* useradd's portable form. */
static bool is_user(const char *value, char why[static SETTING_WHY])
{
	if (!islower((unsigned char)*value) || strlen(value) > 32 ||
	    !has_only(value, "_-"))
		return refuse(why,
			      "is not a user name: a lower-case letter, then letters, "
			      "digits, _ and -");
	return true;
}

/* crypt(5): $id$...; a plain password must never come this way. */
static bool is_crypt(const char *value, char why[static SETTING_WHY])
{
	if (*value != '$' || strlen(value) < 13 || strlen(value) > 512 ||
	    !has_only(value, "./$=,"))
		return refuse(
			why,
			"is not a crypt(5) hash (make one with: mkpasswd -m yescrypt)");
	return true;
}

static bool is_ssh_key(const char *value, char why[static SETTING_WHY])
{
	static const char *const types[] = { "ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-" };

	if (strlen(value) > 1023 || !is_line(value, why))
		return refuse(why, "is not one line of at most 1023 octets");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(value, types[i], strlen(types[i])) == 0)
			return true;
	return refuse(why, "is not a public ssh key (ssh-ed25519 AAAA... comment)");
}

static bool is_disk_rule(const char *value, char why[static SETTING_WHY])
{
	char reason[DISK_WHY];

	if (disk_rule_check(value, reason))
		return true;
	snprintf(why, SETTING_WHY, "%.*s", SETTING_WHY - 1, reason);
	return false;
}

const struct setting_def setting_defs[] = {
	{ "hostname", "NAME", "the host name of the installed system", is_hostname, false,
	  false },
	{ "address", "CIDR", "a static address, like 10.0.0.7/24; DHCP if not given",
	  is_cidr, false, false },
	{ "gateway", "ADDRESS", "the default router of a static address", is_address,
	  false, false },
	{ "dns", "ADDRESS", "a name server of a static address", is_address, true,
	  false },
	{ "user", "NAME", "an account to make", is_user, false, false },
	{ "password-hash", "HASH", "its password, as crypt(5) stores it", is_crypt, false,
	  true },
	{ "ssh-key", "KEY", "a public ssh key for it (and for root)", is_ssh_key, true,
	  false },
	{ "locale", "LOCALE", "like en_US.UTF-8", is_word, false, false },
	{ "timezone", "ZONE", "like Europe/Vienna", is_word, false, false },
	{ "keyboard", "LAYOUT", "like de", is_word, false, false },
	{ "disk", "RULE",
	  "which disk may be wiped: only, empty, first, serial=, bus=, min= ...",
	  is_disk_rule, false, false },
	{ "arguments", "TEXT", "more kernel arguments", is_line, false, false },
	{ "comment", "TEXT", "a note for people", is_line, false, false },
};

const size_t setting_count = sizeof(setting_defs) / sizeof(setting_defs[0]);

_Static_assert(sizeof(setting_defs) / sizeof(setting_defs[0]) <=
		       sizeof(((struct settings *)0)->value) / sizeof(char *),
	       "struct settings has a place for each row");

const struct setting_def *setting_find(const char *name)
{
	for (size_t i = 0; i < setting_count; i++)
		if (strcmp(setting_defs[i].name, name) == 0)
			return &setting_defs[i];
	return NULL;
}

bool setting_check(const char *name, const char *value, char why[static SETTING_WHY])
{
	const struct setting_def *def = setting_find(name);

	if (!def)
		return refuse(why, "is no setting");
	return def->check(value, why);
}

const char *settings_get(const struct settings *s, const char *name)
{
	const struct setting_def *def = setting_find(name);
	const char *value = def ? s->value[def - setting_defs] : NULL;

	return value ? value : "";
}

bool settings_set(struct settings *s, const char *name, const char *value)
{
	const struct setting_def *def = setting_find(name);
	char *copy, **place;

	if (!def)
		return false;
	place = &s->value[def - setting_defs];
	if (def->list && *place) {
		if (asprintf(&copy, "%s\n%s", *place, value) < 0)
			return false;
	} else if (!(copy = strdup(value))) {
		return false;
	}
	free(*place);
	*place = copy;
	return true;
}

void settings_free(struct settings *s)
{
	for (size_t i = 0; i < setting_count; i++)
		free(s->value[i]);
	*s = (struct settings){ 0 };
}

bool settings_inherit(struct settings *into, const struct settings *from)
{
	for (size_t i = 0; i < setting_count; i++) {
		if (into->value[i] || !from->value[i])
			continue;
		into->value[i] = strdup(from->value[i]);
		if (!into->value[i])
			return false;
	}
	return true;
}
