/* A text is a whole configuration or it is refused; the next one is not spoilt. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sys/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void complete_or_abort(const struct conf *conf)
{
	if (!conf->site || !conf->database || !conf->user || conf->networks == 0 ||
	    !conf_loader_for(conf, 0))
		abort();
	for (size_t i = 0; i < conf->networks; i++)
		if (!conf->network[i].name || !conf->network[i].url ||
		    (conf->network[i].subnet & ~conf->network[i].mask))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static const char good[] = "site = good\nnetwork n { subnet = 10.0.0.0/8 }\n";
	struct conf *conf;

	if (!freopen("/dev/null", "w", stderr))
		abort();
	conf = conf_parse("fuzz", (const char *)octets, len);
	if (conf)
		complete_or_abort(conf);
	conf_free(conf);
	conf = conf_parse("good", good, strlen(good));
	if (!conf || strcmp(conf->site, "good") != 0)
		abort();
	conf_free(conf);
	return 0;
}
