#include "lib/core/route.h"

#include "lib/core/words.h"

static const char *const routes[ROUTES] = {
	[ROUTE_UNSAID] = "",
	[ROUTE_IPXE] = "ipxe",
	[ROUTE_IPXE_SHIM] = "ipxe-shim",
	[ROUTE_BOOTMGFW] = "bootmgfw",
	[ROUTE_SHIM_GRUB] = "shim-grub",
	[ROUTE_HTTP] = "http",
};

static const char *const styles[STYLES] = {
	[STYLE_UNSAID] = "",   [STYLE_DIRECT] = "direct", [STYLE_BINL] = "binl",
	[STYLE_MENU] = "menu", [STYLE_AUTO] = "auto",
};

const char *route_name(enum boot_route route)
{
	return route < ROUTES ? routes[route] : "";
}

bool route_parse(const char *name, enum boot_route *out)
{
	int i = words_find(routes, ROUTES, name);

	if (i <= ROUTE_UNSAID)
		return false;
	*out = (enum boot_route)i;
	return true;
}

const char *style_name(enum boot_style style)
{
	return style < STYLES ? styles[style] : "";
}

bool style_parse(const char *name, enum boot_style *out)
{
	int i = words_find(styles, STYLES, name);

	if (i <= STYLE_UNSAID)
		return false;
	*out = (enum boot_style)i;
	return true;
}
