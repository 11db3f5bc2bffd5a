#include "config.h"

#include "lib/core/winanswer.h"

#include <ctype.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/core/seal.h"
#include "lib/core/utf8.h"
#include "lib/core/windows.h"
#include "lib/core/winlocale.h"

__attribute__((format(printf, 3, 4))) static void
say(struct winanswer *a, const char *name, const char *format, ...)
{
	va_list args;

	a->value[a->values].name = name;
	va_start(args, format);
	if (vasprintf(&a->value[a->values].text, format, args) < 0)
		a->value[a->values].text = NULL;
	va_end(args);
	a->values++;
}

/* ---- passwords ---- */

static size_t put_unit(unsigned char *out, size_t at, uint32_t unit)
{
	out[at] = unit & 0xff;
	out[at + 1] = unit >> 8 & 0xff;
	return at + 2;
}

/* Twice the octets are enough: UTF-16 has no more units than UTF-8 has octets. */
static bool put_utf16(const char *text, unsigned char *out, size_t *at)
{
	uint32_t code;

	for (size_t len; *text; text += len) {
		len = utf8_take(text, &code);
		if (!len)
			return false;
		if (code >= 0x10000) {
			*at = put_unit(out, *at, 0xd800 + ((code - 0x10000) >> 10));
			code = 0xdc00 + ((code - 0x10000) & 0x3ff);
		}
		*at = put_unit(out, *at, code);
	}
	return true;
}

char *winanswer_hide(const char *password, const char *element)
{
	size_t most = 2 * (strlen(password) + strlen(element)) + 2, len = 0;
	size_t room = sodium_base64_ENCODED_LEN(most, sodium_base64_VARIANT_ORIGINAL);
	unsigned char *octets = malloc(most);
	char *hidden = malloc(room);

	if (octets && hidden && put_utf16(password, octets, &len) &&
	    put_utf16(element, octets, &len)) {
		sodium_bin2base64(hidden, room, octets, len,
				  sodium_base64_VARIANT_ORIGINAL);
	} else {
		free(hidden);
		hidden = NULL;
	}
	if (octets)
		sodium_memzero(octets, most);
	free(octets);
	return hidden;
}

static bool is_utf8(const char *text)
{
	size_t len = 1;

	for (; *text && len; text += len)
		len = utf8_take(text, NULL);
	return len;
}

/* What is no UTF-8 stays as it is: who writes XML refuses it, and says why.  So does the
 * mask of who may not see it. */
static void say_password(struct winanswer *a, const char *name, const char *password,
			 const char *element)
{
	bool hide = *password && is_utf8(password) && strcmp(password, SEAL_MASK) != 0;

	a->value[a->values].name = name;
	a->value[a->values].text =
		hide ? winanswer_hide(password, element) : strdup(password);
	a->values++;
}

/* ---- the system ---- */

static void say_edition(struct winanswer *a, const struct settings *s,
			const struct image_edition *edition)
{
	const char *key = settings_get(s, "product-key");

	if (strcmp(key, "kms") == 0)
		key = windows_kms_key(edition);
	say(a, "windows-arch", "%s", *edition->arch ? edition->arch : "amd64");
	say(a, "windows-client", "%s",
	    strcasecmp(edition->type, "Client") == 0 ? "yes" : "");
	say(a, "windows-server", "%s",
	    strcasecmp(edition->type, "Server") == 0 ? "yes" : "");
	say(a, "windows-key", "%s", key ? key : "");
}

static bool has_line(const char *lines, const char *line)
{
	size_t len = strlen(line);

	for (; *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n')
		if (strncmp(lines, line, len) == 0 && (!lines[len] || lines[len] == '\n'))
			return true;
	return false;
}

/* The values of LabConfig that Windows Setup looks for, one a line. */
static void say_bypass(struct winanswer *a, const struct settings *s)
{
	static const char *const values[][2] = {
		{ "tpm", "BypassTPMCheck" },
		{ "cpu", "BypassCPUCheck" },
		{ "ram", "BypassRAMCheck" },
		{ "storage", "BypassStorageCheck" },
		{ "secureboot", "BypassSecureBootCheck" },
	};
	char lines[256] = "";

	for (size_t i = 0, len = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (has_line(settings_get(s, "bypass"), values[i][0]))
			len += (size_t)snprintf(lines + len, sizeof(lines) - len, "%s\n",
						values[i][1]);
	say(a, "windows-bypass", "%s", lines);
}

/* Administrator of a client is disabled, and somebody must be able to come in. */
static void say_accounts(struct winanswer *a, const struct settings *s, bool client)
{
	bool alone = client && !*settings_get(s, "user");
	bool bypass = *settings_get(s, "bypass");
	bool any = *settings_get(s, "admin-password") || *settings_get(s, "user");

	say(a, "enable-administrator", "%s", alone ? "yes" : "");
	say(a, "specialize-commands", "%s", alone || bypass ? "yes" : "");
	say(a, "accounts", "%s", any ? "yes" : "");
}

/* What Windows would ask at its first boot is answered in the image's language. */
static void say_people(struct winanswer *a, const struct settings *s,
		       const struct image_edition *edition)
{
	const char *language = winlocale_tag(edition->language);
	const char *tag = winlocale_tag(settings_get(s, "locale"));
	const char *zone = winlocale_zone(settings_get(s, "timezone"));
	char input[WINLOCALE_INPUT];

	if (!language)
		language = tag ? tag : "en-US";
	if (!tag)
		tag = language;
	if (!winlocale_input(settings_get(s, "keyboard"), settings_get(s, "locale"),
			     input))
		snprintf(input, sizeof(input), "%s", tag);
	say(a, "windows-language", "%s", language);
	say(a, "windows-locale", "%s", tag);
	say(a, "windows-input", "%s", input);
	say(a, "windows-timezone", "%s", zone ? zone : "");
}

static void say_names(struct winanswer *a, const struct mac *mac, const char *hostname)
{
	char hyphens[MAC_TEXT], name[16] = "PX-";
	size_t len = 3;

	mac_format(mac, '-', hyphens);
	for (char *p = hyphens; *p; p++) {
		*p = (char)toupper((unsigned char)*p);
		if (*p != '-' && len < sizeof(name) - 1)
			name[len++] = *p;
	}
	name[len] = '\0';
	say(a, "windows-mac", "%s", hyphens);
	say(a, "computer-name", "%s", *hostname ? hostname : name);
}

/* ---- network and domain ---- */

static void say_network(struct winanswer *a, const struct settings *s)
{
	const char *dns = settings_get(s, "dns");
	const char *address = settings_get(s, "address");
	const char *gateway = settings_get(s, "gateway");
	bool six = strchr(address, ':');

	say(a, "dns-first", "%.*s", (int)strcspn(dns, "\n"), dns);
	say(a, "address4", "%s", six ? "" : address);
	say(a, "address6", "%s", six ? address : "");
	say(a, "default-route", "%s",
	    !*gateway              ? ""
	    : strchr(gateway, ':') ? "::/0"
				   : "0.0.0.0/0");
}

/* CORP\joiner, joiner@corp.example, or joiner of the domain to join. */
static void say_account(struct winanswer *a, const struct settings *s)
{
	const char *user = settings_get(s, "join-user");
	const char *slash = strchr(user, '\\'), *at = strrchr(user, '@');

	if (slash) {
		say(a, "join-account", "%s", slash + 1);
		say(a, "join-account-domain", "%.*s", (int)(slash - user), user);
	} else if (at) {
		say(a, "join-account", "%.*s", (int)(at - user), user);
		say(a, "join-account-domain", "%s", at + 1);
	} else {
		say(a, "join-account", "%s", user);
		say(a, "join-account-domain", "%s", *user ? settings_get(s, "join") : "");
	}
}

/* The guest agent's installer of virtio-win, if the image has it. */
static void say_tools(struct winanswer *a, const struct image *image)
{
	const struct image_file *file = NULL;

	for (size_t i = 0; image && !file && i < image->files; i++) {
		const char *slash = strrchr(image->file[i].name, '/');
		const char *name = slash ? slash + 1 : image->file[i].name;

		if (strcasecmp(name, "qemu-ga-x86_64.msi") == 0)
			file = &image->file[i];
	}
	say(a, "guest-tools", "%s", file ? file->name : "");
	say(a, "guest-tools-sha256", "%s", file ? file->sha256 : "");
}

/* ---- all ---- */

static bool complete(struct winanswer *a)
{
	bool good = true;

	for (size_t i = 0; i < a->values; i++)
		good = good && a->value[i].text;
	for (size_t i = 0; !good && i < a->values; i++)
		free(a->value[i].text);
	return good;
}

bool winanswer_fill(struct winanswer *answer, const struct settings *settings,
		    const struct image *image, const struct mac *mac,
		    const char *hostname)
{
	static const struct image_edition unknown;
	const struct image_edition *edition;
	char why[WINDOWS_WHY];

	*answer = (struct winanswer){ 0 };
	edition = image ? windows_edition(image, settings, why) : NULL;
	if (!edition)
		edition = &unknown;
	say_edition(answer, settings, edition);
	say_bypass(answer, settings);
	say_accounts(answer, settings, strcasecmp(edition->type, "Client") == 0);
	say_people(answer, settings, edition);
	say_names(answer, mac, hostname);
	say_network(answer, settings);
	say_account(answer, settings);
	say_tools(answer, image);
	say_password(answer, "admin-hidden", settings_get(settings, "admin-password"),
		     "AdministratorPassword");
	say_password(answer, "user-hidden", settings_get(settings, "user-password"),
		     "Password");
	return complete(answer);
}
