#include "config.h"

#include "lib/core/windows.h"

#include <ctype.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/core/seal.h"
#include "lib/core/winlocale.h"

#define WINDOWS_11 22000 /* its first build */

__attribute__((format(printf, 2, 3))) static bool refuse(char why[static WINDOWS_WHY],
							 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, WINDOWS_WHY, format, args);
	va_end(args);
	return false;
}

static bool has(const struct settings *s, const char *name)
{
	return *settings_get(s, name);
}

/* ---- editions ---- */

static const struct image_edition *choose(const struct image *image,
					  char why[static WINDOWS_WHY])
{
	size_t len;

	if (image->editions == 1)
		return image->edition;
	if (image->editions == 0) {
		refuse(why, "its MANIFEST lists no edition; import it with imgctl");
		return NULL;
	}
	refuse(why, "has several editions, so one must be named by --edition:");
	for (size_t i = 0; i < image->editions; i++) {
		len = strlen(why);
		snprintf(why + len, WINDOWS_WHY - len, "%s %d \"%s\"", i ? "," : "",
			 image->edition[i].index, image->edition[i].name);
	}
	return NULL;
}

const struct image_edition *windows_edition(const struct image *image,
					    const struct settings *settings,
					    char why[static WINDOWS_WHY])
{
	const char *name = settings_get(settings, "edition");

	return *name ? image_edition_find(image, name, why) : choose(image, why);
}

/* ---- keys ---- */

const char *windows_kms_key(const struct image_edition *edition)
{
	static const struct {
		int first, last; /* builds */
		const char *id, *key;
	} keys[] = {
		{ 26100, 29999, "ServerStandard", "TVRH6-WHNXV-R9WG3-9XRFY-MY832" },
		{ 26100, 29999, "ServerDatacenter", "D764K-2NDRG-47T6Q-P8T8W-YP6DF" },
		{ 26100, 29999, "ServerTurbine", "XGN3F-F394H-FD2MY-PP6FD-8MCRC" },
		{ 20348, 20348, "ServerStandard", "VDYBN-27WPP-V4HQT-9VMD4-VMK7H" },
		{ 20348, 20348, "ServerDatacenter", "WX4NM-KYWYW-QJJR4-XV3QB-6VM33" },
		{ 20348, 20348, "ServerTurbine", "NTBV8-9K7Q8-V27C6-M2BTV-KHMXV" },
		{ 17763, 17763, "ServerStandard", "N69G4-B89J2-4G8F4-WWYCC-J464C" },
		{ 17763, 17763, "ServerDatacenter", "WMDGN-G9PQG-XVVXX-R3X43-63DFG" },
		{ 14393, 14393, "ServerStandard", "WC2BQ-8NRM3-FDDYY-2BFGV-KHKQY" },
		{ 14393, 14393, "ServerDatacenter", "CB7KF-BWN84-R7R2Y-793K2-8XDDG" },
		{ 10240, 29999, "Professional", "W269N-WFGWX-YVC9B-4J6C9-T83GX" },
		{ 10240, 29999, "ProfessionalN", "MH37W-N47XK-V7XM9-C7227-GCQG9" },
		{ 10240, 29999, "ProfessionalWorkstation",
		  "NRG8B-VKK3Q-CXVCJ-9G2XF-6Q84J" },
		{ 10240, 29999, "Enterprise", "NPPR9-FWDCX-D2C8J-H872K-2YT43" },
		{ 10240, 29999, "EnterpriseN", "DPH2V-TTNVB-4X9Q3-TJR4H-KHJW4" },
		{ 17763, 29999, "EnterpriseS", "M7XTQ-FN8P6-TTKYV-9D4CC-J462D" },
		{ 10240, 29999, "Education", "NW6C2-QMPVW-D7KKK-3GKT6-VCFB2" },
		{ 10240, 29999, "EducationN", "2WH4N-8QGBV-H22JP-CT43Q-MDWWJ" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (edition->build >= keys[i].first && edition->build <= keys[i].last &&
		    strcasecmp(edition->id, keys[i].id) == 0)
			return keys[i].key;
	return NULL;
}

static bool check_key(const struct settings *s, const struct image_edition *edition,
		      char why[static WINDOWS_WHY])
{
	if (strcmp(settings_get(s, "product-key"), "kms") != 0 || !edition ||
	    windows_kms_key(edition))
		return true;
	return refuse(
		why,
		"--product-key kms: no public key is known for %s of build %d; give "
		"the key itself",
		edition->id, edition->build);
}

/* ---- names and accounts ---- */

bool windows_name_ok(const char *hostname, char why[static WINDOWS_WHY])
{
	if (strlen(hostname) > 15 || strchr(hostname, '.') ||
	    hostname[strspn(hostname, "0123456789")] == '\0')
		return refuse(why,
			      "--hostname %s: Windows takes one name of at most 15 "
			      "characters that are not all digits",
			      hostname);
	return true;
}

static bool check_accounts(const struct settings *s, char why[static WINDOWS_WHY])
{
	const char *host = settings_get(s, "hostname"), *user = settings_get(s, "user");

	if (*host && !windows_name_ok(host, why))
		return false;
	if (strcmp(settings_get(s, "admin-password"), SEAL_MASK) == 0 ||
	    strcmp(settings_get(s, "user-password"), SEAL_MASK) == 0)
		return refuse(why, "a password of " SEAL_MASK " would look like none: "
				   "take another");
	if (*user && strcasecmp(user, host) == 0)
		return refuse(why,
			      "--user %s: Windows wants another name than the "
			      "machine's own",
			      user);
	if (*user && strcasecmp(user, "administrator") == 0)
		return refuse(why,
			      "--user %s: is there already; its password is "
			      "--admin-password-file",
			      user);
	if (has(s, "user-password") && !*user)
		return refuse(why, "--user-password-file: wants --user");
	if (*user && !has(s, "user-password"))
		return refuse(why,
			      "--user %s: wants --user-password-file, for Windows "
			      "has no use for a hash",
			      user);
	return true;
}

/* ---- the domain ---- */

/* The name in UTF-16, in either case, and its end. */
static bool is_name(const unsigned char *octet, const char *name)
{
	for (;; octet += 2, name++) {
		if (toupper(octet[0]) != toupper((unsigned char)*name) || octet[1])
			return false;
		if (!*name)
			return true;
	}
}

/* What cannot be read, as it is sealed, may well name the machine. */
static bool blob_names(const char *blob, const char *name)
{
	size_t len = strlen(blob), octets = 0, want = 2 * strlen(name) + 2;
	unsigned char *octet = malloc(len + 1);
	bool found =
		!octet || sodium_base642bin(octet, len, blob, len, NULL, &octets, NULL,
					    sodium_base64_VARIANT_ORIGINAL) != 0;

	for (size_t at = 0; !found && at + want <= octets; at++)
		found = is_name(octet + at, name);
	if (octet)
		sodium_memzero(octet, len);
	free(octet);
	return found;
}

/* It says all by itself, and wins over an account; but it joins one machine only. */
static bool check_blob(const struct settings *s, char why[static WINDOWS_WHY])
{
	const char *name = settings_get(s, "hostname");

	if (!*name)
		return refuse(why, "--join-blob-file: wants --hostname, the name that "
				   "djoin /machine was given");
	return blob_names(settings_get(s, "join-blob"), name) ||
	       refuse(why, "--join-blob-file: was not made for a machine named %s", name);
}

static bool check_join(const struct settings *s, char why[static WINDOWS_WHY])
{
	bool account = has(s, "join-user") || has(s, "join-password");

	if (has(s, "join-blob"))
		return check_blob(s, why);
	if (!has(s, "join")) {
		if (account || has(s, "join-ou"))
			return refuse(why,
				      "--join-user, --join-password-file, --join-ou: "
				      "want --join");
		return true;
	}
	if (has(s, "join-user") && has(s, "join-password"))
		return true;
	return refuse(why,
		      "--join %s: wants --join-blob-file (from djoin /provision), or "
		      "--join-user and --join-password-file",
		      settings_get(s, "join"));
}

/* ---- the rest ---- */

static bool check_agent(const struct settings *s, char why[static WINDOWS_WHY])
{
	if (has(s, "agent") && !has(s, "agent-sha256"))
		return refuse(why, "--agent: wants --agent-sha256, so that nothing else "
				   "is run");
	if (!has(s, "agent") && (has(s, "agent-sha256") || has(s, "agent-arguments")))
		return refuse(why, "--agent-sha256, --agent-arguments: want --agent");
	return true;
}

static bool check_bypass(const struct settings *s, const struct image_edition *edition,
			 char why[static WINDOWS_WHY])
{
	bool client = edition && strcasecmp(edition->type, "Client") == 0;

	if (!has(s, "bypass") || !edition || (client && edition->build >= WINDOWS_11))
		return true;
	return refuse(why, "--bypass: %s insists on nothing that could be passed over",
		      edition->name);
}

static bool check_network(const struct settings *s, char why[static WINDOWS_WHY])
{
	if (has(s, "address") || !has(s, "gateway"))
		return true;
	return refuse(why, "--gateway %s: wants --address", settings_get(s, "gateway"));
}

/* Nothing else survives all code pages of cmd. */
static bool check_ascii(const struct settings *s, char why[static WINDOWS_WHY])
{
	static const char *const names[] = { "command", "agent", "agent-arguments" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (const char *p = settings_get(s, names[i]); *p; p++)
			if ((unsigned char)*p >= 0x7f)
				return refuse(why, "--%s: cmd takes printable ASCII only",
					      names[i]);
	return true;
}

static bool check_people(const struct settings *s, char why[static WINDOWS_WHY])
{
	const char *zone = settings_get(s, "timezone"),
		   *locale = settings_get(s, "locale");
	const char *keyboard = settings_get(s, "keyboard");
	char input[WINLOCALE_INPUT];

	if (*zone && !winlocale_zone(zone))
		return refuse(why,
			      "--timezone %s: Windows has no such zone; give one like "
			      "Europe/Vienna, or one of tzutil /l",
			      zone);
	if (*locale && !winlocale_tag(locale))
		return refuse(why,
			      "--locale %s: Windows has no such locale; give one like "
			      "de_AT.UTF-8 or de-AT",
			      locale);
	if (*keyboard && !winlocale_input(keyboard, locale, input))
		return refuse(why,
			      "--keyboard %s: no layout of Windows is known for it; "
			      "give one like de, or Windows' own, like 0407:00000407",
			      keyboard);
	return true;
}

bool windows_check(const struct settings *settings, const struct image_edition *edition,
		   char why[static WINDOWS_WHY])
{
	return check_accounts(settings, why) && check_join(settings, why) &&
	       check_agent(settings, why) && check_key(settings, edition, why) &&
	       check_bypass(settings, edition, why) && check_network(settings, why) &&
	       check_people(settings, why) && check_ascii(settings, why);
}
