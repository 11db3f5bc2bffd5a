#include "config.h"

#include "tools/ipxegen/publish.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/file.h"

#define LIST ".ipxegen"
#define LOCK ".ipxegen.lock"
#define LIST_MAX (64u << 20)

#define SUM_HEX (2 * crypto_hash_sha256_BYTES)

/* The paths of the list file, one by one; each behind its sum, as sha256sum writes it. */
struct list {
	char *text, **path;
	size_t paths;
};

enum change { CHANGE_NONE, CHANGE_ADD, CHANGE_REPLACE, CHANGE_FOREIGN };

/* A path of the list must stay below the folder, whoever wrote it. */
static bool is_below(const char *path)
{
	return *path && *path != '/' && strcmp(path, "..") != 0 &&
	       strncmp(path, "../", 3) != 0 && !strstr(path, "/../") &&
	       (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/..") != 0);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_free(struct list *list)
{
	free(list->text);
	free(list->path);
}

static bool list_split(struct list *list, size_t len)
{
	char *rest = list->text, *line;

	list->path = calloc(len / 2 + 1, sizeof(*list->path));
	if (!list->path)
		return false;
	while ((line = strsep(&rest, "\n")))
		if (strspn(line, "0123456789abcdef") == SUM_HEX &&
		    strncmp(line + SUM_HEX, "  ", 2) == 0 && is_below(line + SUM_HEX + 2))
			list->path[list->paths++] = line + SUM_HEX + 2;
	qsort(list->path, list->paths, sizeof(*list->path), by_name);
	return true;
}

/* A folder without list has none of our files. */
static bool list_read(struct list *list, const char *folder)
{
	char path[PATH_MAX];
	size_t len;

	*list = (struct list){ 0 };
	snprintf(path, sizeof(path), "%s/" LIST, folder);
	list->text = file_read(path, LIST_MAX, &len);
	if (!list->text && errno == ENOENT)
		return true;
	if (list->text && list_split(list, len))
		return true;
	warn("%s", path);
	list_free(list);
	return false;
}

static bool list_has(const struct list *list, const char *path)
{
	return list->paths &&
	       bsearch(&path, list->path, list->paths, sizeof(*list->path), by_name);
}

static enum change change_of(const struct leaf *leaf, const char *folder,
			     const struct list *list)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, leaf->path);
	if (lstat(path, &st) < 0)
		return CHANGE_ADD;
	if (file_holds(path, leaf->text, leaf->len))
		return CHANGE_NONE;
	return list_has(list, leaf->path) ? CHANGE_REPLACE : CHANGE_FOREIGN;
}

static bool is_stale(const struct tree *tree, const char *folder, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return tree->whole && !tree_find(tree, name) && lstat(path, &st) == 0;
}

/* Prints each change; returns how many there are. */
static size_t print_changes(const struct tree *tree, const char *folder,
			    const struct list *list)
{
	static const char *const words[] = {
		[CHANGE_ADD] = "add",
		[CHANGE_REPLACE] = "replace",
		[CHANGE_FOREIGN] = "foreign",
	};
	size_t n = 0;

	for (size_t i = 0; i < tree->leaves; i++) {
		enum change change = change_of(&tree->leaf[i], folder, list);

		if (change == CHANGE_NONE)
			continue;
		printf("%s %s\n", words[change], tree->leaf[i].path);
		n++;
	}
	for (size_t i = 0; i < list->paths; i++) {
		if (!is_stale(tree, folder, list->path[i]))
			continue;
		printf("remove %s\n", list->path[i]);
		n++;
	}
	return n;
}

int publish_diff(const struct tree *tree, const char *folder)
{
	struct list list;
	size_t changes;

	if (!list_read(&list, folder))
		return EXIT_FAILED;
	changes = print_changes(tree, folder, &list);
	list_free(&list);
	return changes ? EXIT_NO : EXIT_DONE;
}

static void put_leaf(FILE *f, const struct leaf *leaf)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char hex[SUM_HEX + 1];

	crypto_hash_sha256(sum, (const unsigned char *)leaf->text, leaf->len);
	sodium_bin2hex(hex, sizeof(hex), sum, sizeof(sum));
	fprintf(f, "%s  %s\n", hex, leaf->path);
}

/*
 * What we own from now on: the tree, and with `old` what it had before.  The list has
 * tokens in it, so that a server of these files must not be able to read it.
 */
static bool list_write(const struct tree *tree, const char *folder,
		       const struct list *old)
{
	char path[PATH_MAX], *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	bool ok = f != NULL;

	for (size_t i = 0; f && i < tree->leaves; i++)
		put_leaf(f, &tree->leaf[i]);
	for (size_t i = 0; f && old && i < old->paths; i++)
		if (!tree_find(tree, old->path[i]))
			fprintf(f, "%s\n", old->path[i] - SUM_HEX - 2);
	if (f && fclose(f) != 0)
		ok = false;
	snprintf(path, sizeof(path), "%s/" LIST, folder);
	if (ok && !file_holds(path, text, len))
		ok = file_replace(path, text, len, 0600) == 0;
	if (!ok)
		warn("%s", path);
	free(text);
	return ok;
}

/* The folders of a file; those of tokens may be entered but not listed. */
static bool make_folders(const char *folder, const char *name)
{
	char path[PATH_MAX];
	size_t base = strlen(folder);

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	for (char *p = path + base + 1; (p = strchr(p, '/')); p++) {
		bool secret = strncmp(path + base, "/j/", 3) == 0;

		*p = '\0';
		if (mkdir(path, secret ? 0711 : 0755) < 0 && errno != EEXIST) {
			warn("%s", path);
			return false;
		}
		*p = '/';
	}
	return true;
}

static bool write_leaf(const struct leaf *leaf, const char *folder,
		       const struct list *list)
{
	char path[PATH_MAX];

	if (change_of(leaf, folder, list) == CHANGE_NONE)
		return true;
	snprintf(path, sizeof(path), "%s/%s", folder, leaf->path);
	if (!make_folders(folder, leaf->path))
		return false;
	if (file_replace(path, leaf->text, leaf->len, 0644) == 0)
		return true;
	warn("%s", path);
	return false;
}

static bool is_script(const char *path)
{
	return strncmp(path, "j/", 2) != 0;
}

/* Scripts last, as they lead to the rest. */
static bool write_leaves(const struct tree *tree, const char *folder,
			 const struct list *list)
{
	bool ok = true;

	for (int script = 0; script <= 1; script++)
		for (size_t i = 0; i < tree->leaves; i++)
			if (is_script(tree->leaf[i].path) == script)
				ok &= write_leaf(&tree->leaf[i], folder, list);
	return ok;
}

/* The file, and the folders that are empty without it. */
static bool remove_file(const char *folder, const char *name)
{
	char path[PATH_MAX], *slash;
	size_t base = strlen(folder);

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR) {
		warn("%s", path);
		return false;
	}
	while ((slash = strrchr(path + base + 1, '/'))) {
		*slash = '\0';
		if (rmdir(path) < 0)
			break;
	}
	return true;
}

static bool remove_stale(const struct tree *tree, const char *folder,
			 const struct list *list)
{
	bool ok = true;

	for (int script = 1; script >= 0; script--)
		for (size_t i = 0; i < list->paths; i++)
			if (is_script(list->path[i]) == script &&
			    !tree_find(tree, list->path[i]))
				ok &= remove_file(folder, list->path[i]);
	return ok;
}

/* The lock's descriptor, which lasts as long as we do; else -1. */
static int lock(const char *folder)
{
	char path[PATH_MAX];
	int fd;

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return -1;
	snprintf(path, sizeof(path), "%s/" LOCK, folder);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 ? fd : -1;
}

/* The list names a file before it is made and until it is gone. */
static bool update(const struct tree *tree, const char *folder, const struct list *old)
{
	for (size_t i = 0; i < tree->leaves; i++)
		if (change_of(&tree->leaf[i], folder, old) == CHANGE_FOREIGN) {
			warnx("%s/%s: is not of our making; nothing was written", folder,
			      tree->leaf[i].path);
			return false;
		}
	if (!list_write(tree, folder, old) || !write_leaves(tree, folder, old))
		return false;
	/* Machines that could not be read from the database keep what they had. */
	if (!tree->whole)
		return true;
	return remove_stale(tree, folder, old) && list_write(tree, folder, NULL);
}

int publish(const struct tree *tree, const char *folder, bool dry_run)
{
	struct list old;
	bool ok = true;

	if (dry_run)
		return publish_diff(tree, folder) == EXIT_FAILED ? EXIT_FAILED
								 : EXIT_DONE;
	if (lock(folder) < 0) {
		warn("%s", folder);
		return errno == EWOULDBLOCK ? EXIT_BUSY : EXIT_FAILED;
	}
	if (!list_read(&old, folder))
		return EXIT_FAILED;
	ok = update(tree, folder, &old);
	list_free(&old);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
