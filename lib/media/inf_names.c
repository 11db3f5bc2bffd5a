#include "config.h"

#include "lib/media/inf_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static uint32_t hash(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		h = (h ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 16777619u;
	}
	return h;
}

/* The slot of this name, or the free one where it would be; there is always one. */
static uint32_t *slot_of(const struct inf_names *names, const char *text, size_t len)
{
	size_t mask = names->room * 2 - 1, at = hash(text, len) & mask;

	for (;; at = (at + 1) & mask) {
		const struct inf_name *name;

		if (names->slot[at] == INF_NONE)
			return &names->slot[at];
		name = &names->name[names->slot[at]];
		if (name->len == len && strncasecmp(name->text, text, len) == 0)
			return &names->slot[at];
	}
}

struct inf_name *inf_names_find(const struct inf_names *names, const char *text,
				size_t len)
{
	uint32_t *slot = names->room ? slot_of(names, text, len) : NULL;

	return slot && *slot != INF_NONE ? &names->name[*slot] : NULL;
}

static bool grow(struct inf_names *names)
{
	size_t room = names->room ? names->room * 2 : 64;
	struct inf_name *name = realloc(names->name, room * sizeof(*name));
	uint32_t *slot = malloc(room * 2 * sizeof(*slot));

	if (name)
		names->name = name;
	if (!name || !slot) {
		free(slot);
		return false;
	}
	free(names->slot);
	names->slot = slot;
	names->room = room;
	memset(slot, 0xff, room * 2 * sizeof(*slot));
	for (uint32_t i = 0; i < names->count; i++)
		*slot_of(names, name[i].text, name[i].len) = i;
	return true;
}

struct inf_name *inf_names_enter(struct inf_names *names, const char *text, size_t len)
{
	struct inf_name *known = inf_names_find(names, text, len);

	if (known)
		return known;
	if ((names->count == names->room && !grow(names)) || !names->name)
		return NULL;
	*slot_of(names, text, len) = (uint32_t)names->count;
	known = &names->name[names->count++];
	*known = (struct inf_name){
		.text = text, .len = (uint32_t)len, INF_NONE, INF_NONE
	};
	return known;
}

void inf_names_free(struct inf_names *names)
{
	free(names->name);
	free(names->slot);
}
