/*
 * conf_check - what a whole section of pxekit.conf must have; libconfuse calls these
 * at its end.
 *
 * Errors  -1, and the complaint has gone where the reader's go.
 */
#pragma once

struct cfg_t;
struct cfg_opt_t;

int conf_check_section(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_loader(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_machine(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_alias(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_pack(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_role(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_admin(struct cfg_t *cfg, struct cfg_opt_t *opt);
int conf_check_menu(struct cfg_t *cfg, struct cfg_opt_t *opt);
