#include "config.h"

#include "lib/serve/menu.h"

#include <stdio.h>
#include <stdlib.h>

static const struct image *load(const struct conf *conf, struct shelf *shelf,
				const struct conf_menu *entry,
				char why[static CATALOGUE_WHY])
{
	const struct image *image = shelf_image(shelf, conf->images, entry->image, why);
	const char *reason;

	if (!image || artefact_menu_fits(image, &reason))
		return image;
	snprintf(why, CATALOGUE_WHY, "image %s@%s %s", image->name, image->version,
		 reason);
	return NULL;
}

bool serve_menu_load(const struct conf *conf, const struct conf_asker *asker,
		     struct shelf *shelf, struct serve_menu *out,
		     void (*complain)(const char *why))
{
	char why[CATALOGUE_WHY], whole[CATALOGUE_WHY + 80];

	*out = (struct serve_menu){ 0 };
	out->entry = calloc(conf->menus + 1, sizeof(*out->entry));
	if (!shelf)
		shelf = out->own = shelf_new();
	if (!out->entry || !shelf)
		return false;
	for (size_t i = 0; i < conf->menus; i++) {
		const struct conf_menu *entry = &conf->menu[i];
		struct artefact_menu *next = &out->entry[out->entries];

		if (asker && !conf_menu_is_for(conf, entry, asker))
			continue;
		*next = (struct artefact_menu){ .entry = entry };
		if (*entry->image)
			next->image = load(conf, shelf, entry, why);
		if (!*entry->image || next->image) {
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
	shelf_free(menu->own);
	free(menu->entry);
	*menu = (struct serve_menu){ 0 };
}
