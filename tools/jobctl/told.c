#include "config.h"

#include "tools/jobctl/told.h"

#include <err.h>
#include <stdio.h>

#include "lib/core/object.h"
#include "lib/sys/print.h"
#include "tools/jobctl/jobctl.h"
#include "tools/jobctl/secret.h"

static void tell_secret(struct order *o, const struct setting_def *def, const char *path)
{
	char option[JOB_NAME], *value;

	snprintf(option, sizeof(option), "%s-file", def->name);
	value = secret_read(def->name, option, path);
	order_say(o, def->name, value);
	password_free(value);
}

bool told_option(struct order *o, int key, const char *value)
{
	const char *name = options_order_name(key);
	const struct setting_def *def = name ? setting_find(name) : NULL;

	if (!name)
		return false;
	if (def && setting_is(def, SETTING_SECRET))
		tell_secret(o, def, value);
	else
		order_say(o, name, value);
	return true;
}

void told_notes(const struct order *o)
{
	char safe[PRINT_SAFE];

	for (size_t i = 0; i < o->notes; i++)
		warnx("%s%s", o->note[i].warning ? "warning: " : "",
		      print_safe(o->note[i].sentence, safe, sizeof(safe)));
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
