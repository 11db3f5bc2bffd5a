#include "config.h"

#include "lib/sys/conf_value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/image.h"
#include "lib/core/plan.h"
#include "lib/core/route.h"
#include "lib/core/setting.h"

#define PATH_LONGEST 1023

static bool refuse(char why[static CONF_WHY], const char *reason)
{
	snprintf(why, CONF_WHY, "%s", reason);
	return false;
}

bool conf_value_address(const char *value, uint32_t *out)
{
	struct in_addr in;

	if (inet_pton(AF_INET, value, &in) != 1)
		return false;
	*out = ntohl(in.s_addr);
	return true;
}

bool conf_value_number(const char *value, unsigned most, unsigned *out)
{
	unsigned long n = 0;

	if (!*value || strlen(value) > 9)
		return false;
	for (; *value; value++) {
		if (!isdigit((unsigned char)*value))
			return false;
		n = n * 10 + (unsigned long)(*value - '0');
	}
	*out = (unsigned)n;
	return n <= most;
}

bool conf_value_rate(const char *value, uint64_t *out)
{
	static const char letters[] = "kMG";
	size_t len = strlen(value);
	const char *letter = len ? strchr(letters, value[len - 1]) : NULL;
	char digits[16];
	unsigned n;

	if (letter)
		len--;
	if (len >= sizeof(digits))
		return false;
	memcpy(digits, value, len);
	digits[len] = '\0';
	if (!conf_value_number(digits, 999999999, &n))
		return false;
	*out = n;
	for (const char *l = letters; letter && l <= letter; l++)
		*out *= 1000;
	return true;
}

bool conf_value_cidr(const char *value, uint32_t *subnet, uint32_t *mask,
		     char why[static CONF_WHY])
{
	char address[INET_ADDRSTRLEN];
	const char *slash = strchr(value, '/');
	size_t len = slash ? (size_t)(slash - value) : sizeof(address);
	unsigned bits;

	if (len >= sizeof(address))
		return refuse(why, "is not ADDRESS/BITS, like 10.77.0.0/24");
	memcpy(address, value, len);
	address[len] = '\0';
	if (!conf_value_address(address, subnet) ||
	    !conf_value_number(slash + 1, 32, &bits))
		return refuse(why, "is not ADDRESS/BITS, like 10.77.0.0/24");
	*mask = bits ? UINT32_MAX << (32 - bits) : 0;
	if (*subnet & ~*mask)
		return refuse(why, "is one host's address: octets behind the prefix "
				   "must be 0");
	return true;
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return p ? (int)(p - digits) : -1;
}

uint8_t conf_value_mac(const char *value, uint8_t octet[static 6])
{
	for (uint8_t n = 0; n < 6; n++, value += 3) {
		int high = hex(value[0]), low = high < 0 ? -1 : hex(value[1]);

		if (low < 0)
			return 0;
		octet[n] = (uint8_t)(16 * high + low);
		if (!value[2])
			return (uint8_t)(n + 1);
		if (value[2] != ':' && value[2] != '-')
			return 0;
	}
	return 0;
}

static bool is_mac(const char *value, char why[static CONF_WHY])
{
	uint8_t octet[6];

	return conf_value_mac(value, octet) > 0 ||
	       refuse(why, "is not a MAC address like 52:54:00:12:34:56, nor the "
			   "beginning of one");
}

static bool is_pattern(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while (*p && !iscntrl((unsigned char)*p))
		p++;
	if (!*p && p > value && p - value < 64)
		return true;
	return refuse(why, "is not a pattern of 1 to 63 octets");
}

static bool is_route(const char *value, char why[static CONF_WHY])
{
	enum boot_route route;

	return route_parse(value, &route) ||
	       refuse(why, "is none of ipxe, ipxe-shim, bootmgfw, shim-grub, http");
}

static bool is_style(const char *value, char why[static CONF_WHY])
{
	enum boot_style style;

	return style_parse(value, &style) ||
	       refuse(why, "is none of direct, binl, menu, auto");
}

static bool is_address(const char *value, char why[static CONF_WHY])
{
	uint32_t address;

	if (conf_value_address(value, &address) && address != 0 && address != UINT32_MAX)
		return true;
	return refuse(why, "is not an IPv4 address of one host");
}

static bool is_cidr(const char *value, char why[static CONF_WHY])
{
	uint32_t subnet, mask;

	return conf_value_cidr(value, &subnet, &mask, why);
}

static bool is_arch(const char *value, char why[static CONF_WHY])
{
	unsigned arch;

	if (conf_value_number(value, 65535, &arch))
		return true;
	return refuse(why, "is not a number of DHCP option 93, 0 to 65535");
}

static bool is_count(const char *value, char why[static CONF_WHY])
{
	unsigned count;

	if (conf_value_number(value, 1000, &count))
		return true;
	return refuse(why, "is not a number from 0 to 1000");
}

static bool is_name(const char *value, char why[static CONF_WHY])
{
	if (image_name_ok(value))
		return true;
	return refuse(why, "is not a name: letters, digits and . _ + -, at most 63, "
			   "the first a letter or digit");
}

static bool is_name_or_empty(const char *value, char why[static CONF_WHY])
{
	return !*value || is_name(value, why);
}

/* The kernel's own rule, dev_valid_name(). */
static bool is_interface(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while (isgraph((unsigned char)*p) && *p != '/' && *p != ':')
		p++;
	if (!*p && p - value < IFNAMSIZ && strcmp(value, ".") != 0 &&
	    strcmp(value, "..") != 0)
		return true;
	return refuse(why, "is not the name of a network interface");
}

static bool is_user(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while (isalnum((unsigned char)*p) || *p == '_' || (p > value && *p == '-'))
		p++;
	if (!*p && p - value < 32)
		return true;
	return refuse(why, "is not a user's name");
}

/* What may stand between quotes in every script that a URL goes into. */
static bool is_url(const char *value, char why[static CONF_WHY])
{
	static const char marks[] = "-._~:/[]@%+,";
	const char *host = strstr(value, "://");
	const char *p = value;

	while (isalnum((unsigned char)*p) || (*p && strchr(marks, *p)))
		p++;
	if ((strncmp(value, "http://", 7) != 0 && strncmp(value, "https://", 8) != 0) ||
	    *p || p - value > 200 || !isgraph((unsigned char)host[3]) || host[3] == '/')
		return refuse(why, "is not a URL like http://10.77.0.2:8080");
	if (p[-1] == '/')
		return refuse(why, "ends with '/': leave it out");
	return true;
}

static bool is_url_or_empty(const char *value, char why[static CONF_WHY])
{
	return !*value || is_url(value, why);
}

static bool has_dots(const char *path)
{
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || !p[2]))
			return true;
	}
	return false;
}

static bool is_path(const char *value, char why[static CONF_WHY])
{
	if (*value != '/')
		return refuse(why, "is not an absolute path");
	if (strlen(value) > PATH_LONGEST)
		return refuse(why, "is longer than 1023 octets");
	if (has_dots(value))
		return refuse(why, "has '..' in it");
	for (; *value; value++)
		if (iscntrl((unsigned char)*value))
			return refuse(why, "has a control character in it");
	return true;
}

/* RFC 2132 section 9.5: the file field of BOOTP has 128 octets with its NUL. */
static bool is_loader_file(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	if (strstr(value, "://"))
		return is_url(value, why);
	while (isgraph((unsigned char)*p) && *p != '\\')
		p++;
	if (*p || p == value || p - value > 127 || *value == '/' || has_dots(value))
		return refuse(why, "is not a file below the TFTP folder, nor a URL");
	return true;
}

/* For people: it is never sent, and Microsoft's loader asks with backslashes. */
static bool is_second(const char *value, char why[static CONF_WHY])
{
	const char *p = value;

	while (isgraph((unsigned char)*p))
		p++;
	if (!*p && p - value < 128)
		return true;
	return refuse(why, "is not the name of a file");
}

/* It goes onto a kernel's command line. */
static bool is_arguments(const char *value, char why[static CONF_WHY])
{
	char reason[SETTING_WHY];

	return setting_check("arguments", value, reason) || refuse(why, reason);
}

static bool is_disk_rule(const char *value, char why[static CONF_WHY])
{
	char reason[SETTING_WHY];

	return !*value || setting_check("disk", value, reason) || refuse(why, reason);
}

static bool is_policy(const char *value, char why[static CONF_WHY])
{
	enum plan_policy policy;

	return plan_policy_parse(value, &policy) ||
	       refuse(why, "is none of jobs, known, all");
}

/* Nothing is ever installed on a machine that nobody has named. */
static bool is_unknown(const char *value, char why[static CONF_WHY])
{
	enum plan_action action;

	return (plan_action_parse(value, &action) && action != PLAN_INSTALL) ||
	       refuse(why, "is none of silent, local, menu");
}

/* As tftpd-lite looks it up: slashes, and none in front. */
static bool is_asked_name(const char *value, char why[static CONF_WHY])
{
	const char *star = strchr(value, '*');

	if (*value == '/' || strchr(value, '\\'))
		return refuse(why, "has a slash in front, or a backslash: write a/b");
	if (!*value || strlen(value) > 255 || has_dots(value) ||
	    (star && strchr(star + 1, '*')))
		return refuse(why, "is not the name of a file, with one '*' at most");
	for (; *value; value++)
		if (iscntrl((unsigned char)*value))
			return refuse(why, "has a control character in it");
	return true;
}

static bool is_transfers(const char *value, char why[static CONF_WHY])
{
	unsigned n;

	return conf_value_number(value, 1000000, &n) ||
	       refuse(why, "is not a number up to 1000000");
}

static bool is_rate(const char *value, char why[static CONF_WHY])
{
	uint64_t n;

	return conf_value_rate(value, &n) ||
	       refuse(why, "is not octets a second, like 500k or 12M");
}

/* \\HOST\SHARE, with either slash; the host is better an address than a name. */
static bool is_share(const char *value, char why[static CONF_WHY])
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789.-_$";
	const char *p = value;
	size_t host, share;

	if (!*value)
		return true;
	p += strspn(p, "/\\");
	host = strspn(p, letters);
	share = p[host] ? strspn(p + host + 1, letters) : 0;
	if (p - value == 2 && host && share && (p[host] == '/' || p[host] == '\\') &&
	    !p[host + 1 + share] && strlen(value) < 100)
		return true;
	return refuse(why, "is not a share, like //10.0.0.5/images");
}

static bool is_account(const char *value, char why[static CONF_WHY])
{
	char reason[SETTING_WHY];

	return setting_check("join-user", value, reason) || refuse(why, reason);
}

static bool is_path_or_empty(const char *value, char why[static CONF_WHY])
{
	return !*value || is_path(value, why);
}

/* A key means the same in every section that has it. */
static const struct {
	const char *key;
	bool (*check)(const char *value, char why[static CONF_WHY]);
} checks[] = {
	{ "site", is_name },
	{ "url", is_url_or_empty },
	{ "database", is_path },
	{ "images", is_path },
	{ "tftp", is_path },
	{ "templates", is_path },
	{ "deploy", is_path },
	{ "key", is_path },
	{ "user", is_user },
	{ "attempts-max", is_count },
	{ "interface", is_interface },
	{ "subnet", is_cidr },
	{ "server", is_address },
	{ "policy", is_policy },
	{ "unknown", is_unknown },
	{ "default-job", conf_value_image },
	{ "default-jobs-max", is_transfers },
	{ "relay", is_address },
	{ "platform", is_name_or_empty },
	{ "profile", is_name_or_empty },
	{ "arch", is_arch },
	{ "file", is_loader_file },
	{ "second", is_second },
	{ "route", is_route },
	{ "style", is_style },
	{ "mac", is_mac },
	{ "uuid", conf_value_uuid },
	{ "manufacturer", is_pattern },
	{ "product", is_pattern },
	{ "folder", is_path },
	{ "console", is_arguments },
	{ "disk", is_disk_rule },
	{ "name", is_asked_name },
	{ "tftp-transfers", is_transfers },
	{ "tftp-rate", is_rate },
	{ "share", is_share },
	{ "account", is_account },
	{ "users", conf_value_person },
	{ "groups", conf_value_person },
	{ "rights", conf_value_right },
	{ "www", is_path },
	{ "certificate", is_path_or_empty },
	{ "certificate-key", is_path_or_empty },
	{ "user-header", conf_value_field_name },
	{ "groups-header", conf_value_field_name },
	{ "front", is_address },
	{ "session-minutes", conf_value_minutes },
	{ "session-idle-minutes", conf_value_minutes },
	{ "queued", conf_value_duration },
	{ "booting", conf_value_duration },
	{ "installing", conf_value_duration },
	{ "configuring", conf_value_duration },
	{ "attempt", conf_value_duration },
	{ "action", conf_value_sweep_action },
	{ "title", conf_value_title },
	{ "image", conf_value_image },
	{ "arguments", is_arguments },
	{ "firmware", conf_value_firmware },
	{ "machines", is_name },
	{ "default", conf_value_yes_or_no },
	{ "directory", is_path },
	{ "timeout", conf_value_timeout },
	{ "pre-install", conf_value_yes_or_no },
};

void conf_setting_key(const struct setting_def *def, char out[static CONF_SETTING_KEY])
{
	snprintf(out, CONF_SETTING_KEY, "%s%s", def->name,
		 setting_is(def, SETTING_PLAIN) ? "-file" : "");
}

static bool check_profile(const char *key, const char *value, char why[static CONF_WHY])
{
	char reason[SETTING_WHY], name[CONF_SETTING_KEY];

	for (size_t i = 0; i < setting_count; i++) {
		conf_setting_key(&setting_defs[i], name);
		if (strcmp(name, key) != 0)
			continue;
		if (setting_is(&setting_defs[i], SETTING_PLAIN))
			return *value == '/' || refuse(why, "is no absolute path");
		return setting_check(key, value, reason) || refuse(why, reason);
	}
	return refuse(why, "is no setting");
}

bool conf_value_check(const char *section, const char *key, const char *value,
		      char why[static CONF_WHY])
{
	if (strcmp(section, "profile") == 0)
		return check_profile(key, value, why);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (strcmp(checks[i].key, key) == 0)
			return checks[i].check(value, why);
	return refuse(why, "is no key");
}
