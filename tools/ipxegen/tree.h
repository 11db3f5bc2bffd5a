/*
 * tree - every file of a site that a web or TFTP server could serve as it is.
 *
 *	boot.ipxe			for all
 *	boot/MAC.ipxe			for each address of a known machine
 *	j/TOKEN/NAME			for each job that is to be installed, but for
 *					what has a secret in it
 *	grub/grub.cfg[-01-MAC]		the same in GRUB's
 *	pxelinux.cfg/default, 01-MAC	and PXELINUX's words
 *
 * Errors  tree_fill() says on standard error what failed, goes on, and returns
 *         false in the end; what failed is not in the tree.
 * Memory  tree_free() frees all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/serve/serve.h"

struct leaf {
	char *path; /* relative */
	char *text;
	size_t len;
};

struct tree {
	struct leaf *leaf; /* by path, once filled */
	size_t leaves, size;
	bool whole; /* every machine was looked at */
};

bool tree_fill(struct tree *tree, struct serve *serve);
const struct leaf *tree_find(const struct tree *tree, const char *path);
void tree_free(struct tree *tree);
