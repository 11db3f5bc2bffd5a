#include "config.h"

#include "tools/jobctl/told.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/object.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/secret.h"

/* An option's own value, or what is in the file that a secret's option names. */
static char *value_of(const char *name, const char *value)
{
	const struct setting_def *def = setting_find(name);
	char option[JOB_NAME], *copy;

	if (def && setting_is(def, SETTING_SECRET) && *value) {
		snprintf(option, sizeof(option), "%s-file", name);
		return secret_read(name, option, value);
	}
	copy = strdup(value);
	if (!copy)
		err(EXIT_FAILED, "--%s", name);
	return copy;
}

bool told_option(struct order *o, int key, const char *value)
{
	const char *name = options_order_name(key);
	char *text;

	if (!name)
		return false;
	text = value ? value_of(name, value) : NULL;
	order_say(o, name, text);
	password_free(text);
	return true;
}

bool told_keep(struct told *told, int key, const char *value)
{
	const char *name = options_order_name(key);

	if (!name)
		return false;
	told->pair = realloc(told->pair, (told->count + 1) * sizeof(*told->pair));
	if (!told->pair)
		err(EXIT_FAILED, "--%s", name);
	told->pair[told->count++] =
		(struct told_pair){ name, value ? value_of(name, value) : NULL };
	return true;
}

void told_say(const struct told *told, struct order *o)
{
	for (size_t i = 0; i < told->count; i++)
		order_say(o, told->pair[i].name, told->pair[i].value);
}

void told_free(struct told *told)
{
	for (size_t i = 0; i < told->count; i++)
		password_free(told->pair[i].value);
	free(told->pair);
	*told = (struct told){ 0 };
}

void told_notes(const struct order *o)
{
	char safe[PRINT_SAFE];

	for (size_t i = 0; i < o->notes; i++)
		warnx("%s%s", o->note[i].warning ? "warning: " : "",
		      print_safe(o->note[i].sentence, safe, sizeof(safe)));
}

int told_result(const struct order *o, const struct order_site *site,
		enum store_result result)
{
	switch (result) {
	case STORE_DONE:
		return EXIT_DONE;
	case STORE_NO:
		return EXIT_NO;
	case STORE_BUSY:
		warnx("%s", store_why(site->store));
		return EXIT_BUSY;
	default:
		if (!o->refused)
			warnx("%s", store_why(site->store));
		return EXIT_FAILED;
	}
}

void told_build(struct jsonout *j, const struct order *o)
{
	jsonout_open(j, "job", '{');
	object_job(j, &o->job);
	jsonout_close(j, '}');
	jsonout_open(j, "settings", '{');
	object_settings(j, &o->settings);
	jsonout_close(j, '}');
	if (*o->made)
		jsonout_text(j, "admin_password", o->made);
}
