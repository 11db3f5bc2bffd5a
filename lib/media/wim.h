/*
 * wim - Windows images: what one holds, and a changed copy of it.
 *
 * Paths inside an image are found in any case ("/windows/system32" finds
 * "/Windows/System32"); their parts are separated by '/' and they begin with one.
 * Nothing here changes the file that was opened.
 *
 * Units   octets; images count from 1.
 * Errors  false and one sentence in why, without the name of the file.
 * Memory  wim_open() makes what wim_close() frees; texts live as long as the wim,
 *         an entry only while the visitor runs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIM_WHY 512
#define WIM_SHA1 20
#define WIM_SHA1_TEXT 41
#define WIM_GUID 16

enum wim_pack { WIM_PLAIN, WIM_XPRESS, WIM_LZX, WIM_LZMS };

struct wim_facts {
	unsigned images, boot_index; /* boot_index 0: none */
	unsigned part, parts;
	unsigned chunk_octets;
	enum wim_pack pack;
	bool solid, pipable, integrity, unfinished;
	uint8_t guid[WIM_GUID];
};

struct wim_entry {
	const char *path, *name; /* as the image spells them */
	bool folder;
	unsigned streams; /* besides the unnamed one */
	uint64_t size;
	uint8_t sha1[WIM_SHA1]; /* zeros: an empty file, or a folder */
};

struct wim;

/* parts: the other files of a split WIM, NULL at the end; or NULL. */
struct wim *wim_open(const char *path, const char *const *parts,
		     char why[static WIM_WHY]);
void wim_close(struct wim *w);

const struct wim_facts *wim_facts(const struct wim *w);
const char *wim_pack_name(enum wim_pack pack);

/* A text of the XML, as "WINDOWS/VERSION/BUILD"; "" if it is not there. */
const char *wim_text(const struct wim *w, unsigned image, const char *name);

/* The hash of an image's list of files, which holds the hash of each: one for all. */
bool wim_root(struct wim *w, unsigned image, uint8_t sha1[static WIM_SHA1]);

/* Called for each entry; false ends the walk. */
typedef bool wim_visit(const struct wim_entry *entry, void *arg);

/* path and all below it; true too if there is no such path. */
bool wim_walk(struct wim *w, unsigned image, const char *path, wim_visit *visit,
	      void *arg, char why[static WIM_WHY]);

/* True if it is there; out may be NULL, and its texts are NULL afterwards. */
bool wim_find(struct wim *w, unsigned image, const char *path, struct wim_entry *out);

/* Puts a file, or a folder with all in it, into folder, under its own name. */
bool wim_extract(struct wim *w, unsigned image, const char *path, const char *folder,
		 char why[static WIM_WHY]);

/* The octets of a small file and a NUL; it passes through folder.  NULL: why. */
char *wim_read(struct wim *w, unsigned image, const char *path, const char *folder,
	       size_t max, size_t *len, char why[static WIM_WHY]);

/* from NULL takes path away, if it is there; else path becomes a copy of from. */
struct wim_change {
	const char *from, *path;
};

/* All of them or none; they are seen by what follows, and by wim_write(). */
bool wim_change(struct wim *w, unsigned image, const struct wim_change *change,
		size_t changes, char why[static WIM_WHY]);

/* What wim_write() writes as the boot index and as the GUID. */
bool wim_mark(struct wim *w, unsigned boot_index, const uint8_t guid[static WIM_GUID],
	      char why[static WIM_WHY]);

/* Called now and then with what is written and what there is; may be NULL. */
typedef void wim_progress(uint64_t done, uint64_t total, void *arg);

/* A new file, with all of it on the disk; the images' time of change becomes when. */
bool wim_write(struct wim *w, const char *path, int64_t when, wim_progress *progress,
	       void *arg, char why[static WIM_WHY]);

/* Reads and hashes everything. */
bool wim_verify(struct wim *w, wim_progress *progress, void *arg,
		char why[static WIM_WHY]);

void wim_sha1_text(const uint8_t sha1[static WIM_SHA1], char out[static WIM_SHA1_TEXT]);
