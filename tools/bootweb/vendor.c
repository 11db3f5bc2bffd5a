#include "tools/bootweb/vendor.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct oui *oui; /* set once */

static void load(void)
{
	oui = oui_load();
}

const char *vendor_of(const struct mac *mac, char out[static OUI_VENDOR])
{
	pthread_once(&once, load);
	return oui_vendor(oui, mac, out);
}
