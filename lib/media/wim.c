#include "config.h"

#include "lib/media/wim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wimlib.h>

#include "lib/media/wim_inside.h"
#include "lib/sys/file.h"

bool wim_refuse(char why[static WIM_WHY], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, WIM_WHY, format, ap);
	va_end(ap);
	return false;
}

bool wim_refuse_code(char why[static WIM_WHY], const char *what, int code)
{
	int saved = errno;

	switch (code) {
	case WIMLIB_ERR_OPEN:
	case WIMLIB_ERR_READ:
	case WIMLIB_ERR_WRITE:
	case WIMLIB_ERR_MKDIR:
	case WIMLIB_ERR_STAT:
		if (saved)
			return wim_refuse(why, "%s: %s", what, strerror(saved));
		break;
	case WIMLIB_ERR_NOT_A_WIM_FILE:
		return wim_refuse(why, "%s: it is not a WIM file", what);
	case WIMLIB_ERR_WIM_IS_ENCRYPTED:
		return wim_refuse(why, "%s: it is an encrypted ESD", what);
	case WIMLIB_ERR_UNEXPECTED_END_OF_FILE:
		return wim_refuse(why, "%s: it is cut off", what);
	}
	return wim_refuse(why, "%s: %s", what,
			  wimlib_get_error_string((enum wimlib_error_code)code));
}

/* ---- opening ---- */

static bool library_ready(char why[static WIM_WHY])
{
	static bool ready;
	int code;

	if (ready)
		return true;
	/* Some boot.wims spell it windows/system32. */
	code = wimlib_global_init(WIMLIB_INIT_FLAG_DEFAULT_CASE_INSENSITIVE |
				  WIMLIB_INIT_FLAG_ASSUME_UTF8);
	if (code)
		return wim_refuse_code(why, "cannot start libwim", code);
	wimlib_set_print_errors(false);
	ready = true;
	return true;
}

static int is_packed(const struct wimlib_resource_entry *resource, void *arg)
{
	(void)arg;
	return resource->packed ? -1 : 0;
}

static void read_facts(struct wim *w)
{
	struct wimlib_wim_info info;

	wimlib_get_wim_info(w->wim, &info);
	w->facts = (struct wim_facts){
		.images = info.image_count,
		.boot_index = info.boot_index,
		.part = info.part_number,
		.parts = info.total_parts,
		.chunk_octets = info.chunk_size,
		.pack = info.compression_type == WIMLIB_COMPRESSION_TYPE_LZMS  ? WIM_LZMS
			: info.compression_type == WIMLIB_COMPRESSION_TYPE_LZX ? WIM_LZX
			: info.compression_type == WIMLIB_COMPRESSION_TYPE_XPRESS
				? WIM_XPRESS
				: WIM_PLAIN,
		.solid = wimlib_iterate_lookup_table(w->wim, 0, is_packed, NULL) != 0,
		.pipable = info.pipable,
		.integrity = info.has_integrity_table,
		.unfinished = info.write_in_progress,
	};
	memcpy(w->facts.guid, info.guid, WIM_GUID);
}

static bool join(struct wim *w, const char *const *parts, char why[static WIM_WHY])
{
	unsigned n = 0;
	int code;

	while (parts && parts[n])
		n++;
	if (!n)
		return true;
	code = wimlib_reference_resource_files(w->wim, parts, n, 0, 0);
	return !code || wim_refuse_code(why, "cannot read the other parts", code);
}

/* libxml2, by which libwim reads the XML, prints what it dislikes, whatever is in it. */
static int open_quietly(const char *path, WIMStruct **wim)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int kept = null < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	int code, saved;

	if (kept >= 0)
		dup2(null, STDERR_FILENO);
	errno = 0;
	code = wimlib_open_wim(path, 0, wim);
	saved = errno;
	if (kept >= 0) {
		dup2(kept, STDERR_FILENO);
		close(kept);
	}
	if (null >= 0)
		close(null);
	errno = saved;
	return code;
}

struct wim *wim_open(const char *path, const char *const *parts, char why[static WIM_WHY])
{
	struct wim *w;
	int code;

	if (!library_ready(why))
		return NULL;
	w = calloc(1, sizeof(*w));
	if (!w) {
		wim_refuse(why, "%s", strerror(errno));
		return NULL;
	}
	code = open_quietly(path, &w->wim);
	if (code) {
		wim_refuse_code(why, "cannot be read", code);
		wim_close(w);
		return NULL;
	}
	read_facts(w);
	w->changed = calloc(w->facts.images + 1, sizeof(*w->changed));
	if (!w->changed)
		wim_refuse(why, "%s", strerror(errno));
	if (w->changed && join(w, parts, why))
		return w;
	wim_close(w);
	return NULL;
}

void wim_close(struct wim *w)
{
	if (!w)
		return;
	wimlib_free(w->wim);
	free(w->changed);
	free(w);
}

const struct wim_facts *wim_facts(const struct wim *w)
{
	return &w->facts;
}

const char *wim_pack_name(enum wim_pack pack)
{
	static const char *const names[] = {
		[WIM_PLAIN] = "none",
		[WIM_XPRESS] = "XPRESS",
		[WIM_LZX] = "LZX",
		[WIM_LZMS] = "LZMS",
	};

	return names[pack];
}

const char *wim_text(const struct wim *w, unsigned image, const char *name)
{
	const char *text = wimlib_get_image_property(w->wim, (int)image, name);

	return text ? text : "";
}

/* ---- what is in it ---- */

struct root {
	unsigned image, seen;
	uint8_t *sha1;
};

/* The lists of files come first, in the order of the images. */
static int take_root(const struct wimlib_resource_entry *resource, void *arg)
{
	struct root *r = arg;

	if (!resource->is_metadata || ++r->seen != r->image)
		return 0;
	memcpy(r->sha1, resource->sha1_hash, WIM_SHA1);
	return -1;
}

bool wim_root(struct wim *w, unsigned image, uint8_t sha1[static WIM_SHA1])
{
	struct root r = { .image = image, .sha1 = sha1 };

	wimlib_iterate_lookup_table(w->wim, 0, take_root, &r);
	return r.seen == image;
}

struct walk {
	wim_visit *visit;
	void *arg;
};

static struct wim_entry entry_of(const struct wimlib_dir_entry *d)
{
	struct wim_entry e = {
		.path = d->full_path,
		.name = d->filename ? d->filename : "",
		.folder = d->attributes & WIMLIB_FILE_ATTRIBUTE_DIRECTORY,
		.streams = d->num_named_streams,
		.size = d->streams[0].resource.uncompressed_size,
	};

	memcpy(e.sha1, d->streams[0].resource.sha1_hash, WIM_SHA1);
	return e;
}

static int walk_entry(const struct wimlib_dir_entry *d, void *arg)
{
	const struct walk *walk = arg;
	struct wim_entry e = entry_of(d);

	return walk->visit(&e, walk->arg) ? 0 : -1;
}

bool wim_walk(struct wim *w, unsigned image, const char *path, wim_visit *visit,
	      void *arg, char why[static WIM_WHY])
{
	struct walk walk = { visit, arg };
	int code = wimlib_iterate_dir_tree(w->wim, (int)image, path,
					   WIMLIB_ITERATE_DIR_TREE_FLAG_RECURSIVE,
					   walk_entry, &walk);

	if (code <= 0 || code == WIMLIB_ERR_PATH_DOES_NOT_EXIST)
		return true;
	return wim_refuse_code(why, path, code);
}

static int take_entry(const struct wimlib_dir_entry *d, void *arg)
{
	struct wim_entry *out = arg;

	*out = entry_of(d);
	out->path = out->name = NULL;
	return 0;
}

bool wim_find(struct wim *w, unsigned image, const char *path, struct wim_entry *out)
{
	struct wim_entry found;

	if (wimlib_iterate_dir_tree(w->wim, (int)image, path, 0, take_entry, &found) != 0)
		return false;
	if (out)
		*out = found;
	return true;
}

/* ---- out of it ---- */

bool wim_extract(struct wim *w, unsigned image, const char *path, const char *folder,
		 char why[static WIM_WHY])
{
	int code;

	errno = 0;
	code = wimlib_extract_paths(w->wim, (int)image, folder, &path, 1,
				    WIMLIB_EXTRACT_FLAG_NO_PRESERVE_DIR_STRUCTURE |
					    WIMLIB_EXTRACT_FLAG_NO_ACLS |
					    WIMLIB_EXTRACT_FLAG_NO_ATTRIBUTES);
	return !code || wim_refuse_code(why, path, code);
}

/* Extracting spells the last part as the image does. */
static int take_name(const struct wimlib_dir_entry *d, void *arg)
{
	snprintf(arg, WIM_WHY, "%s", d->filename ? d->filename : "");
	return 0;
}

char *wim_read(struct wim *w, unsigned image, const char *path, const char *folder,
	       size_t max, size_t *len, char why[static WIM_WHY])
{
	char name[WIM_WHY], *file, *text;
	struct wim_entry e;

	if (wim_find(w, image, path, &e) && (e.folder || e.size > max)) {
		wim_refuse(why, "%s: is %s", path, e.folder ? "a folder" : "too large");
		return NULL;
	}
	if (!wim_extract(w, image, path, folder, why) ||
	    wimlib_iterate_dir_tree(w->wim, (int)image, path, 0, take_name, name) != 0)
		return NULL;
	if (asprintf(&file, "%s/%s", folder, name) < 0)
		return NULL;
	text = file_read(file, max, len);
	if (!text)
		wim_refuse(why, "%s: %s", path, strerror(errno));
	unlink(file);
	free(file);
	return text;
}

void wim_sha1_text(const uint8_t sha1[static WIM_SHA1], char out[static WIM_SHA1_TEXT])
{
	for (size_t i = 0; i < WIM_SHA1; i++)
		snprintf(out + 2 * i, 3, "%02x", sha1[i]);
}
