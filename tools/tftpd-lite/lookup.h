/*
 * lookup - the file that a client means by a name.
 *
 * What is looked for, until something is there: what the aliases make of the name,
 * in their order, then the name itself; each of them below @mac/MAC, below
 * @net/NETWORK, and at last below the root.  Nobody reaches the folders @mac and
 * @net by asking for them.
 *
 * Errors  NULL and the code for the client.
 * Memory  as files_open().
 */
#pragma once

#include "lib/core/mac.h"
#include "lib/sys/conf.h"
#include "tools/tftpd-lite/files.h"
#include "tools/tftpd-lite/names.h"

/* Who asks; network and conf may be NULL. */
struct lookup_asker {
	const struct conf *conf;
	const struct mac *mac; /* NULL: not known */
	const char *network;   /* its name, NULL: none */
};

/*
 * What alias makes of name; false if it is about other names, or wants to know what
 * nobody does.
 */
bool lookup_alias(const struct conf_alias *alias, const struct lookup_asker *asker,
		  const char *name, char out[static NAMES_PATH]);

/* path as names_map() makes it; it becomes that of the file. */
struct file *lookup(struct files *files, const struct lookup_asker *asker,
		    char path[static NAMES_PATH], enum tftp_code *code);
