#include "config.h"

#include "lib/serve/menu.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/media/catalogue.h"

static bool load(const struct conf *conf, const struct conf_menu *entry,
		 struct image *image, char why[static CATALOGUE_WHY])
{
	const char *reason;

	if (!catalogue_load(conf->images, entry->image, image, why))
		return false;
	if (artefact_menu_fits(image, &reason))
		return true;
	snprintf(why, CATALOGUE_WHY, "image %s@%s %s", image->name, image->version,
		 reason);
	image_free(image);
	*image = (struct image){ 0 };
	return false;
}

bool serve_menu_load(const struct conf *conf, struct serve_menu *out,
		     void (*complain)(const char *why))
{
	char why[CATALOGUE_WHY], whole[CATALOGUE_WHY + 80];

	*out = (struct serve_menu){ .images = conf->menus };
	out->entry = calloc(conf->menus + 1, sizeof(*out->entry));
	out->image = calloc(conf->menus + 1, sizeof(*out->image));
	if (!out->entry || !out->image)
		return false;
	for (size_t i = 0; i < conf->menus; i++) {
		const struct conf_menu *entry = &conf->menu[i];
		struct artefact_menu *next = &out->entry[out->entries];

		*next = (struct artefact_menu){ .entry = entry };
		if (!*entry->image) {
			out->entries++;
		} else if (load(conf, entry, &out->image[i], why)) {
			next->image = &out->image[i];
			out->entries++;
		} else if (complain) {
			snprintf(whole, sizeof(whole), "menu %.60s: %s", entry->name,
				 why);
			complain(whole);
		}
	}
	return true;
}

void serve_menu_free(struct serve_menu *menu)
{
	for (size_t i = 0; menu->image && i < menu->images; i++)
		image_free(&menu->image[i]);
	free(menu->image);
	free(menu->entry);
	*menu = (struct serve_menu){ 0 };
}
