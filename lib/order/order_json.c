/* Orders as JSON: an import's line, or the body of a request. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/order/order_inside.h"

static bool say_value(struct order *o, const char *name, const json_t *value)
{
	char number[24];

	if (json_is_string(value))
		return order_say(o, name, json_string_value(value));
	if (json_is_boolean(value))
		return order_say(o, name, json_is_true(value) ? "yes" : "no");
	if (!json_is_integer(value))
		return order_complain(
			o, name, "",
			"wants a string, a whole number, a boolean or a list of these");
	snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
	return order_say(o, name, number);
}

/* null is what is not said; of a job that is changed, what is taken back. */
static bool say_member(struct order *o, const char *name, const json_t *value)
{
	bool good = true;

	if (json_is_null(value) || (json_is_array(value) && !json_array_size(value)))
		return !o->was || order_say(o, name, "");
	if (!json_is_array(value))
		return say_value(o, name, value);
	for (size_t i = 0; i < json_array_size(value); i++)
		good = say_value(o, name, json_array_get(value, i)) && good;
	return good;
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
