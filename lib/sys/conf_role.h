/*
 * conf_role - which rights pxekit.conf gives a person: the one door that
 * jobctl, the HTTP API and the dashboard go through.
 *
 * Source  lib/core/role.h has the roles that need no section.
 */
#pragma once

#include "lib/core/role.h"
#include "lib/sys/conf.h"

/* The rights of a role by its section, else by lib/core/role; 0 for neither. */
unsigned conf_role_rights(const struct conf *conf, const char *role);

/* Whether some section role names users or groups. */
bool conf_has_roles(const struct conf *conf);

/*
 * All that the roles of this user and of these groups give; no two roles take
 * anything from each other.
 */
unsigned conf_rights_of(const struct conf *conf, const char *user,
			const char *const groups[], size_t count);
