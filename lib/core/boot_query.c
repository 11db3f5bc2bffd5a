#include "lib/core/boot_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* iPXE's ${buildarch} and ${platform} as DHCP option 93 has them (RFC 4578). */
static int64_t read_arch(const char *arch, const char *platform)
{
	static const struct {
		const char *arch, *platform;
		int64_t number;
	} known[] = {
		{ "i386", "pcbios", 0 }, { "x86_64", "pcbios", 0 },
		{ "i386", "efi", 6 },    { "x86_64", "efi", 7 },
		{ "arm32", "efi", 10 },  { "arm64", "efi", 11 },
	};
	char *end;
	long number;

	if (!arch || *arch == '\0')
		return -1;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(arch, known[i].arch) == 0 && platform &&
		    strcmp(platform, known[i].platform) == 0)
			return known[i].number;
	number = strtol(arch, &end, 10);
	return *end == '\0' && number >= 0 && number <= 0xffff ? number : -1;
}

static bool ends(const char *name, const char *suffix)
{
	const char *dot = strrchr(name, '.');

	return dot && strcmp(dot, suffix) == 0;
}

bool boot_query_is_winpe(const char *name)
{
	return ends(name, ".cmd");
}

static bool read_mac(const char *name, struct mac *out, const char **why)
{
	const char *dot = strrchr(name, '.');
	char text[32];

	*why = "is neither MAC.ipxe nor MAC.cmd";
	if ((!ends(name, ".ipxe") && !ends(name, ".cmd")) ||
	    (size_t)(dot - name) >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)(dot - name), name);
	return mac_parse(text, out, why);
}

static void copy_field(const struct url_form *form, const char *name, char *out,
		       size_t size)
{
	const char *value = url_field(form, name);

	snprintf(out, size, "%s", value ? value : "");
}

bool boot_query_read(const char *name, const struct url_form *form, struct event *ev,
		     const char **why)
{
	const char *uuid = url_field(form, "uuid"), *serial = url_field(form, "serial");

	if (!read_mac(name, &ev->key.mac, why))
		return false;
	ev->key.has_mac = true;
	if (uuid)
		machine_uuid_parse(uuid, ev->key.uuid);
	if (serial && machine_serial_names_one(serial))
		copy_field(form, "serial", ev->key.serial, sizeof(ev->key.serial));
	copy_field(form, "manufacturer", ev->manufacturer, sizeof(ev->manufacturer));
	copy_field(form, "product", ev->product, sizeof(ev->product));
	copy_field(form, "asset", ev->asset, sizeof(ev->asset));
	ev->arch = read_arch(url_field(form, "arch"), url_field(form, "platform"));
	return true;
}
