#include "config.h"

#include "tools/wimprep/pack.h"

#include <err.h>

#include "lib/sys/exits.h"

bool pack_wanted(const struct pack_wish *wish)
{
	return wish->name || wish->manufacturer || wish->product;
}

const struct conf_pack *pack_find(const struct conf *conf, const struct pack_wish *wish)
{
	const char *maker = wish->manufacturer ? wish->manufacturer : "";
	const char *product = wish->product ? wish->product : "";
	const struct conf_pack *pack;

	if (wish->name && (wish->manufacturer || wish->product))
		errx(EXIT_MISUSE, "--pack names one, --manufacturer and --product look "
				  "for it: give either");
	pack = wish->name ? conf_pack_named(conf, wish->name)
			  : conf_pack_for(conf, maker, product);
	if (!pack && wish->name)
		errx(EXIT_MISUSE, "pxekit.conf has no driver-pack %s", wish->name);
	if (!pack)
		errx(EXIT_NO,
		     "pxekit.conf has no driver-pack for manufacturer '%s', "
		     "product '%s'",
		     maker, product);
	return pack;
}
