/* Templates: where they are, and those that were parsed before. */
#include "config.h"

#include "lib/render/artefact_find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/context.h"
#include "lib/sys/file.h"

#define TEMPLATE_MAX (1u << 20)
#define FOLDERS 2

struct place {
	char *path;
	struct file_mark mark;
	struct template *template;
	unsigned parts;
};

struct artefact_kept {
	struct place *place; /* by the row of artefacts[] */
};

struct artefact_kept *artefact_kept_new(void)
{
	struct artefact_kept *kept = calloc(1, sizeof(*kept));

	if (!kept)
		return NULL;
	kept->place = calloc(artefact_count, sizeof(*kept->place));
	if (kept->place)
		return kept;
	free(kept);
	return NULL;
}

static void clear(struct place *place)
{
	template_free(place->template);
	free(place->path);
	*place = (struct place){ 0 };
}

void artefact_kept_free(struct artefact_kept *kept)
{
	if (!kept)
		return;
	for (size_t i = 0; i < artefact_count; i++)
		clear(&kept->place[i]);
	free(kept->place);
	free(kept);
}

/* The admin's folder, if there is one, then ours. */
static size_t folders(const struct conf *conf, const char *out[static FOLDERS])
{
	const char *ours = getenv("PXEKIT_TEMPLATES");
	size_t n = 0;

	if (conf->templates && *conf->templates)
		out[n++] = conf->templates;
	out[n++] = ours && *ours ? ours : PXEKIT_DATADIR "/templates";
	return n;
}

/* One that is there but cannot be read is no reason to use another. */
static bool is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

/*
 * Where the template is, and its text unless it still is what the place has.  False with
 * errno if it cannot be read.
 */
static bool find(const struct conf *conf, const struct artefact *which,
		 struct place *place, char path[static PATH_MAX], char **text,
		 size_t *len, struct file_mark *mark)
{
	const char *folder[FOLDERS];
	size_t count = folders(conf, folder);

	*text = NULL;
	for (size_t i = 0; i < count; i++) {
		snprintf(path, PATH_MAX, "%s/%s", folder[i], which->template);
		if (place && place->path && strcmp(place->path, path) == 0 &&
		    file_unchanged(path, &place->mark) == 1)
			return true;
		*text = file_read_marked(path, TEMPLATE_MAX, len, mark);
		if (*text)
			return true;
		if (!is_missing(errno))
			return false;
	}
	return false;
}

bool artefact_template(const struct conf *conf, const struct artefact *which,
		       char path[static PATH_MAX])
{
	struct file_mark mark;
	size_t len;
	char *text;
	bool found = find(conf, which, NULL, path, &text, &len, &mark);

	free(text);
	return found;
}

/* Takes the template over, if it may be kept. */
static void keep(struct place *place, const char *path, size_t len,
		 const struct file_mark *mark, const struct artefact_facts *facts,
		 struct artefact_found *found)
{
	char *copy;

	clear(place);
	if (!mark->settled || len > ARTEFACT_KEPT || !(copy = strdup(path)))
		return;
	found->parts = context_parts_of(found->template, facts);
	found->kept = true;
	*place = (struct place){
		.path = copy,
		.mark = *mark,
		.template = found->template,
		.parts = found->parts,
	};
}

bool artefact_find_template(const struct artefact_facts *facts,
			    const struct artefact *which, struct artefact_found *out,
			    char why[static ARTEFACT_WHY])
{
	struct place *place = facts->kept ? &facts->kept->place[which - artefacts] : NULL;
	char path[PATH_MAX], *text;
	struct file_mark mark;
	size_t len;

	*out = (struct artefact_found){ 0 };
	if (!find(facts->conf, which, place, path, &text, &len, &mark)) {
		snprintf(why, ARTEFACT_WHY, "%.300s: %s", path, strerror(errno));
		return false;
	}
	if (!text) {
		*out = (struct artefact_found){ .template = place->template,
						.parts = place->parts,
						.kept = true };
		return true;
	}
	out->template = template_parse(path, text, len, why);
	free(text);
	if (!out->template)
		return false;
	out->parts = CONTEXT_ALL;
	if (place)
		keep(place, path, len, &mark, facts, out);
	return true;
}

void artefact_found_free(struct artefact_found *found)
{
	if (!found->kept)
		template_free(found->template);
}
