#include "config.h"

#include "lib/sys/conf_role.h"

#include <string.h>

static const struct conf_role *section(const struct conf *conf, const char *role)
{
	for (size_t i = 0; i < conf->roles; i++)
		if (strcmp(conf->role[i].name, role) == 0)
			return &conf->role[i];
	return NULL;
}

unsigned conf_role_rights(const struct conf *conf, const char *role)
{
	const struct conf_role *said = section(conf, role);
	const struct role *standard = role_named(role);

	if (said && said->rights)
		return said->rights;
	return standard ? standard->rights : 0;
}

bool conf_has_roles(const struct conf *conf)
{
	for (size_t i = 0; i < conf->roles; i++)
		if (conf->role[i].user.count > 0 || conf->role[i].group.count > 0)
			return true;
	return false;
}

static bool is_listed(const struct conf_words *words, const char *name)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->word[i], name) == 0)
			return true;
	return false;
}

static bool is_meant(const struct conf_role *role, const char *user,
		     const char *const groups[], size_t count)
{
	if (is_listed(&role->user, user))
		return true;
	for (size_t i = 0; i < count; i++)
		if (is_listed(&role->group, groups[i]))
			return true;
	return false;
}

unsigned conf_rights_of(const struct conf *conf, const char *user,
			const char *const groups[], size_t count)
{
	unsigned rights = 0;

	for (size_t i = 0; i < conf->roles; i++)
		if (is_meant(&conf->role[i], user, groups, count))
			rights |= conf_role_rights(conf, conf->role[i].name);
	return rights;
}
