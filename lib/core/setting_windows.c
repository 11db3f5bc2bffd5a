#include "config.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/core/setting_check.h"

/* Windows takes 127 characters at most, and an answer file is one line each. */
bool setting_is_password(const char *value, char why[static SETTING_WHY])
{
	if (!*value || strlen(value) > 127)
		return setting_refuse(why, "is not a password of 1 to 127 octets");
	return setting_is_line(value, why);
}

/* joiner, CORP\joiner or joiner@corp.example */
bool setting_is_account(const char *value, char why[static SETTING_WHY])
{
	const char *slash = strchr(value, '\\');

	if (!setting_is_line(value, why))
		return false;
	if (!*value || strlen(value) > 255 || strpbrk(value, "\"/[]:;|=,+*?<>") ||
	    (slash && (slash == value || !slash[1] || strchr(slash + 1, '\\'))))
		return setting_refuse(
			why, "is not an account: NAME, DOMAIN\\NAME or NAME@DOMAIN");
	return true;
}

/* RFC 4514: attribute=value, separated by commas; the last ones name the domain. */
bool setting_is_ou(const char *value, char why[static SETTING_WHY])
{
	bool unit =
		strncasecmp(value, "OU=", 3) == 0 || strncasecmp(value, "CN=", 3) == 0;

	if (!setting_is_line(value, why))
		return false;
	if (!unit || !strcasestr(value, ",DC="))
		return setting_refuse(why, "is not a place in the directory, like "
					   "OU=Servers,DC=corp,DC=example");
	return true;
}

/*
 * What djoin writes is base64 of a Remote Procedure Call serialisation: version
 * 1, little-endian, a header of 8 octets filled up with CC, then the octets
 * that follow behind a second header of 8 ([MS-RPCE] section 2.2.6).
 */
static bool blob_holds(const unsigned char *octet, size_t len)
{
	static const unsigned char common[8] = { 1, 0x10, 8, 0, 0xcc, 0xcc, 0xcc, 0xcc };
	size_t said;

	if (len < 16 || memcmp(octet, common, sizeof(common)) != 0)
		return false;
	said = octet[8] | octet[9] << 8 | octet[10] << 16 | (size_t)octet[11] << 24;
	return said > 0 && said <= len - 16;
}

bool setting_is_join_blob(const char *value, char why[static SETTING_WHY])
{
	size_t len = strlen(value), octets = 0;
	unsigned char *octet = malloc(len + 1);
	bool good = octet && len <= 65536 &&
		    sodium_base642bin(octet, len, value, len, NULL, &octets, NULL,
				      sodium_base64_VARIANT_ORIGINAL) == 0 &&
		    blob_holds(octet, octets);

	if (octet)
		sodium_memzero(octet, len);
	free(octet);
	if (good)
		return true;
	return setting_refuse(why, "is not what djoin /provision /savefile writes");
}

bool setting_is_product_key(const char *value, char why[static SETTING_WHY])
{
	size_t len = strlen(value);
	bool good = len == 29;

	if (strcmp(value, "kms") == 0)
		return true;
	for (size_t i = 0; good && i < len; i++)
		good = i % 6 == 5 ? value[i] == '-' : isalnum((unsigned char)value[i]);
	if (good)
		return true;
	return setting_refuse(why, "is neither kms nor a key like "
				   "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX");
}

/* One line of cmd; longer ones Windows does not take from an answer file. */
bool setting_is_command(const char *value, char why[static SETTING_WHY])
{
	if (!*value || strlen(value) > 1000)
		return setting_refuse(why, "is not one line of 1 to 1000 octets");
	return setting_is_line(value, why);
}

/* As Install-WindowsFeature and DISM name them. */
bool setting_is_feature(const char *value, char why[static SETTING_WHY])
{
	if (*value && strlen(value) <= 127 && setting_has_only(value, "-_."))
		return true;
	return setting_refuse(why, "is not the name of a role or feature");
}

static bool is_one_of(const char *value, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(value, *words) == 0)
			return true;
	return false;
}

bool setting_is_bypass(const char *value, char why[static SETTING_WHY])
{
	static const char *const checks[] = { "tpm", "secureboot", "ram",
					      "cpu", "storage",    NULL };

	return is_one_of(value, checks) ||
	       setting_refuse(why, "is none of tpm, secureboot, ram, cpu and storage");
}

bool setting_is_transport(const char *value, char why[static SETTING_WHY])
{
	static const char *const ways[] = { "http", "smb", NULL };

	return is_one_of(value, ways) || setting_refuse(why, "is neither http nor smb");
}
