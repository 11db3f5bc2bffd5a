/* conf_check FILE: reads a configuration as every tool does; exits 0 or 2. */
#include "config.h"

#include <err.h>

#include "lib/sys/conf.h"
#include "lib/sys/exits.h"

int main(int argc, char *argv[])
{
	struct conf *conf;

	if (argc != 2)
		errx(EXIT_MISUSE, "wants one file");
	conf = conf_load(argv[1]);
	conf_free(conf);
	return conf ? EXIT_DONE : EXIT_MISUSE;
}
