#include "config.h"

#include "tools/imgctl/overview.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"

static int64_t size_of(const struct image *image)
{
	int64_t size = 0;

	for (size_t i = 0; i < image->files; i++) {
		if (image->file[i].size < 0)
			return -1;
		if (__builtin_add_overflow(size, image->file[i].size, &size))
			return -1;
	}
	return size;
}

void overview_of(struct imgctl *ctl, const struct catalogue_entry *entry,
		 struct overview *out)
{
	const char *images = imgctl_images(ctl);
	char reference[2 * JOB_NAME];

	*out = (struct overview){ .entry = entry, .size = -1 };
	snprintf(reference, sizeof(reference), "%s@%s", entry->name, entry->version);
	out->good = catalogue_load(images, reference, &out->image, out->why);
	if (out->good)
		out->size = size_of(&out->image);
	verify_recall(images, entry->name, entry->version, &out->verified);
}

void overview_done(struct overview *o)
{
	image_free(&o->image);
}

void overview_list(struct imgctl *ctl, const char *name, struct catalogue_list *out)
{
	char why[CATALOGUE_WHY];
	const char *images = imgctl_images(ctl);

	/* A new site has no folder of images yet. */
	if (!name && access(images, F_OK) < 0 && errno == ENOENT) {
		*out = (struct catalogue_list){ 0 };
		return;
	}
	if (!catalogue_list(images, name, out, why))
		errx(EXIT_FAILED, "%s", why);
}

void overview_json(struct jsonout *j, const struct overview *o)
{
	jsonout_text(j, "name", o->entry->name);
	jsonout_text(j, "version", o->entry->version);
	jsonout_bool(j, "current", o->entry->current);
	if (!o->good) {
		jsonout_text(j, "error", o->why);
		return;
	}
	jsonout_null(j, "error");
	jsonout_text(j, "kind", image_kind_name(o->image.kind));
	jsonout_text(j, "answers", image_answers_name(o->image.answers));
	jsonout_text(j, "arch", o->image.arch);
	jsonout_text(j, "comment", o->image.comment);
	if (o->size < 0)
		jsonout_null(j, "size");
	else
		jsonout_int(j, "size", o->size);
	jsonout_open(j, "verified", '{');
	jsonout_text(j, "state", verify_state_name(o->verified.state));
	jsonout_int(j, "time_ms", o->verified.time_ms);
	jsonout_int(j, "faults", (int64_t)o->verified.faults);
	jsonout_close(j, '}');
}

void overview_verified(const struct overview *o, char out[static OVERVIEW_VERIFIED])
{
	char time[PRINT_TIME];

	if (o->verified.state == VERIFY_NEVER)
		snprintf(out, OVERVIEW_VERIFIED, "never");
	else
		snprintf(out, OVERVIEW_VERIFIED, "%s %s",
			 verify_state_name(o->verified.state),
			 print_time(o->verified.time_ms, time));
}
