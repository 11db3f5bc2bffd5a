#include "config.h"

#include "tools/bootweb/page_form.h"

#include <stdio.h>
#include <string.h>

#include "tools/bootweb/page_choices.h"

enum look { LINE, AREA, SELECT, SECRET, CHECK };

/* Where a field stands and what it is called; one that is not here stands at the end. */
struct place {
	const char *name, *label, *placeholder;
	bool required, wide;
};

struct group {
	const char *legend, *summary; /* summary: it is closed until it is wanted */
	struct place place[12];
};

static const struct group groups[] = {
	{ "Machine",
	  NULL,
	  { { "mac", "MAC address", "52:54:00:12:34:56", true, false },
	    { "hostname", "Host name", "pc-101", false, false },
	    { "network", "Network", "", false, false } } },
	{ "System",
	  NULL,
	  { { "image", "Image", "", true, false },
	    { "edition", "Edition", "", false, false },
	    { "profile", "Profile", "", false, false },
	    { "platform", "Platform", "", false, false } } },
	{ "Address",
	  NULL,
	  { { FORM_ADDRESSING, "How it gets its address", "", false, false },
	    { "address", "Static address", "10.0.0.7/24", false, false },
	    { "gateway", "Gateway", "10.0.0.1", false, false },
	    { "dns", "Name servers, one a line", "10.0.0.2", false, false } } },
	{ "Domain and remote access",
	  NULL,
	  { { "join", "Domain to join", "corp.example", false, false },
	    { "join-ou", "Organisational unit", "OU=Servers,DC=corp,DC=example", false,
	      false },
	    { "join-user", "Account that may join", "", false, false },
	    { "join-password", "Its password", "", false, false },
	    { "join-blob", "Offline join blob", "", false, false },
	    { "rdp", "Remote Desktop", "", false, false } } },
	{ "Agent",
	  NULL,
	  { { "agent", "Installer of the agent", "https://agent.example/setup.msi", false,
	      true },
	    { "agent-sha256", "Its SHA-256", "", false, true },
	    { "agent-arguments", "Its arguments", "/quiet", false, false } } },
	{ "Accounts",
	  "User, passwords, ssh keys",
	  { { "user", "User", "", false, false },
	    { "user-password", "Its password (Windows)", "", false, false },
	    { "password-hash", "Its password's hash (Linux)", "", false, false },
	    { "admin-password", "Administrator's password (Windows)", "", false, false },
	    { "ssh-key", "ssh keys, one a line", "ssh-ed25519 AAAA... me", false,
	      true } } },
	{ "Language and time",
	  "Locale, time zone, keyboard",
	  { { "locale", "Locale", "en_US.UTF-8", false, false },
	    { "timezone", "Time zone", "Europe/Vienna", false, false },
	    { "keyboard", "Keyboard", "de", false, false } } },
	{ "Disk and start",
	  "Disk rule, recovery partition, kernel arguments, transport",
	  { { "disk", "Disk rule", "only", false, false },
	    { "recovery", "Recovery partition", "", false, false },
	    { "arguments", "Kernel arguments", "", false, true },
	    { "transport", "Transport of the image", "http", false, false },
	    { "bypass", "Checks of Windows 11 to bypass, one a line", "tpm", false,
	      false } } },
	{ "Windows",
	  "Product key, roles, packages, commands",
	  { { "product-key", "Product key", "", false, false },
	    { "role", "Roles and features, one a line", "Web-Server", false, false },
	    { "package", "Packages, one a line", "", false, false },
	    { "command", "Commands at the first boot, one a line", "", false, true } } },
	{ "More",
	  "Serial number, UUID, a note and the rest",
	  { { "serial", "Serial number", "", false, false },
	    { "uuid", "SMBIOS UUID", "", false, false },
	    { "comment", "Comment", "", false, true } } },
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

enum form_many form_many(const char *name)
{
	const struct order_field *field = order_field_find(name);
	const struct setting_def *def = field ? NULL : setting_find(name);

	if (field)
		return field->traits & SETTING_LIST ? FORM_WORDS : FORM_ONE;
	return def && setting_is(def, SETTING_LIST) ? FORM_LINES : FORM_ONE;
}

static enum look look_of(const char *name)
{
	const struct order_field *field = order_field_find(name);
	const struct setting_def *def = setting_find(name);

	if (choices_are_all(name))
		return SELECT;
	if (field)
		return field->traits & SETTING_FLAG ? CHECK : LINE;
	if (def && setting_is(def, SETTING_SECRET))
		return SECRET;
	return form_many(name) == FORM_LINES ? AREA : LINE;
}

static const char *help_of(const char *name)
{
	const struct order_field *field = order_field_find(name);
	const struct setting_def *def = setting_find(name);

	if (strcmp(name, FORM_ADDRESSING) == 0)
		return "DHCP, or the static address beside it";
	return field ? field->help : def ? def->help : "";
}

/* ---- what a job has ---- */

bool form_is_offered(const char *name, const struct order *was)
{
	static const char *const of_new[] = { "mac", "uuid", "serial", "hold" };

	for (size_t i = 0; was && i < sizeof(of_new) / sizeof(of_new[0]); i++)
		if (strcmp(of_new[i], name) == 0)
			return false;
	return true;
}

static const char *had_setting(const struct order *was, const char *name)
{
	const struct setting_def *def = setting_find(name);
	const char *value = def ? was->settings.value[def - setting_defs] : NULL;

	return value ? value : "";
}

const char *form_had(const struct order *was, const char *name,
		     char out[static ORDER_VALUE])
{
	const struct order_field *field = order_field_find(name);

	if (strcmp(name, FORM_ADDRESSING) == 0)
		return *had_setting(was, "address") ? "static" : "dhcp";
	if (field)
		return field->give(was, out);
	return look_of(name) == SECRET ? "" : had_setting(was, name);
}

static const char *value_of(const struct page *page, const struct order *was,
			    const char *name, char out[static ORDER_VALUE])
{
	const char *said = url_field(&page->request->form, name);

	if (said || !was)
		return said ? said : "";
	return form_had(was, name, out);
}

/* ---- one field ---- */

static const char *complaint(const struct order *order, const char *name)
{
	for (size_t i = 0; order && i < order->notes; i++)
		if (!order->note[i].warning && strcmp(order->note[i].field, name) == 0)
			return order->note[i].sentence + order->note[i].why;
	return "";
}

static void put_look(struct view *item, enum look look)
{
	static const struct {
		const char *name;
		enum look look;
	} looks[] = {
		{ "line", LINE },     { "area", AREA },   { "select", SELECT },
		{ "secret", SECRET }, { "check", CHECK },
	};

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		view_flag(item, looks[i].name, look == looks[i].look);
}

static const char *placeholder(const struct place *place, const struct order *was)
{
	if (was && look_of(place->name) == SECRET && *had_setting(was, place->name))
		return "(unchanged)";
	return place->placeholder;
}

static void put_field(struct page *page, struct view *group, const struct place *place,
		      const struct order *order, const struct order *was)
{
	char had[ORDER_VALUE];
	const char *value = value_of(page, was, place->name, had);
	enum look look = look_of(place->name);
	struct view *item;

	if (!form_is_offered(place->name, was))
		return;
	item = view_item(group, "fields");
	view_text(item, "name", place->name);
	view_text(item, "label", place->label);
	view_text(item, "help", help_of(place->name));
	view_text(item, "placeholder", placeholder(place, was));
	view_text(item, "value", value);
	view_text(item, "bad", complaint(order, place->name));
	view_flag(item, "required", place->required);
	view_flag(item, "long", place->wide);
	view_flag(item, "checked", look == CHECK && *value);
	put_look(item, look);
	choices_put(page, item, place->name, value);
}

/* ---- groups ---- */

static bool is_placed(const char *name)
{
	for (size_t g = 0; g < GROUPS; g++)
		for (const struct place *p = groups[g].place; p->name; p++)
			if (strcmp(p->name, name) == 0)
				return true;
	return false;
}

static void put_rest_of(struct page *page, struct view *group, const char *name,
			const struct order *order, const struct order *was)
{
	const struct place place = { .name = name, .label = name, .placeholder = "" };

	if (!is_placed(name))
		put_field(page, group, &place, order, was);
}

/* What nobody has placed yet must not be missing. */
static void put_rest(struct page *page, struct view *group, const struct order *order,
		     const struct order *was)
{
	for (size_t i = 0; i < order_field_count; i++)
		put_rest_of(page, group, order_fields[i].name, order, was);
	for (size_t i = 0; i < setting_count; i++)
		put_rest_of(page, group, setting_defs[i].name, order, was);
}

/* A group with something in it, or something wrong in it, is open. */
static bool is_open(const struct page *page, const struct group *group,
		    const struct order *order, const struct order *was)
{
	char had[ORDER_VALUE];

	for (const struct place *p = group->place; p->name; p++)
		if (form_is_offered(p->name, was) &&
		    (*value_of(page, was, p->name, had) || *complaint(order, p->name)))
			return true;
	return group == &groups[GROUPS - 1] && order && order->refused;
}

static const char *summary_of(const struct group *group, const struct order *was)
{
	if (was && group == &groups[GROUPS - 1])
		return "A note and the rest";
	return group->summary ? group->summary : "";
}

void form_put(struct page *page, const struct order *order, const struct order *was)
{
	static const char *const group_fields[] = {
		"legend",      "closed",  "summary", "open",        "fields", "name",
		"label",       "help",    "value",   "placeholder", "bad",    "required",
		"long",        "checked", "line",    "area",        "select", "secret",
		"check",       "options", "option",  "chosen",      "shown",  "choices",
		"choices_any", "choice",  "about",   NULL
	};

	view_list(page->view, "groups", group_fields);
	for (size_t g = 0; g < GROUPS; g++) {
		struct view *group = view_item(page->view, "groups");

		view_text(group, "legend", groups[g].legend);
		view_flag(group, "closed", groups[g].summary);
		view_text(group, "summary", summary_of(&groups[g], was));
		view_flag(group, "open", is_open(page, &groups[g], order, was));
		view_list(group, "fields", group_fields + 5);
		for (const struct place *p = groups[g].place; p->name; p++)
			put_field(page, group, p, order, was);
		if (g == GROUPS - 1)
			put_rest(page, group, order, was);
	}
}
