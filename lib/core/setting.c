#include "config.h"

#include "lib/core/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/setting_check.h"

/* How an option reads: most settings are one text. */
#define TEXT 0
#define LIST SETTING_LIST
#define FLAG SETTING_FLAG
#define HASH SETTING_SECRET
#define SECRET (SETTING_SECRET | SETTING_PLAIN)

const struct setting_def setting_defs[] = {
	{ "hostname", "NAME", "the host name of the installed system",
	  setting_is_hostname, TEXT },
	{ "address", "CIDR", "a static address, like 10.0.0.7/24; DHCP if not given",
	  setting_is_cidr, TEXT },
	{ "gateway", "ADDRESS", "the default router of a static address",
	  setting_is_address, TEXT },
	{ "dns", "ADDRESS", "a name server of a static address", setting_is_address,
	  LIST },
	{ "user", "NAME", "an account to make", setting_is_user, TEXT },
	{ "password-hash", "HASH", "its password, as crypt(5) stores it",
	  setting_is_crypt, HASH },
	{ "ssh-key", "KEY", "a public ssh key for it (and for root)", setting_is_ssh_key,
	  LIST },
	{ "locale", "LOCALE", "like en_US.UTF-8", setting_is_word, TEXT },
	{ "timezone", "ZONE", "like Europe/Vienna", setting_is_timezone, TEXT },
	{ "keyboard", "LAYOUT", "like de", setting_is_word, TEXT },
	{ "disk", "RULE",
	  "which disk may be wiped: only, empty, first, serial=, bus=, min= ...",
	  setting_is_disk_rule, TEXT },
	{ "arguments", "TEXT", "more kernel arguments", setting_is_line, TEXT },
	{ "comment", "TEXT", "a note for people", setting_is_line, TEXT },

	/* Windows */
	{ "edition", "NAME", "the edition, by its name or index in the image",
	  setting_is_line, TEXT },
	{ "admin-password", "TEXT",
	  "Administrator's password; one is made up if none is given",
	  setting_is_password, SECRET },
	{ "user-password", "TEXT", "the password of --user, as Windows wants it",
	  setting_is_password, SECRET },
	{ "product-key", "KEY", "five groups of five; kms: the edition's public one",
	  setting_is_product_key, TEXT },
	{ "join", "DOMAIN", "the Active Directory domain to join", setting_is_hostname,
	  TEXT },
	{ "join-ou", "DN", "where its account goes, like OU=Servers,DC=corp,DC=example",
	  setting_is_ou, TEXT },
	{ "join-user", "NAME", "the account that may join machines", setting_is_account,
	  TEXT },
	{ "join-password", "TEXT", "its password", setting_is_password, SECRET },
	{ "join-blob", "BASE64",
	  "what djoin /provision /savefile wrote; better than an account",
	  setting_is_join_blob, SECRET },
	{ "rdp", NULL, "allow Remote Desktop", setting_is_flag, FLAG },
	{ "recovery", NULL, "make a recovery partition", setting_is_flag, FLAG },
	{ "transport", "WAY", "how the image travels: http (default) or smb",
	  setting_is_transport, TEXT },
	{ "role", "NAME", "a role or feature of Windows to install", setting_is_feature,
	  LIST },
	{ "package", "FILE",
	  "a package of the image's folder packages to add; for Linux, its name",
	  setting_is_word, LIST },
	{ "command", "TEXT", "a command to run at the first boot", setting_is_command,
	  LIST },
	{ "agent", "URL", "an installer to run at the first boot", setting_is_url, TEXT },
	{ "agent-sha256", "HEX", "its checksum", setting_is_sha256, TEXT },
	{ "agent-arguments", "TEXT", "its arguments", setting_is_command, TEXT },
	{ "bypass", "CHECK",
	  "a requirement of Windows 11 not to insist on: tpm, secureboot, ram, cpu, "
	  "storage",
	  setting_is_bypass, LIST },
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
		return setting_refuse(why, "is no setting");
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
	if (setting_is(def, SETTING_LIST) && *place) {
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
