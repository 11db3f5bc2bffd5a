#include "lib/core/object.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/event.h"

void object_time(struct jsonout *j, const char *key, int64_t time_ms)
{
	char text[EVENT_TIME];

	if (!time_ms) {
		jsonout_null(j, key);
		return;
	}
	event_time_format(time_ms, text);
	jsonout_text(j, key, text);
}

static void object_mac(struct jsonout *j, const char *key, const struct mac *mac)
{
	static const struct mac none;
	char text[MAC_TEXT] = "";

	if (!mac_equal(mac, &none))
		mac_format(mac, ':', text);
	jsonout_text(j, key, text);
}

void object_job(struct jsonout *j, const struct job *job)
{
	jsonout_int(j, "id", job->id);
	jsonout_text(j, "state", job_state_name(job->state));
	jsonout_text(j, "image", job->image);
	jsonout_text(j, "hostname", job->hostname);
	object_mac(j, "mac", &job->mac);
	jsonout_int(j, "machine", job->machine);
	jsonout_int(j, "attempt", job->attempt);
	jsonout_int(j, "boots", job->boots);
	jsonout_bool(j, "stalled", job->stalled);
	if (job->left_ms < 0)
		jsonout_null(j, "left_ms");
	else
		jsonout_int(j, "left_ms", job->left_ms);
	jsonout_text(j, "platform", job->platform);
	jsonout_text(j, "profile", job->profile);
	jsonout_text(j, "network", job->network);
	jsonout_text(j, "step", job->step);
	jsonout_int(j, "step_n", job->step_n);
	jsonout_int(j, "step_of", job->step_of);
	jsonout_int(j, "percent", job->percent);
	jsonout_text(j, "text", job->text);
	jsonout_bool(j, "held", job->held);
	object_time(j, "not_before", job->not_before_ms);
	jsonout_text(j, "next", job->next ? job->next : "");
	object_time(j, "created", job->created_ms);
	object_time(j, "updated", job->updated_ms);
}

void object_machine(struct jsonout *j, const struct machine *m)
{
	jsonout_int(j, "id", m->id);
	object_mac(j, "mac", &m->mac);
	jsonout_text(j, "uuid", m->uuid);
	jsonout_text(j, "serial", m->serial);
	jsonout_text(j, "manufacturer", m->manufacturer);
	jsonout_text(j, "product", m->product);
	jsonout_text(j, "name", m->name);
	jsonout_text(j, "disposition", machine_disposition_name(m->disposition));
	if (m->arch < 0)
		jsonout_null(j, "arch");
	else
		jsonout_int(j, "arch", m->arch);
	jsonout_text(j, "address", m->address);
	jsonout_text(j, "network", m->network);
	object_time(j, "first_seen", m->first_seen_ms);
	object_time(j, "last_seen", m->last_seen_ms);
	jsonout_int(j, "seen", m->seen);
	object_time(j, "retired", m->retired_ms);
	jsonout_text(j, "next", machine_entry_name(m->next.entry));
}

void object_plan(struct jsonout *j, const struct plan *plan)
{
	jsonout_text(j, "action", plan_action_name(plan->action));
	jsonout_text(j, "rule", plan->rule);
	jsonout_text(j, "why", plan->why);
	if (plan->job)
		jsonout_int(j, "job", plan->job);
	else
		jsonout_null(j, "job");
}

static void list(struct jsonout *j, const char *name, const char *value)
{
	char item[JOB_TEXT];

	jsonout_open(j, name, '[');
	while (*value) {
		size_t len = strcspn(value, "\n");

		snprintf(item, sizeof(item), "%.*s", (int)len, value);
		jsonout_text(j, NULL, item);
		value += len + (value[len] == '\n');
	}
	jsonout_close(j, ']');
}

void object_settings(struct jsonout *j, const struct settings *settings)
{
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting_def *def = &setting_defs[i];
		const char *value = settings->value[i];

		if (!value || !*value)
			continue;
		if (setting_is(def, SETTING_SECRET))
			jsonout_bool(j, def->name, true);
		else if (setting_is(def, SETTING_FLAG))
			jsonout_bool(j, def->name, strcmp(value, "yes") == 0);
		else if (setting_is(def, SETTING_LIST))
			list(j, def->name, value);
		else
			jsonout_text(j, def->name, value);
	}
}
