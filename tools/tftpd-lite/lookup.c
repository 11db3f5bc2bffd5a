#include "config.h"

#include "tools/tftpd-lite/lookup.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tools/tftpd-lite/fold.h"

/* What the star stands for; without a star all must be the same. */
static bool fits(const char *pattern, const char *name, const char **star, size_t *len)
{
	size_t before = strcspn(pattern, "*"), have = strlen(name), after;

	*star = "";
	*len = 0;
	if (!pattern[before])
		return strcasecmp(pattern, name) == 0;
	after = strlen(pattern + before + 1);
	if (have < before + after || strncasecmp(pattern, name, before) != 0 ||
	    strcasecmp(pattern + before + 1, name + have - after) != 0)
		return false;
	*star = name + before;
	*len = have - before - after;
	return true;
}

static bool append(char out[static NAMES_PATH], size_t *used, const char *text,
		   size_t len)
{
	if (*used + len >= NAMES_PATH)
		return false;
	memcpy(out + *used, text, len);
	*used += len;
	out[*used] = '\0';
	return true;
}

/* Text for the letter behind a '%', NULL if it is not known. */
static const char *known(const struct lookup_asker *asker, char letter,
			 char mac[static MAC_TEXT])
{
	if (letter == 'n')
		return asker->network;
	if (letter != 'm' || !asker->mac)
		return NULL;
	mac_format(asker->mac, '-', mac);
	return mac;
}

bool lookup_alias(const struct conf_alias *alias, const struct lookup_asker *asker,
		  const char *name, char out[static NAMES_PATH])
{
	char made[NAMES_PATH] = "", mac[MAC_TEXT];
	const char *star, *text, *why;
	size_t used = 0, len;

	if (!fits(alias->pattern, name, &star, &len))
		return false;
	for (const char *p = alias->file; *p; p++) {
		bool good;

		if (*p == '*') {
			good = append(made, &used, star, len);
		} else if (*p == '%') {
			text = known(asker, *++p, mac);
			good = text && append(made, &used, text, strlen(text));
		} else {
			good = append(made, &used, p, 1);
		}
		if (!good)
			return false;
	}
	return names_map(made, out, &why);
}

/* One that is there but may not be served is no reason to serve another. */
static struct file *try(struct files *files, const char *folder, const char *name,
			char path[static NAMES_PATH], enum tftp_code *code)
{
	int len = snprintf(path, NAMES_PATH, "%s%s", folder, name);

	struct file *file;

	*code = TFTP_NOT_FOUND;
	if (len >= NAMES_PATH)
		return NULL;
	file = files_open(files, path, code);
	if (!file && *code == TFTP_NOT_FOUND && files->fold && fold_path(files, path))
		file = files_open(files, path, code);
	return file;
}

static struct file *try_all(struct files *files, const struct lookup_asker *asker,
			    const char *name, char path[static NAMES_PATH],
			    enum tftp_code *code)
{
	char folder[NAMES_PATH], mac[MAC_TEXT];
	struct file *file = NULL;

	*code = TFTP_NOT_FOUND;
	if (asker->mac) {
		mac_format(asker->mac, '-', mac);
		snprintf(folder, sizeof(folder), "@mac/%s/", mac);
		file = try(files, folder, name, path, code);
	}
	if (!file && *code == TFTP_NOT_FOUND && asker->network) {
		snprintf(folder, sizeof(folder), "@net/%s/", asker->network);
		file = try(files, folder, name, path, code);
	}
	if (!file && *code == TFTP_NOT_FOUND)
		file = try(files, "", name, path, code);
	return file;
}

static bool is_overlay(const char *name)
{
	size_t len = strcspn(name, "/");

	return len == 4 &&
	       (strncasecmp(name, "@mac", 4) == 0 || strncasecmp(name, "@net", 4) == 0);
}

struct file *lookup(struct files *files, const struct lookup_asker *asker,
		    char path[static NAMES_PATH], enum tftp_code *code)
{
	char name[NAMES_PATH], other[NAMES_PATH];
	struct file *file = NULL;

	*code = TFTP_NOT_FOUND;
	if (is_overlay(path))
		return NULL;
	memcpy(name, path, NAMES_PATH);
	for (size_t i = 0; asker->conf && i < asker->conf->aliases; i++) {
		if (!lookup_alias(&asker->conf->alias[i], asker, name, other))
			continue;
		file = try_all(files, asker, other, path, code);
		if (file || *code != TFTP_NOT_FOUND)
			return file;
	}
	return try_all(files, asker, name, path, code);
}
