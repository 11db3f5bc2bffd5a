#include "config.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/sys/exits.h"
#include "tools/wimprep/build.h"
#include "tools/wimprep/inspect.h"
#include "tools/wimprep/payload_curl.h"
#include "tools/wimprep/ready.h"
#include "tools/wimprep/record.h"
#include "tools/wimprep/staged.h"

#define ROOM_MARGIN (16ULL << 20)

/* ---- what was touched since the last time ---- */

static void text_or_none(struct record_stamp *s, const char *text)
{
	record_text(s, text ? text : "none");
}

static int is_dll(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return len > 4 && strcasecmp(e->d_name + len - 4, ".dll") == 0;
}

/* A given curl.exe brings what it wants out of its folder. */
static void stamp_curl(struct record_stamp *s, const char *curl)
{
	const char *slash = strrchr(curl, '/');
	char folder[PATH_MAX], path[PATH_MAX + 256];
	struct dirent **dll = NULL;
	int n;

	record_file(s, curl);
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - curl) + 1 : 2,
		 slash ? curl : "./");
	n = scandir(folder, &dll, is_dll, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s%s", folder, dll[i]->d_name);
		record_file(s, path);
		free(dll[i]);
	}
	free(dll);
}

/* What pxekit.conf says of where jobs are: it goes into the image. */
static void stamp_servers(struct record_stamp *s, const struct conf *conf)
{
	text_or_none(s, conf->url);
	for (size_t i = 0; i < conf->networks; i++)
		text_or_none(s, conf->network[i].url);
}

static void stamp_inputs(const struct build *b, char out[static RECORD_STAMP])
{
	static const char *const templates[] = { "startnet.cmd", "winpeshl.ini" };
	struct record_stamp *s = record_begin();
	char path[PATH_MAX], number[16];

	record_text(s, PACKAGE_VERSION);
	snprintf(number, sizeof(number), "%u", b->index);
	record_text(s, number);
	for (unsigned i = 0; i < b->alsos; i++) {
		snprintf(number, sizeof(number), "and %u", b->also[i]);
		record_text(s, number);
	}
	text_or_none(s, b->os);
	text_or_none(s, b->wish.platform);
	stamp_servers(s, b->conf);
	record_file(s, b->place.source);
	record_file(s, b->place.install);
	if (b->wish.curl)
		stamp_curl(s, b->wish.curl);
	for (size_t i = 0; i < b->wish.drivers; i++)
		record_text(s, b->wish.driver[i]);
	for (size_t i = 0; i < b->wish.sources; i++)
		record_file(s, b->wish.source[i]);
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		payload_template_path(b->conf, templates[i], path);
		record_file(s, path);
	}
	record_end(s, out);
}

static void stamp_output(const struct build *b, char out[static RECORD_STAMP])
{
	struct record_stamp *s = record_begin();

	record_text(s, place_shown(&b->place));
	record_file(s, b->place.output);
	record_end(s, out);
}

static bool untouched(const struct build *b)
{
	char inputs[RECORD_STAMP], output[RECORD_STAMP];

	if (!*b->place.output || access(b->place.output, F_OK) < 0)
		return false;
	stamp_inputs(b, inputs);
	stamp_output(b, output);
	return record_holds(b->place.record, inputs, output);
}

/*
 * Written among the rubbish and renamed, so that a kill leaves none.  A record that
 * cannot be written costs time at the next run, nothing else.
 */
static void remember(const struct build *b)
{
	char inputs[RECORD_STAMP], output[RECORD_STAMP], *draft;

	if (b->dry || asprintf(&draft, "%s/record", b->place.stage) < 0)
		return;
	stamp_inputs(b, inputs);
	stamp_output(b, output);
	if (!record_write(draft, inputs, output) || rename(draft, b->place.record) < 0)
		warn("%s", b->place.record);
	free(draft);
}

/* ---- the steps ---- */

/*
 * A boot.wim that was prepared in its place is made anew from the original beside it.
 * One without our marker is an original itself, whatever lies beside it.
 */
static void find_original(struct build *b)
{
	struct place *p = &b->place;
	char why[WIM_WHY];
	struct wim *w;
	unsigned image;

	if (!p->in_place || access(p->original, F_OK) < 0)
		return;
	snprintf(p->source, sizeof(p->source), "%s", p->original);
	if (untouched(b))
		return;
	w = wim_open(p->output, NULL, why);
	if (!w)
		errx(EXIT_FAILED, "%s: %s", p->output, why);
	if (!inspect_image(wim_facts(w), 0, &image, why) ||
	    !wim_find(w, image, PAYLOAD_MARKER, NULL))
		snprintf(p->source, sizeof(p->source), "%s", p->output);
	wim_close(w);
}

static struct wim *open_source(const struct build *b, unsigned *image)
{
	const char *shown = b->image ? place_shown(&b->place) : b->file;
	char why[WIM_WHY];
	struct wim *w = wim_open(b->place.source, NULL, why);

	if (!w)
		errx(EXIT_FAILED, "%s: %s", shown, why);
	if (!inspect_readable(wim_facts(w), why) ||
	    !inspect_image(wim_facts(w), b->index, image, why))
		errx(EXIT_FAILED, "%s: %s", shown, why);
	return w;
}

static enum driver_product product_of(const struct build *b)
{
	char why[WIM_WHY];
	struct wim *install =
		*b->place.install ? payload_install(b->place.install, why) : NULL;
	enum driver_product product = DRIVER_ANY_PRODUCT;

	if (install)
		product = inspect_product(install);
	wim_close(install);
	return product;
}

static struct driver_target find_target(const struct build *b, const struct wim *w,
					unsigned image)
{
	struct driver_target target = inspect_target(w, image);
	const char *type = wim_text(w, image, "WINDOWS/INSTALLATIONTYPE");

	if (*type && strcmp(type, "WindowsPE") != 0)
		errx(EXIT_FAILED,
		     "%s: image %u is a Windows %s, not Windows PE: is it an "
		     "install.wim?",
		     b->wish.shown, image, type);
	target.product = product_of(b);
	if (b->os)
		driver_os_find(b->os, &target);
	if (!target.build)
		errx(EXIT_FAILED,
		     "%s: image %u does not say which Windows it is; say it with --os",
		     b->wish.shown, image);
	if (target.arch == DRIVER_ANY_ARCH)
		errx(EXIT_FAILED, "%s: image %u does not say its architecture",
		     b->wish.shown, image);
	return target;
}

static bool has_output(const struct build *b)
{
	return *b->place.output && access(b->place.output, F_OK) == 0;
}

/* What is put into the image that boots must suit the others. */
static void check_others(const struct build *b, const struct wim *w,
			 const struct driver_target *target)
{
	struct driver_target other;
	unsigned image;
	char why[WIM_WHY];

	for (unsigned i = 0; i < b->alsos; i++) {
		if (!inspect_image(wim_facts(w), b->also[i], &image, why))
			errx(EXIT_FAILED, "%s: %s", b->wish.shown, why);
		other = inspect_target(w, image);
		if (other.arch != target->arch)
			errx(EXIT_FAILED,
			     "%s: image %u is of another architecture than the one that "
			     "boots: prepare it by itself",
			     b->wish.shown, image);
	}
}

static void inject(const struct build *b, struct wim *w, const struct payload *payload,
		   unsigned image)
{
	payload_inject(payload, b->wish.shown, w, image);
	for (unsigned i = 0; i < b->alsos; i++)
		if (b->also[i] != image)
			payload_inject(payload, b->wish.shown, w, b->also[i]);
}

static bool is_in(const struct build *b, struct wim *w, const struct payload *payload,
		  unsigned image)
{
	bool in = payload_is_in(payload, w, image, b->place.stage);

	for (unsigned i = 0; in && i < b->alsos; i++)
		in = payload_is_in(payload, w, b->also[i], b->place.stage);
	return in;
}

/* An output that holds the same is left alone, whenever it was made. */
static bool holds(const struct build *b, const struct payload *payload, unsigned image,
		  const uint8_t guid[static WIM_GUID])
{
	char why[WIM_WHY];
	struct wim *w;
	bool same;

	w = wim_open(b->place.output, NULL, why);
	if (!w)
		return false;
	same = wim_facts(w)->boot_index == image &&
	       memcmp(wim_facts(w)->guid, guid, WIM_GUID) == 0 &&
	       is_in(b, w, payload, image);
	wim_close(w);
	return same;
}

/* By the marker, so that equal builds are equal to the last octet. */
static void make_guid(const struct payload *payload, uint8_t guid[static WIM_GUID])
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, payload->marker_len, (const uint8_t *)payload->marker);
	sha256_digest(&sha, WIM_GUID, guid);
	guid[7] = (uint8_t)((guid[7] & 0x0f) | 0x80); /* RFC 9562: version 8 */
	guid[8] = (uint8_t)((guid[8] & 0x3f) | 0x80);
}

static void show_progress(uint64_t done, uint64_t total, void *arg)
{
	unsigned *shown = arg, percent = total ? (unsigned)(done * 100 / total) : 100;

	if (percent == *shown)
		return;
	*shown = percent;
	fprintf(stderr, "\rwriting %3u %%%s", percent, percent == 100 ? "\n" : "");
}

static void write_wim(const struct build *b, struct wim *w, const struct payload *payload,
		      unsigned image, const uint8_t guid[static WIM_GUID])
{
	unsigned shown = 101;
	char why[WIM_WHY];

	inject(b, w, payload, image);
	if (!wim_mark(w, image, guid, why) ||
	    !wim_write(w, b->place.draft, staged_when(),
		       isatty(STDERR_FILENO) ? show_progress : NULL, &shown, why))
		errx(EXIT_FAILED, "%s: %s", b->wish.shown, why);
}

/* Read again, as others will. */
static void check_draft(const struct build *b, const struct payload *payload,
			unsigned image)
{
	char why[WIM_WHY];
	struct wim *w = wim_open(b->place.draft, NULL, why);

	if (!w || !inspect_readable(wim_facts(w), why))
		errx(EXIT_FAILED, "%s: what was written is wrong: %s", b->wish.shown,
		     why);
	if (wim_facts(w)->boot_index != image || !is_in(b, w, payload, image))
		errx(EXIT_FAILED, "%s: what was written is not what was meant",
		     b->wish.shown);
	wim_close(w);
	if (chmod(b->place.draft, 0644) < 0)
		err(EXIT_FAILED, "%s", b->place.draft);
}

static void ask_for_room(const struct build *b, const struct payload *payload)
{
	struct stat st;

	if (stat(b->place.source, &st) < 0)
		err(EXIT_FAILED, "%s", b->place.source);
	place_room(&b->place, b->place.work,
		   (unsigned long long)st.st_size + payload->octets + ROOM_MARGIN);
}

static void tell(const struct build *b, const char *what, const struct payload *payload,
		 unsigned image, const struct driver_target *target)
{
	printf("%s: %s: image %u, build %u, %s, %s; drivers: %s\n",
	       place_shown(&b->place), what, image, target->build,
	       driver_arch_name(target->arch), driver_os(target),
	       *payload->summary ? payload->summary : "none");
}

/* ---- the catalogue's current ---- */

static void make_current(const struct build *b)
{
	if (b->current && !b->dry && place_switch(&b->place))
		printf("%s: is current now\n", place_shown(&b->place));
}

/* ---- all of it ---- */

/*
 * Writes, reads again, publishes.  One WIM is open at a time: the list of files of a
 * large one takes most of our memory.
 */
static void renew(struct build *b, struct wim *w, const struct payload *payload,
		  unsigned image, const uint8_t guid[static WIM_GUID])
{
	ask_for_room(b, payload);
	write_wim(b, w, payload, image, guid);
	wim_close(w);
	check_draft(b, payload, image);
	place_publish(&b->place, payload->marker);
}

static void make(struct build *b)
{
	unsigned image;
	struct wim *w = open_source(b, &image);
	struct driver_target target = find_target(b, w, image);
	struct payload payload;
	uint8_t guid[WIM_GUID];
	bool same = false;

	check_others(b, w, &target);
	payload_make(&payload, &b->wish, w, image, &target, b->place.stage);
	make_guid(&payload, guid);
	if (has_output(b)) {
		wim_close(w);
		same = holds(b, &payload, image, guid);
		w = same ? NULL : open_source(b, &image);
	}
	if (same) {
		printf("%s: unchanged\n", place_shown(&b->place));
	} else if (b->dry) {
		tell(b, "would be prepared", &payload, image, &target);
		wim_close(w);
	} else {
		renew(b, w, &payload, image, guid);
		tell(b, "prepared", &payload, image, &target);
	}
	payload_free(&payload);
}

static void find_place(struct build *b)
{
	if (b->image)
		place_image(&b->place, b->conf->images, b->image);
	else
		place_file(&b->place, b->file, b->output);
	if (b->install)
		snprintf(b->place.install, PATH_MAX, "%s", b->install);
	b->wish.install = b->place.install;
	b->wish.conf = b->conf;
}

/* Another build may have published while we waited. */
static void lock_place(struct build *b)
{
	int lock;

	place_lock(&b->place, b->wait_s);
	lock = b->place.lock;
	find_place(b);
	b->place.lock = lock;
}

int build_run(struct build *b)
{
	if (b->ready)
		ready_begin(b);
	find_place(b);
	if (b->dry)
		place_borrow(&b->place);
	else
		lock_place(b);
	place_begin(&b->place);
	if (!b->dry)
		place_clear(&b->place); /* of a run that was killed */
	b->wish.shown = b->image ? place_shown(&b->place) : b->file;
	find_original(b);
	if (untouched(b)) {
		printf("%s: unchanged\n", place_shown(&b->place));
	} else {
		make(b);
		remember(b);
	}
	make_current(b);
	if (b->ready) {
		place_clear(&b->place);
		ready_lay_out(b);
	}
	place_end(&b->place);
	free(b->ready_wim);
	return EXIT_DONE;
}
