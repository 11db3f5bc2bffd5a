#include "config.h"

#include "tools/ipxegen/tree.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/artefact.h"
#include "lib/sys/exits.h"

#define MACS_MAX 32 /* of one machine */

static void add(struct tree *tree, char *path, struct serve_answer *answer)
{
	if (tree->leaves == tree->size) {
		tree->size = tree->size ? 2 * tree->size : 64;
		tree->leaf = reallocarray(tree->leaf, tree->size, sizeof(*tree->leaf));
		if (!tree->leaf)
			err(EXIT_FAILED, "the tree");
	}
	tree->leaf[tree->leaves++] =
		(struct leaf){ .path = path, .text = answer->text, .len = answer->len };
	answer->text = NULL;
}

/* Takes the text over if there is one; false if there should be. */
__attribute__((format(printf, 5, 6))) static bool
take(struct tree *tree, enum serve_result result, struct serve_answer *answer,
     const char *why, const char *format, ...)
{
	va_list args;
	char *path;
	int n;

	va_start(args, format);
	n = vasprintf(&path, format, args);
	va_end(args);
	if (n < 0)
		err(EXIT_FAILED, "the tree");
	if (result == SERVE_OK && answer->secret) {
		if (strncmp(path, "j/", 2) != 0)
			warnx("%s: has a secret in it and is left out", path);
		free(path);
		return true;
	}
	if (result == SERVE_OK) {
		add(tree, path, answer);
		return true;
	}
	if (result != SERVE_NO_SUCH)
		warnx("%s: %s", path, why);
	free(path);
	return result == SERVE_NO_SUCH;
}

static bool fill_common(struct tree *tree, struct serve *serve)
{
	static const struct {
		const char *name, *path;
	} common[] = {
		{ "boot.ipxe", "boot.ipxe" },
		{ "grub.cfg", "grub/grub.cfg" },
		{ "pxelinux.cfg", "pxelinux.cfg/default" },
	};
	struct serve_answer answer;
	enum serve_result result;
	char why[SERVE_WHY];
	bool ok = true;

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		result = serve_artefact(serve, NULL, NULL, common[i].name, &answer, why);
		ok &= take(tree, result, &answer, why, "%s", common[i].path);
		serve_answer_free(&answer);
	}
	return ok;
}

/* All that the job of this machine has besides its script. */
static bool fill_job(struct tree *tree, struct serve *serve,
		     const struct machine_key *key, const struct attempt *attempt)
{
	struct serve_answer answer;
	enum serve_result result;
	char token[TOKEN_TEXT], why[SERVE_WHY];
	bool ok = true;

	token_make(&serve->key, attempt->id, attempt->nonce, token);
	for (size_t i = 0; i < artefact_count; i++) {
		if (!artefacts[i].kinds)
			continue;
		result =
			serve_artefact(serve, key, NULL, artefacts[i].name, &answer, why);
		ok &= take(tree, result, &answer, why, "j/%s/%s", token,
			   artefacts[i].name);
		serve_answer_free(&answer);
	}
	return ok;
}

static bool fill_menus(struct tree *tree, struct serve *serve,
		       const struct machine_key *key, const char *mac)
{
	struct serve_answer answer;
	enum serve_result result;
	char why[SERVE_WHY];
	bool ok;

	result = serve_artefact(serve, key, NULL, "grub.cfg", &answer, why);
	ok = take(tree, result, &answer, why, "grub/grub.cfg-01-%s", mac);
	serve_answer_free(&answer);
	result = serve_artefact(serve, key, NULL, "pxelinux.cfg", &answer, why);
	ok &= take(tree, result, &answer, why, "pxelinux.cfg/01-%s", mac);
	serve_answer_free(&answer);
	return ok;
}

/* One address of a machine. */
static bool fill_mac(struct tree *tree, struct serve *serve, const struct mac *mac,
		     bool first)
{
	const struct machine_key key = { .mac = *mac, .has_mac = true };
	struct serve_answer answer;
	enum serve_result result;
	char why[SERVE_WHY], hyphens[MAC_TEXT];
	bool ok, install;

	mac_format(mac, '-', hyphens);
	result = serve_plan(serve, &key, NULL, &answer, why);
	install = result == SERVE_OK && answer.plan.action == PLAN_INSTALL;
	ok = take(tree, result, &answer, why, "boot/%s.ipxe", hyphens);
	if (install && first)
		ok &= fill_job(tree, serve, &key, &answer.attempt);
	if (install)
		ok &= fill_menus(tree, serve, &key, hyphens);
	serve_answer_free(&answer);
	return ok;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct leaf *)a)->path, ((const struct leaf *)b)->path);
}

bool tree_fill(struct tree *tree, struct serve *serve)
{
	const struct machine_filter all = { 0 };
	struct store_list *list;
	struct machine machine;
	struct mac mac[MACS_MAX];
	bool ok = fill_common(tree, serve);

	list = store_machines(serve->store, &all);
	if (!list) {
		warnx("%s", store_why(serve->store));
		return false;
	}
	while (store_next_machine(list, &machine)) {
		size_t n = store_machine_macs(serve->store, machine.id, mac, MACS_MAX);

		for (size_t i = 0; i < n; i++)
			ok &= fill_mac(tree, serve, &mac[i], i == 0);
	}
	tree->whole = store_list_end(list) == STORE_DONE;
	if (!tree->whole)
		warnx("%s", store_why(serve->store));
	if (tree->leaves)
		qsort(tree->leaf, tree->leaves, sizeof(*tree->leaf), by_path);
	return ok && tree->whole;
}

const struct leaf *tree_find(const struct tree *tree, const char *path)
{
	const union {
		const char *in;
		char *out;
	} name = { path };
	const struct leaf wanted = { .path = name.out };

	if (!tree->leaves)
		return NULL;
	return bsearch(&wanted, tree->leaf, tree->leaves, sizeof(wanted), by_path);
}

void tree_free(struct tree *tree)
{
	for (size_t i = 0; i < tree->leaves; i++) {
		free(tree->leaf[i].path);
		free(tree->leaf[i].text);
	}
	free(tree->leaf);
	*tree = (struct tree){ 0 };
}
