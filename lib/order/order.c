#include "config.h"

#include "lib/order/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/seal.h"
#include "lib/media/catalogue.h"
#include "lib/order/order_inside.h"

#define SHOWN 100 /* octets of a value that a sentence repeats */

/* ---- notes ---- */

static struct order_note *add_note(struct order *o, const char *field, bool warning)
{
	struct order_note *all =
		realloc(o->note, (o->notes + 1) * sizeof(struct order_note));
	struct order_note *note;

	if (!warning)
		o->refused = true;
	if (!all)
		return NULL;
	o->note = all;
	note = &all[o->notes++];
	*note = (struct order_note){ .warning = warning };
	snprintf(note->field, sizeof(note->field), "%s", field);
	return note;
}

static void put_option(struct order_note *note, const char *field, const char *value)
{
	const struct setting_def *def = setting_find(field);
	int len;

	if (def && setting_is(def, SETTING_SECRET))
		len = snprintf(note->sentence, ORDER_SENTENCE, "--%s (secret): ", field);
	else
		len = snprintf(note->sentence, ORDER_SENTENCE, "--%.*s%s%.*s%s: ", SHOWN,
			       field, *value ? " " : "", SHOWN, value,
			       strlen(value) > SHOWN ? "..." : "");
	note->why = (size_t)len;
}

bool order_complain(struct order *o, const char *field, const char *value,
		    const char *why)
{
	struct order_note *note = add_note(o, field, false);

	if (!note)
		return false;
	put_option(note, field, value);
	snprintf(note->sentence + note->why, ORDER_SENTENCE - note->why, "%s", why);
	return false;
}

/* --user-password-file is the option of user-password. */
static void find_field(struct order_note *note)
{
	size_t len = strcspn(note->sentence + 2, " :,");
	const char *colon = strstr(note->sentence, ": ");

	if (len > 5 && strncmp(note->sentence + 2 + len - 5, "-file", 5) == 0)
		len -= 5;
	snprintf(note->field, sizeof(note->field), "%.*s", (int)len, note->sentence + 2);
	if (colon)
		note->why = (size_t)(colon + 2 - note->sentence);
}

static void put_sentence(struct order_note *note, const char *sentence)
{
	if (!note)
		return;
	snprintf(note->sentence, ORDER_SENTENCE, "%s", sentence);
	if (strncmp(sentence, "--", 2) == 0)
		find_field(note);
}

bool order_complain_so(struct order *o, const char *field, const char *sentence)
{
	put_sentence(add_note(o, field, false), sentence);
	return false;
}

void order_warn(struct order *o, const char *field, const char *sentence)
{
	put_sentence(add_note(o, field, true), sentence);
}

/* ---- what is said ---- */

/* Gives the value back, for the caller to see whether there is one. */
static const char *take_back(struct order *o, const struct setting_def *def,
			     const char *value)
{
	bool *said = &o->was->said[def - setting_defs];

	if (!*said || !*value)
		order_unsay(o, def);
	*said = true;
	return value;
}

/* It is opened, and checked, by order_settle(). */
static bool comes_sealed(const struct order *o, const struct setting_def *def,
			 const char *value)
{
	return o->sealed && setting_is(def, SETTING_SECRET) && seal_is_sealed(value);
}

static bool say_setting(struct order *o, const struct setting_def *def, const char *value)
{
	char why[SETTING_WHY];

	if (!value && !setting_is(def, SETTING_FLAG))
		return order_complain(o, def->name, "", "wants a value");
	value = value ? value : "yes";
	if (o->was && *take_back(o, def, value) == '\0')
		return true;
	if (!comes_sealed(o, def, value) && !setting_check(def->name, value, why))
		return order_complain(o, def->name, value, why);
	if (!settings_set(&o->settings, def->name, value))
		return order_complain(o, def->name, "", "there is no memory for it");
	return true;
}

bool order_say(struct order *o, const char *name, const char *value)
{
	const struct order_field *field = order_field_find(name);
	const struct setting_def *def = field ? NULL : setting_find(name);
	char why[SETTING_WHY];

	if (def)
		return say_setting(o, def, value);
	if (!field)
		return order_complain(o, name, "", "is no option of a job");
	if (!value && !(field->traits & SETTING_FLAG))
		return order_complain(o, name, "", "wants a value");
	value = value ? value : "yes";
	return field->take(o, value, why) || order_complain(o, name, value, why);
}

void order_unsay(struct order *o, const struct setting_def *def)
{
	char **place = &o->settings.value[def - setting_defs];

	if (*place)
		explicit_bzero(*place, strlen(*place));
	free(*place);
	*place = NULL;
}

static void wipe(struct settings *s)
{
	for (size_t i = 0; i < setting_count; i++)
		if (setting_is(&setting_defs[i], SETTING_SECRET) && s->value[i])
			explicit_bzero(s->value[i], strlen(s->value[i]));
	settings_free(s);
}

void order_free(struct order *o)
{
	wipe(&o->settings);
	if (o->was)
		wipe(&o->was->settings);
	free(o->was);
	o->was = NULL;
	explicit_bzero(o->made, sizeof(o->made));
	free(o->note);
	o->note = NULL;
	o->notes = 0;
}

/* ---- the site ---- */

const struct image *order_image_of(struct order *o, struct order_site *site,
				   const char *reference)
{
	char why[CATALOGUE_WHY];
	struct order_image *place;

	for (size_t i = 0; i < ORDER_IMAGES; i++)
		if (strcmp(site->image[i].reference, reference) == 0)
			return &site->image[i].image;
	place = &site->image[site->images++ % ORDER_IMAGES];
	image_free(&place->image);
	*place = (struct order_image){ 0 };
	if (!catalogue_load(site->conf->images, reference, &place->image, why)) {
		order_complain(o, "image", o->image, why);
		return NULL;
	}
	snprintf(place->reference, sizeof(place->reference), "%s", reference);
	return &place->image;
}

void order_site_end(struct order_site *site)
{
	for (size_t i = 0; i < ORDER_IMAGES; i++)
		image_free(&site->image[i].image);
	explicit_bzero(&site->key, sizeof(site->key));
	*site = (struct order_site){ 0 };
}
