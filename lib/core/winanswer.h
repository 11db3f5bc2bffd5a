/*
 * winanswer - what a job says, as a Windows answer file says it.
 *
 * Each value has the name that templates use; pxekit-templates(5) lists them.  What was
 * not asked for is "".
 *
 * Errors  false: there is no memory, and nothing to free.
 * Memory  the texts are the caller's, each to be freed by free().
 * Source  Microsoft's answer file reference; how it hides a password is what Windows
 *         System Image Manager writes (base64 of UTF-16LE, with the element's name).
 */
#pragma once

#include "lib/core/image.h"
#include "lib/core/machine.h"
#include "lib/core/setting.h"

#define WINANSWER_VALUES 28

struct winanswer {
	struct {
		const char *name;
		char *text;
	} value[WINANSWER_VALUES];
	size_t values;
};

/* hostname "": one is made of the address.  Of settings each may be unsaid. */
bool winanswer_fill(struct winanswer *answer, const struct settings *settings,
		    const struct image *image, const struct mac *mac,
		    const char *hostname);

/* A password that nobody reads over a shoulder; element is AdministratorPassword or
 * Password.  NULL: no memory, or it is not UTF-8. */
char *winanswer_hide(const char *password, const char *element);
