#include "config.h"

#include "lib/sys/conf_check.h"

#include <confuse.h>
#include <string.h>

#include "lib/core/image.h"
#include "lib/core/role.h"
#include "lib/sys/conf.h"

int conf_check_section(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);

	if (image_name_ok(cfg_title(sec)))
		return 0;
	cfg_error(cfg, "'%s' is no name for a %s", cfg_title(sec), opt->name);
	return -1;
}

int conf_check_loader(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const size_t most = sizeof(((struct conf_loader *)0)->arch) / sizeof(unsigned);

	if (conf_check_section(cfg, opt) < 0)
		return -1;
	if (cfg_size(sec, "arch") == 0 || !*cfg_getstr(sec, "file")) {
		cfg_error(cfg, "loader %s wants arch and file", cfg_title(sec));
		return -1;
	}
	if (cfg_size(sec, "arch") > most) {
		cfg_error(cfg, "loader %s has more than %zu arch", cfg_title(sec), most);
		return -1;
	}
	return 0;
}

int conf_check_machine(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const size_t most = sizeof(((struct conf_machine *)0)->arch) / sizeof(unsigned);

	if (conf_check_section(cfg, opt) < 0)
		return -1;
	if (cfg_size(sec, "mac") == 0 && cfg_size(sec, "uuid") == 0 &&
	    cfg_size(sec, "arch") == 0 && !*cfg_getstr(sec, "manufacturer") &&
	    !*cfg_getstr(sec, "product")) {
		cfg_error(cfg,
			  "machine %s wants mac, uuid, arch, manufacturer or product",
			  cfg_title(sec));
		return -1;
	}
	if (cfg_size(sec, "arch") > most) {
		cfg_error(cfg, "machine %s has more than %zu arch", cfg_title(sec), most);
		return -1;
	}
	return 0;
}

int conf_check_alias(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *name = cfg_getstr(sec, "name"), *file = cfg_getstr(sec, "file");

	if (conf_check_section(cfg, opt) < 0)
		return -1;
	if (!*name || !*file || strstr(file, "://")) {
		cfg_error(cfg, "alias %s wants name and file, which is no URL",
			  cfg_title(sec));
		return -1;
	}
	for (const char *p = strchr(file, '%'); p; p = strchr(p + 1, '%'))
		if (p[1] != 'm' && p[1] != 'n') {
			cfg_error(cfg, "alias %s: only %%m and %%n mean something",
				  cfg_title(sec));
			return -1;
		}
	if (strchr(file, '*') && !strchr(name, '*')) {
		cfg_error(cfg, "alias %s has a '*' in file and none in name",
			  cfg_title(sec));
		return -1;
	}
	return 0;
}

int conf_check_pack(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);

	if (conf_check_section(cfg, opt) < 0)
		return -1;
	if (!*cfg_getstr(sec, "folder")) {
		cfg_error(cfg, "driver-pack %s wants folder", cfg_title(sec));
		return -1;
	}
	if (!*cfg_getstr(sec, "manufacturer") && !*cfg_getstr(sec, "product")) {
		cfg_error(cfg, "driver-pack %s wants manufacturer or product",
			  cfg_title(sec));
		return -1;
	}
	return 0;
}

int conf_check_role(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);

	if (conf_check_section(cfg, opt) < 0)
		return -1;
	if (cfg_size(sec, "rights") > 0 || role_named(cfg_title(sec)))
		return 0;
	cfg_error(cfg, "role %s is none that pxekit knows, so it wants rights",
		  cfg_title(sec));
	return -1;
}

int conf_check_admin(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, 0);
	bool cert = *cfg_getstr(sec, "certificate"),
	     key = *cfg_getstr(sec, "certificate-key");

	if (cert != key) {
		cfg_error(cfg,
			  "admin wants both of certificate and certificate-key, or none");
		return -1;
	}
	if (*cfg_getstr(sec, "user-header"))
		return 0;
	if (*cfg_getstr(sec, "groups-header") || cfg_size(sec, "front") > 0) {
		cfg_error(cfg, "admin has groups-header or front, but no user-header");
		return -1;
	}
	return 0;
}

int conf_check_menu(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	bool image, url;

	if (conf_check_section(cfg, opt) < 0)
		return -1;
	image = *cfg_getstr(sec, "image");
	url = *cfg_getstr(sec, "url");
	if (image == url) {
		cfg_error(cfg, "menu %s wants one of image and url", cfg_title(sec));
		return -1;
	}
	if (url && *cfg_getstr(sec, "arguments")) {
		cfg_error(cfg, "menu %s has arguments, and nothing takes them by url",
			  cfg_title(sec));
		return -1;
	}
	return 0;
}
