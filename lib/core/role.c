#include "lib/core/role.h"

#include <stdio.h>
#include <string.h>

const struct role roles[ROLES] = {
	{ "viewer", ROLE_VIEW },
	{ "operator", ROLE_VIEW | ROLE_QUEUE },
	{ "editor", ROLE_VIEW | ROLE_EDIT },
	{ "auditor", ROLE_VIEW | ROLE_AUDIT },
	{ "admin", ROLE_ALL },
};

static const struct {
	const char *name;
	enum role_right right;
} rights_known[] = {
	{ "view", ROLE_VIEW },   { "queue", ROLE_QUEUE }, { "edit", ROLE_EDIT },
	{ "audit", ROLE_AUDIT }, { "admin", ROLE_ADMIN },
};

#define RIGHTS (sizeof(rights_known) / sizeof(rights_known[0]))

const struct role *role_named(const char *name)
{
	for (size_t i = 0; i < ROLES; i++)
		if (strcmp(roles[i].name, name) == 0)
			return &roles[i];
	return NULL;
}

bool role_right_parse(const char *name, unsigned *right)
{
	for (size_t i = 0; i < RIGHTS; i++) {
		if (strcmp(rights_known[i].name, name) != 0)
			continue;
		*right = rights_known[i].right;
		return true;
	}
	return false;
}

const char *role_right_name(enum role_right right)
{
	for (size_t i = 0; i < RIGHTS; i++)
		if (rights_known[i].right == right)
			return rights_known[i].name;
	return "nothing";
}

void role_rights_format(unsigned rights, char out[static ROLE_TEXT])
{
	size_t len = 0;

	snprintf(out, ROLE_TEXT, "nothing");
	for (size_t i = 0; i < RIGHTS && len < ROLE_TEXT; i++)
		if (rights & rights_known[i].right)
			len += (size_t)snprintf(out + len, ROLE_TEXT - len, "%s%s",
						len ? ", " : "", rights_known[i].name);
}
