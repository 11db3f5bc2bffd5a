#include "config.h"

#include "lib/core/setting_check.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/disk.h"

bool setting_refuse(char why[static SETTING_WHY], const char *reason)
{
	snprintf(why, SETTING_WHY, "%s", reason);
	return false;
}

/* One line of printable UTF-8 or ASCII: no control octets. */
bool setting_is_line(const char *value, char why[static SETTING_WHY])
{
	if (strlen(value) > 1023)
		return setting_refuse(why, "is longer than 1023 octets");
	for (; *value; value++)
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return setting_refuse(why, "holds a control character");
	return true;
}

bool setting_has_only(const char *value, const char *allowed)
{
	for (; *value; value++)
		if (!isalnum((unsigned char)*value) && !strchr(allowed, *value))
			return false;
	return true;
}

bool setting_is_word(const char *value, char why[static SETTING_WHY])
{
	if (!*value || strlen(value) > 63 || !setting_has_only(value, "._+-/@:"))
		return setting_refuse(why,
				      "is not a word of letters, digits and ._+-/@:");
	return true;
}

/* RFC 1123 section 2.1: labels of letters, digits and inner hyphens. */
bool setting_is_hostname(const char *value, char why[static SETTING_WHY])
{
	size_t label = 0;

	if (!*value || strlen(value) > 63)
		return setting_refuse(why, "is not a host name of 1 to 63 characters");
	for (const char *p = value;; p++) {
		if (*p && *p != '.') {
			bool hyphen_at_edge =
				*p == '-' && (label == 0 || !p[1] || p[1] == '.');

			if (hyphen_at_edge || (!isalnum((unsigned char)*p) && *p != '-'))
				return setting_refuse(
					why, "is not a host name: letters, digits "
					     "and inner hyphens only");
			label++;
			continue;
		}
		if (!label)
			return setting_refuse(why,
					      "is not a host name: a label is empty");
		if (!*p)
			return true;
		label = 0;
	}
}

bool setting_is_address(const char *value, char why[static SETTING_WHY])
{
	unsigned char buffer[16];

	if (inet_pton(AF_INET, value, buffer) == 1 ||
	    inet_pton(AF_INET6, value, buffer) == 1)
		return true;
	return setting_refuse(why, "is not an IP address");
}

bool setting_is_cidr(const char *value, char why[static SETTING_WHY])
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(value, '/');
	size_t len = slash ? (size_t)(slash - value) : 0;
	long bits, most;
	char *end;

	if (!slash || len >= sizeof(address) || !isdigit((unsigned char)slash[1]))
		return setting_refuse(why, "is not ADDRESS/PREFIX, like 10.0.0.7/24");
	memcpy(address, value, len);
	address[len] = '\0';
	bits = strtol(slash + 1, &end, 10);
	most = strchr(address, ':') ? 128 : 32;
	if (!setting_is_address(address, why) || *end || bits < 1 || bits > most)
		return setting_refuse(why, "is not ADDRESS/PREFIX, like 10.0.0.7/24");
	return true;
}

/* useradd's portable form. */
bool setting_is_user(const char *value, char why[static SETTING_WHY])
{
	if (!islower((unsigned char)*value) || strlen(value) > 32 ||
	    !setting_has_only(value, "_-"))
		return setting_refuse(
			why, "is not a user name: a lower-case letter, then letters, "
			     "digits, _ and -");
	return true;
}

/* crypt(5): $id$...; a plain password must never come this way. */
bool setting_is_crypt(const char *value, char why[static SETTING_WHY])
{
	if (*value != '$' || strlen(value) < 13 || strlen(value) > 512 ||
	    !setting_has_only(value, "./$=,"))
		return setting_refuse(
			why,
			"is not a crypt(5) hash (make one with: mkpasswd -m yescrypt)");
	return true;
}

bool setting_is_ssh_key(const char *value, char why[static SETTING_WHY])
{
	static const char *const types[] = { "ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-" };

	if (strlen(value) > 1023 || !setting_is_line(value, why))
		return setting_refuse(why, "is not one line of at most 1023 octets");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(value, types[i], strlen(types[i])) == 0)
			return true;
	return setting_refuse(why,
			      "is not a public ssh key (ssh-ed25519 AAAA... comment)");
}

bool setting_is_disk_rule(const char *value, char why[static SETTING_WHY])
{
	char reason[DISK_WHY];

	if (disk_rule_check(value, reason))
		return true;
	snprintf(why, SETTING_WHY, "%.*s", SETTING_WHY - 1, reason);
	return false;
}

bool setting_is_flag(const char *value, char why[static SETTING_WHY])
{
	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return true;
	return setting_refuse(why, "is neither yes nor no");
}

bool setting_is_url(const char *value, char why[static SETTING_WHY])
{
	bool scheme =
		strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;

	if (!setting_is_line(value, why))
		return false;
	if (!scheme || strpbrk(value, " \"<>\\^`{|}"))
		return setting_refuse(why, "is not a URL of http:// or https://");
	return true;
}

bool setting_is_sha256(const char *value, char why[static SETTING_WHY])
{
	if (strlen(value) == 64 && strspn(value, "0123456789abcdefABCDEF") == 64)
		return true;
	return setting_refuse(why, "is not a SHA-256: 64 hex digits");
}

/* Europe/Vienna, or as Windows calls it: W. Europe Standard Time. */
bool setting_is_timezone(const char *value, char why[static SETTING_WHY])
{
	if (*value && strlen(value) <= 63 && setting_has_only(value, "._+-/() "))
		return true;
	return setting_refuse(why, "is not the name of a time zone, like Europe/Vienna");
}
