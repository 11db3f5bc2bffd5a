/*
 * artefact - every text that a machine receives, by name.
 *
 * Rendering reads no clock and no database: the same facts give the same
 * octets.
 *
 * Errors  false and one sentence in why (template, line and reason).
 * Memory  artefact_render() allocates *out; the caller frees it.  Kept templates are
 *         bounded (those of more than ARTEFACT_KEPT octets are read each time) and for
 *         one thread at a time; artefact_kept_free().
 */
#pragma once

#include <limits.h>

#include "lib/core/image.h"
#include "lib/core/plan.h"
#include "lib/core/setting.h"
#include "lib/sys/conf.h"

#define ARTEFACT_WHY 512
#define ARTEFACT_KEPT (64 << 10)

/* An entry of the menus, and its image (NULL: it leads to a URL). */
struct artefact_menu {
	const struct conf_menu *entry;
	const struct image *image;
};

/*
 * Templates that were read before, as they were parsed: a file is read again as soon as
 * it is another or has changed.  NULL without memory.
 */
struct artefact_kept;
struct artefact_kept *artefact_kept_new(void);
void artefact_kept_free(struct artefact_kept *kept);

/* What a rendering rests on; pointers are borrowed. */
struct artefact_facts {
	const struct conf *conf;
	const struct conf_network *network; /* NULL: the site's defaults */
	const struct plan *plan;            /* NULL: nobody asked */
	const struct machine *machine;      /* NULL: nobody we know */
	const char *macs;      /* all of it, a blank between; NULL: as machine says */
	const struct job *job; /* NULL: none */
	const struct settings *settings;  /* of the job with its profile's; NULL: none */
	const struct image *image;        /* of the job; NULL without job */
	const char *token;                /* of the job's attempt; NULL without job */
	const char *smb_password;         /* of the site's share; NULL: none */
	const struct artefact_menu *menu; /* for an artefact that shows them */
	size_t menus;
	struct artefact_kept *kept; /* NULL: templates are read anew */
};

/* One row per artefact; a new one is a row and a template. */
struct artefact {
	const char *name, *template, *type, *help;
	unsigned kinds; /* 1u << IMAGE_... for each kind it is for; 0: it needs no job */
	bool secret;    /* given once for each attempt, see tools/bootweb/release.h */
	unsigned answers; /* 1u << IMAGE_... if only what reads such answers gets it */
};

/* False, and why in the words of a refusal, if no menu can start such an image. */
bool artefact_menu_fits(const struct image *image, const char **why);

extern const struct artefact artefacts[];
extern const size_t artefact_count;
const struct artefact *artefact_find(const char *name);
bool artefact_has_menu(const struct artefact *which);

/* The script that carries out a plan; image may be NULL; NULL if there is none. */
const struct artefact *artefact_for(const struct plan *plan, const struct image *image);

/* Where its template is; false if it cannot be read. */
bool artefact_template(const struct conf *conf, const struct artefact *which,
		       char path[static PATH_MAX]);

/*
 * Templates are looked up in the admin's folder, then in $PXEKIT_TEMPLATES or,
 * if that is not set, where make install put them.  *secret says whether a secret,
 * the hash of one, or the mask of either stands in the text.
 */
bool artefact_render(const struct artefact_facts *facts, const struct artefact *which,
		     char **out, size_t *len, bool *secret,
		     char why[static ARTEFACT_WHY]);
