/*
 * conf_way - by which route a machine boots, and in which form it is answered.
 *
 * The first section machine that fits decides, then the platform, the network,
 * and the loader.
 *
 * Memory  the name in a struct conf_way is the configuration's.
 */
#pragma once

#include "lib/core/machine.h"
#include "lib/sys/conf.h"

/* What is known of a machine; product and manufacturer "" if nothing is. */
struct conf_asker {
	const struct mac *mac; /* NULL: none */
	const char *uuid;      /* canonical; NULL or "": none */
	const char *manufacturer, *product, *platform;
	const uint16_t *arch; /* as it names them, best first */
	size_t archs;
	const struct conf_network *network; /* NULL: none */
};

struct conf_way {
	enum boot_route route;
	enum boot_style style;            /* never STYLE_UNSAID */
	const char *machine;              /* the section that fits, or "" */
	const struct conf_loader *loader; /* NULL: there is none */
};

struct conf_way conf_way(const struct conf *conf, const struct conf_asker *asker);

/* Whether the asker is one of those that a section machine means. */
bool conf_machine_fits(const struct conf_machine *machine,
		       const struct conf_asker *asker);

/* Whether the asker is offered this entry: it is for all, or for a section that fits. */
bool conf_menu_is_for(const struct conf *conf, const struct conf_menu *menu,
		      const struct conf_asker *asker);

/* Whether some section machine asks for the maker or the product. */
bool conf_way_by_product(const struct conf *conf);
