/* Orders as JSON: an import's line, or the body of a request. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/order_inside.h"

static bool say_list(struct order *o, const char *name, const json_t *list)
{
	bool good = true;

	if (!json_array_size(list))
		return !o->was || order_say(o, name, "");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (json_is_string(item))
			good = order_say(o, name, json_string_value(item)) && good;
		else
			good = order_complain(o, name, "", "wants a list of strings");
	}
	return good;
}

/* null is what is not said; of a job that is changed, what is taken back. */
static bool say_member(struct order *o, const char *name, const json_t *value)
{
	if (json_is_string(value))
		return order_say(o, name, json_string_value(value));
	if (json_is_boolean(value))
		return order_say(o, name, json_is_true(value) ? "yes" : "no");
	if (json_is_array(value))
		return say_list(o, name, value);
	if (json_is_null(value))
		return !o->was || order_say(o, name, "");
	return order_complain(o, name, "",
			      "wants a string, a list of strings or a boolean");
}

bool order_json(struct order *o, const char *text, size_t len)
{
	json_error_t error;
	json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	char sentence[sizeof(error.text) + 32];

	if (!object) {
		snprintf(sentence, sizeof(sentence), "is no JSON: %s", error.text);
		return order_complain_so(o, "", sentence);
	}
	if (!json_is_object(object))
		order_complain_so(o, "", "is no JSON object");
	for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m))
		say_member(o, json_object_iter_key(m), json_object_iter_value(m));
	json_decref(object);
	return !o->refused;
}
