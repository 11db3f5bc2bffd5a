#include "lib/core/image.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/core/words.h"

#define LINE_MAX_OCTETS 1024

static const char *const kinds[IMAGE_KINDS] = {
	[IMAGE_ROOTFS] = "rootfs", [IMAGE_LINUX] = "linux", [IMAGE_WIM] = "wim",
	[IMAGE_EFI] = "efi",       [IMAGE_ISO] = "iso",
};

const char *image_kind_name(enum image_kind kind)
{
	return kind < IMAGE_KINDS ? kinds[kind] : "unknown";
}

static const char *const readers[IMAGE_ANSWERS] = {
	[IMAGE_UNANSWERED] = "",
	[IMAGE_PRESEED] = "preseed",
	[IMAGE_AUTOINSTALL] = "autoinstall",
	[IMAGE_KICKSTART] = "kickstart",
	[IMAGE_CLOUD_INIT] = "cloud-init",
};

const char *image_answers_name(enum image_answers answers)
{
	return answers < IMAGE_ANSWERS ? readers[answers] : "";
}

bool image_answers_read(const char *text, enum image_answers *out)
{
	int i = words_find(readers, IMAGE_ANSWERS, text);

	if (i <= IMAGE_UNANSWERED)
		return false;
	*out = (enum image_answers)i;
	return true;
}

bool image_name_ok(const char *name)
{
	if (!isalnum((unsigned char)*name) || strlen(name) >= JOB_NAME)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._+-", *name))
			return false;
	return true;
}

bool image_reference(const char *text, char name[static JOB_NAME],
		     char version[static JOB_NAME])
{
	const char *at = strchr(text, '@');
	size_t len = at ? (size_t)(at - text) : strlen(text);

	if (len >= JOB_NAME || (at && !image_name_ok(at + 1)))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	snprintf(version, JOB_NAME, "%s", at ? at + 1 : "");
	return image_name_ok(name);
}

/* ---- the manifest ---- */

bool image_file_name_ok(const char *name)
{
	if (!*name || *name == '/' ||
	    strlen(name) >= sizeof(((struct image_file *)0)->name))
		return false;
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == '\\')
			return false;
	for (const char *p = name; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (*p == '/' || !*p || (p[0] == '.' && (!p[1] || p[1] == '/')) ||
		    (p[0] == '.' && p[1] == '.' && (!p[2] || p[2] == '/')))
			return false;
	}
	return true;
}

static bool read_size(const char *text, char **end, int64_t *out)
{
	long long v;

	errno = 0;
	v = isdigit((unsigned char)*text) ? strtoll(text, end, 10) : -1;
	if (v < 0 || errno)
		return false;
	*out = v;
	return true;
}

static struct image_file *file_of(struct image *image, const char *name)
{
	struct image_file more = { .size = -1 };

	for (size_t i = 0; i < image->files; i++)
		if (strcmp(image->file[i].name, name) == 0)
			return &image->file[i];
	snprintf(more.name, sizeof(more.name), "%s", name);
	return image_add_file(image, &more) ? &image->file[image->files - 1] : NULL;
}

static bool read_kind(const char *value, struct image *out)
{
	int i = words_find(kinds, IMAGE_KINDS, value);

	if (i < 0)
		return false;
	out->kind = (enum image_kind)i;
	return true;
}

static bool read_answers(const char *value, struct image *out)
{
	return image_answers_read(value, &out->answers);
}

static bool read_file_size(const char *value, struct image *out)
{
	struct image_file *file;
	int64_t size;
	char *name;

	if (!read_size(value, &name, &size) || *name++ != ' ' ||
	    !image_file_name_ok(name))
		return false;
	file = file_of(out, name);
	if (!file)
		return false;
	file->size = size;
	return true;
}

static bool read_min_disk(const char *value, struct image *out)
{
	char *end;

	return read_size(value, &end, &out->min_disk) && !*end;
}

static bool read_edition(const char *value, struct image *out)
{
	struct image_edition edition;

	return image_edition_read(value, &edition) && image_add_edition(out, &edition);
}

static bool read_wim_name(const char *value, struct image *out)
{
	return image_wim_name_read(value, out);
}

static bool read_driver(const char *value, struct image *out)
{
	size_t len = strlen(out->drivers);
	const char *blank = strchr(value, ' ');
	int n = snprintf(out->drivers + len, sizeof(out->drivers) - len, "%s\n", value);

	return blank && blank != value && (size_t)n < sizeof(out->drivers) - len;
}

static bool read_version_of_format(const char *value, struct image *out)
{
	(void)out;
	return strcmp(value, "1") == 0;
}

static bool read_name(const char *value, struct image *out)
{
	snprintf(out->name, sizeof(out->name), "%s", value);
	return image_name_ok(value);
}

static bool read_version(const char *value, struct image *out)
{
	snprintf(out->version, sizeof(out->version), "%s", value);
	return image_name_ok(value);
}

static bool read_arch(const char *value, struct image *out)
{
	snprintf(out->arch, sizeof(out->arch), "%s", value);
	return image_name_ok(value);
}

static bool read_comment(const char *value, struct image *out)
{
	snprintf(out->comment, sizeof(out->comment), "%s", value);
	return true;
}

static const struct key {
	const char *name, *why;
	bool (*read)(const char *value, struct image *out);
} keys[] = {
	{ "pxekit-image", "is of a format this version does not know",
	  read_version_of_format },
	{ "name", "name is not a plain name", read_name },
	{ "version", "version is not a plain name", read_version },
	{ "kind", "kind is not rootfs, linux, wim, efi or iso", read_kind },
	{ "answers", "answers is not preseed, autoinstall, kickstart or cloud-init",
	  read_answers },
	{ "arch", "arch is not a plain name", read_arch },
	{ "min-disk", "min-disk is not a number of octets", read_min_disk },
	{ "comment", "comment is not a text", read_comment },
	{ "size", "size is not OCTETS FILE", read_file_size },
	{ "driver", "driver is not NAME VERSION, or there are too many", read_driver },
	{ "edition",
	  "edition is not INDEX BUILD ARCH TYPE EDITIONID LANGUAGE OCTETS NAME",
	  read_edition },
	{ "wim-name", "wim-name is not INDEX NAME of an edition above it",
	  read_wim_name },
};

/* "# key: value"; comments without a key we know say nothing to us. */
static bool read_comment_line(char *line, struct image *out, const char **why)
{
	char *key = line + strspn(line, "# "), *value = strstr(key, ": ");

	if (!value)
		return true;
	*value = '\0';
	value += 2;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i].name) == 0) {
			*why = keys[i].why;
			return keys[i].read(value, out);
		}
	return true;
}

/* "HEX64  FILE", as sha256sum prints it ('*' for binary). */
static bool read_sum_line(const char *line, struct image *out, const char **why)
{
	struct image_file *file;

	*why = "is neither a comment nor SHA-256, two blanks and a file's name";
	if (strspn(line, "0123456789abcdef") != 64 || line[64] != ' ' ||
	    (line[65] != ' ' && line[65] != '*') || !image_file_name_ok(line + 66))
		return false;
	file = file_of(out, line + 66);
	*why = "there are too many files";
	if (!file)
		return false;
	*why = "names a file a second time";
	if (*file->sha256)
		return false;
	memcpy(file->sha256, line, 64);
	return true;
}

static bool read_line(const char *text, size_t len, struct image *out, const char **why)
{
	char line[LINE_MAX_OCTETS];

	*why = "is too long, or holds a NUL";
	if (len >= sizeof(line) || memchr(text, '\0', len))
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	if (!*line)
		return true;
	return *line == '#' ? read_comment_line(line, out, why)
			    : read_sum_line(line, out, why);
}

static bool complete(const struct image *image, const char **why)
{
	*why = "name or version is missing";
	if (!*image->name || !*image->version)
		return false;
	*why = "names no file";
	if (!image->files)
		return false;
	*why = "has answers, but is not of kind linux";
	if (image->answers && image->kind != IMAGE_LINUX)
		return false;
	*why = "gives a size to a file it has no SHA-256 of";
	for (size_t i = 0; i < image->files; i++)
		if (!*image->file[i].sha256)
			return false;
	return true;
}

static bool read_lines(const char *text, size_t len, struct image *out, size_t *line,
		       const char **why)
{
	const char *end = text + len;

	for (*line = 1; text < end; ++*line) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		if (!read_line(text, (size_t)(stop - text), out, why))
			return false;
		text = stop + 1;
	}
	return complete(out, why);
}

bool image_parse(const char *text, size_t len, struct image *out, size_t *line,
		 const char **why)
{
	*out = (struct image){ 0 };
	if (read_lines(text, len, out, line, why))
		return true;
	image_free(out);
	return false;
}

void image_free(struct image *image)
{
	free(image->file);
	free(image->edition);
	*image = (struct image){ 0 };
}

bool image_has_driver(const struct image *image, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = image->drivers; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncasecmp(line, name, len) == 0 && line[len] == ' ')
			return true;
	}
	return false;
}

const struct image_file *image_payload(const struct image *image)
{
	static const char *const payload[IMAGE_KINDS][4] = {
		[IMAGE_ROOTFS] = { "rootfs.tar.zst", "rootfs.tar.gz", "rootfs.tar.xz",
				   "rootfs.tar" },
		[IMAGE_LINUX] = { "vmlinuz", "linux" },
		[IMAGE_WIM] = { "install.wim", "install.esd", "install.swm" },
		[IMAGE_EFI] = { "boot.efi" },
		[IMAGE_ISO] = { "image.iso" },
	};

	for (size_t k = 0; k < 4 && payload[image->kind][k]; k++)
		for (size_t i = 0; i < image->files; i++)
			if (strcmp(image->file[i].name, payload[image->kind][k]) == 0)
				return &image->file[i];
	return NULL;
}
