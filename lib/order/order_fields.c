/* What an order says about the job itself; its settings have a table of their own. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/event.h"
#include "lib/core/setting_check.h"
#include "lib/order/order_inside.h"
#include "lib/sys/now.h"
#include "lib/sys/when.h"

/* A job belongs to its machine. */
static bool new_only(const struct order *o, char why[static SETTING_WHY])
{
	return !o->was ||
	       setting_refuse(why, "cannot be changed: cancel the job, and add "
				   "one for the other machine");
}

static bool take_mac(struct order *o, const char *value, char why[static SETTING_WHY])
{
	const char *reason;

	if (!new_only(o, why))
		return false;
	if (o->macs == ORDER_MACS)
		return setting_refuse(why, "a machine has at most 8");
	if (!mac_parse(value, &o->mac[o->macs], &reason))
		return setting_refuse(why, reason);
	o->macs++;
	o->key.mac = o->mac[0];
	o->key.has_mac = true;
	return true;
}

static bool take_uuid(struct order *o, const char *value, char why[static SETTING_WHY])
{
	if (!new_only(o, why))
		return false;
	return machine_uuid_parse(value, o->key.uuid) ||
	       setting_refuse(why, "is not one machine's UUID");
}

static bool copy(const char *value, char *out, size_t size, char why[static SETTING_WHY])
{
	if (!*value || strlen(value) >= size)
		return setting_refuse(why, "is empty or too long");
	snprintf(out, size, "%s", value);
	return true;
}

static bool take_serial(struct order *o, const char *value, char why[static SETTING_WHY])
{
	return new_only(o, why) && copy(value, o->key.serial, sizeof(o->key.serial), why);
}

static bool take_image(struct order *o, const char *value, char why[static SETTING_WHY])
{
	return copy(value, o->image, sizeof(o->image), why);
}

/* "" takes back what a job said. */
static bool name(const struct order *o, const char *value, char out[static JOB_NAME],
		 char why[static SETTING_WHY])
{
	if (o->was && !*value) {
		*out = '\0';
		return true;
	}
	return copy(value, out, JOB_NAME, why);
}

static bool take_platform(struct order *o, const char *value,
			  char why[static SETTING_WHY])
{
	return name(o, value, o->platform, why);
}

static bool take_profile(struct order *o, const char *value, char why[static SETTING_WHY])
{
	return name(o, value, o->profile, why);
}

static bool take_network(struct order *o, const char *value, char why[static SETTING_WHY])
{
	return name(o, value, o->network, why);
}

static bool take_hold(struct order *o, const char *value, char why[static SETTING_WHY])
{
	o->held = strcmp(value, "yes") == 0;
	return setting_is_flag(value, why);
}

static bool take_not_before(struct order *o, const char *value,
			    char why[static SETTING_WHY])
{
	if (o->was && !*value) {
		o->not_before_ms = 0;
		return true;
	}
	return when_parse(value, WHEN_AHEAD, now_ms(), &o->not_before_ms) ||
	       setting_refuse(why, "is no time like +2h, 22:00 or 2026-11-22T22:00:00Z");
}

/* ---- the same, told again ---- */

static const char *give(const char *value, char out[static ORDER_VALUE])
{
	snprintf(out, ORDER_VALUE, "%s", value);
	return out;
}

static const char *give_mac(const struct order *o, char out[static ORDER_VALUE])
{
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < o->macs; i++) {
		if (i)
			out[len++] = '\n';
		mac_format(&o->mac[i], ':', out + len);
		len += MAC_TEXT - 1;
	}
	return out;
}

static const char *give_image(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->image, out);
}

static const char *give_uuid(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->key.uuid, out);
}

static const char *give_serial(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->key.serial, out);
}

static const char *give_platform(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->platform, out);
}

static const char *give_profile(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->profile, out);
}

static const char *give_network(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->network, out);
}

static const char *give_hold(const struct order *o, char out[static ORDER_VALUE])
{
	return give(o->held ? "yes" : "", out);
}

static const char *give_not_before(const struct order *o, char out[static ORDER_VALUE])
{
	*out = '\0';
	if (o->not_before_ms)
		event_time_format(o->not_before_ms, out);
	return out;
}

const struct order_field order_fields[] = {
	{ "mac", 'm', "MAC", "an address of the machine; several may be given",
	  SETTING_LIST, take_mac, give_mac },
	{ "image", 'i', "NAME[@VERSION]",
	  "what to install; the current version if none is said", 0, take_image,
	  give_image },
	{ "uuid", 0, "UUID", "the SMBIOS UUID of the machine", 0, take_uuid, give_uuid },
	{ "serial", 0, "TEXT", "the serial number of the machine", 0, take_serial,
	  give_serial },
	{ "platform", 0, "NAME", "a platform of pxekit.conf", 0, take_platform,
	  give_platform },
	{ "profile", 0, "NAME", "a profile of pxekit.conf", 0, take_profile,
	  give_profile },
	{ "network", 0, "NAME", "the network of pxekit.conf it boots from", 0,
	  take_network, give_network },
	{ "hold", 0, NULL, "wait until jobctl release", SETTING_FLAG, take_hold,
	  give_hold },
	{ "not-before", 0, "TIME",
	  "wait until then: +2h, 22:00, or a time like 2026-11-22T22:00:00Z", 0,
	  take_not_before, give_not_before },
};

const size_t order_field_count = sizeof(order_fields) / sizeof(order_fields[0]);

const struct order_field *order_field_find(const char *name)
{
	for (size_t i = 0; i < order_field_count; i++)
		if (strcmp(order_fields[i].name, name) == 0)
			return &order_fields[i];
	return NULL;
}
