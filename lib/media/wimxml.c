#include "config.h"

#include "lib/media/wimxml.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 256 /* octets of a path of elements */

/* ---- the header ---- */

static uint64_t number(const uint8_t *p, unsigned octets)
{
	uint64_t v = 0;

	while (octets-- > 0)
		v = v << 8 | p[octets];
	return v;
}

/* A resource: size and flags in 8 octets, offset, original size. */
static bool take_place(const uint8_t *p, int64_t *at, int64_t *len, int64_t *ends)
{
	uint64_t size = number(p, 7), offset = number(p + 8, 8);

	if (offset > INT64_MAX - size)
		return false;
	*at = (int64_t)offset;
	*len = (int64_t)size;
	if (*at + *len > *ends)
		*ends = *at + *len;
	return true;
}

bool wimxml_header(const uint8_t h[static WIMXML_HEADER], struct wimxml_header *out,
		   const char **why)
{
	int64_t at, len;

	*out = (struct wimxml_header){ .ends = WIMXML_HEADER };
	*why = "is no WIM";
	if (memcmp(h, "MSWIM\0\0", 8) != 0 || number(h + 8, 4) != WIMXML_HEADER)
		return false;
	*why = "is encrypted or of a format that nobody documents";
	if (number(h + 12, 4) != 0x10d00 && number(h + 12, 4) != 0xe00)
		return false;
	out->solid = number(h + 12, 4) == 0xe00;
	memcpy(out->guid, h + 24, sizeof(out->guid));
	out->part = (unsigned)number(h + 40, 2);
	out->parts = (unsigned)number(h + 42, 2);
	out->images = (unsigned)number(h + 44, 4);
	out->boot_index = (unsigned)number(h + 0x78, 4);
	*why = "has a header that makes no sense";
	/* the table of resources, the XML, the boot image's metadata, the integrity table
	 */
	return out->part && out->part <= out->parts &&
	       take_place(h + 0x30, &at, &len, &out->ends) &&
	       take_place(h + 0x48, &out->xml_at, &out->xml_len, &out->ends) &&
	       take_place(h + 0x60, &at, &len, &out->ends) &&
	       take_place(h + 0x7c, &at, &len, &out->ends);
}

/* ---- UTF-16 to UTF-8 ---- */

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Half a pair becomes U+FFFD; a NUL ends the text, as C would have it. */
static char *to_utf8(const uint8_t *xml, size_t len)
{
	char *out = calloc(1, len / 2 * 3 + 1), *p = out;

	for (size_t i = 0; out && i + 1 < len; i += 2) {
		uint32_t c = (uint32_t)number(xml + i, 2), low;

		if (c == 0)
			break;
		if (c == 0xfeff && i == 0)
			continue;
		low = i + 3 < len ? (uint32_t)number(xml + i + 2, 2) : 0;
		if (c >= 0xd800 && c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		} else if (c >= 0xd800 && c < 0xe000)
			c = 0xfffd;
		p += put_utf8(p, c);
	}
	if (out)
		*p = '\0';
	return out;
}

/* ---- elements ---- */

struct reader {
	const char *p;
	char path[DEEPEST]; /* "/WIM/IMAGE/NAME" */
	struct image *image;
	struct image_edition edition; /* the one that is being read */
	char name[128];               /* its NAME */
	bool changed; /* the text is not what the XML says, octet by octet */
	bool inexact; /* so is the NAME */
	int *service;
};

static bool take_entity(const char **p, uint32_t *c)
{
	static const struct {
		const char *text;
		uint32_t c;
	} entities[] = { { "&amp;", '&' },
			 { "&lt;", '<' },
			 { "&gt;", '>' },
			 { "&quot;", '"' },
			 { "&apos;", '\'' } };
	char *end;

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (strncmp(*p, entities[i].text, strlen(entities[i].text)) == 0) {
			*p += strlen(entities[i].text);
			*c = entities[i].c;
			return true;
		}
	if (strncmp(*p, "&#", 2) != 0 ||
	    !isxdigit((unsigned char)(*p)[2 + ((*p)[2] == 'x')]))
		return false;
	*c = (uint32_t)strtoul(*p + 2 + ((*p)[2] == 'x'), &end, (*p)[2] == 'x' ? 16 : 10);
	*p = *end == ';' ? end + 1 : end;
	if (*c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		*c = 0xfffd;
	return true;
}

/*
 * Text up to the next element, for one line of a manifest: controls become blanks.
 * False if that, or its end, took something from it.
 */
static bool take_text(const char **p, char *out, size_t size)
{
	bool whole = true;
	size_t len = 0;
	char utf8[4];

	while (**p && **p != '<') {
		uint32_t c = 0;
		size_t n;

		if (**p != '&' || !take_entity(p, &c)) {
			utf8[0] = *(*p)++;
			n = 1;
		} else
			n = put_utf8(utf8, c);
		if (n == 1 && ((unsigned char)utf8[0] < 0x20 || utf8[0] == 0x7f)) {
			utf8[0] = ' ';
			whole = false;
		}
		if ((utf8[0] == ' ' && (len == 0 || out[len - 1] == ' ')) ||
		    len + n >= size) {
			whole = false;
			continue;
		}
		memcpy(out + len, utf8, n);
		len += n;
	}
	for (; len > 0 && out[len - 1] == ' '; len--)
		whole = false;
	while (len > 0 && ((unsigned char)out[len - 1] & 0xc0) == 0x80 && len + 4 >= size)
		len--; /* what may have been cut within a character */
	if (len > 0 && (unsigned char)out[len - 1] >= 0xc0)
		len--;
	out[len] = '\0';
	return whole;
}

/* A word of a manifest holds no blank: "Server Core" is ServerCore. */
static void put_word(char *out, size_t size, const char *text)
{
	size_t len = 0;

	for (; *text && len + 1 < size; text++)
		if (*text != ' ')
			out[len++] = *text;
	out[len] = '\0';
}

static int64_t to_number(const char *text)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	return errno || v < 0 || end == text ? 0 : v;
}

static void put_arch(char *out, size_t size, const char *text)
{
	static const struct {
		const char *number, *name;
	} archs[] = { { "0", "x86" },
		      { "5", "arm" },
		      { "6", "ia64" },
		      { "9", "amd64" },
		      { "12", "arm64" } };

	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (strcmp(text, archs[i].number) == 0)
			snprintf(out, size, "%s", archs[i].name);
}

static int to_int(const char *text)
{
	int64_t v = to_number(text);

	return v > INT_MAX ? 0 : (int)v;
}

static void keep_name(struct reader *r, const char *text)
{
	snprintf(r->name, sizeof(r->name), "%s", text);
	r->inexact = r->changed;
}

static void keep_text(struct reader *r, const char *text)
{
	struct image_edition *e = &r->edition;
	const char *path = r->path;

	if (strncmp(path, "/WIM/IMAGE/", 11) != 0)
		return;
	path += 11;
	if (strcmp(path, "DISPLAYNAME") == 0)
		snprintf(e->name, sizeof(e->name), "%s", text);
	else if (strcmp(path, "NAME") == 0)
		keep_name(r, text);
	else if (strcmp(path, "TOTALBYTES") == 0)
		e->size = to_number(text);
	else if (strcmp(path, "WINDOWS/ARCH") == 0)
		put_arch(e->arch, sizeof(e->arch), text);
	else if (strcmp(path, "WINDOWS/INSTALLATIONTYPE") == 0)
		put_word(e->type, sizeof(e->type), text);
	else if (strcmp(path, "WINDOWS/EDITIONID") == 0)
		put_word(e->id, sizeof(e->id), text);
	else if (strcmp(path, "WINDOWS/LANGUAGES/DEFAULT") == 0)
		put_word(e->language, sizeof(e->language), text);
	else if (strcmp(path, "WINDOWS/VERSION/BUILD") == 0)
		e->build = to_int(text);
	else if (strcmp(path, "WINDOWS/VERSION/SPBUILD") == 0 && !r->image->editions)
		*r->service = to_int(text);
}

static void begin_image(struct reader *r, const char *tag, size_t len)
{
	const char *index = memmem(tag, len, " INDEX=", 7);

	r->edition = (struct image_edition){ 0 };
	*r->name = '\0';
	r->inexact = false;
	if (index && index + 8 < tag + len)
		r->edition.index = to_int(index + 8);
}

static bool end_image(struct reader *r, const char **why)
{
	struct image_edition *e = &r->edition;

	*why = "has an image without an index in its XML";
	if (e->index < 1)
		return false;
	if (!*e->name)
		snprintf(e->name, sizeof(e->name), "%s", r->name);
	if (!*e->name)
		snprintf(e->name, sizeof(e->name), "image %d", e->index);
	if (!r->inexact)
		snprintf(e->wim_name, sizeof(e->wim_name), "%s", r->name);
	*why = "has too many images";
	return image_add_edition(r->image, e);
}

/* tag: what is between '<' and '>'. */
static bool take_tag(struct reader *r, const char *tag, size_t len, const char **why)
{
	size_t name = 0, depth = strlen(r->path);

	if (len == 0 || *tag == '?' || *tag == '!')
		return true;
	if (*tag == '/') {
		if (strcmp(r->path, "/WIM/IMAGE") == 0 && !end_image(r, why))
			return false;
		*why = "has XML that closes what was not opened";
		if (depth == 0)
			return false;
		*strrchr(r->path, '/') = '\0';
		return true;
	}
	while (name < len && !strchr(" \t\r\n/", tag[name]))
		name++;
	*why = "has XML that lies too deep";
	if (depth + name + 2 > sizeof(r->path))
		return false;
	if (tag[len - 1] == '/')
		return true;
	r->path[depth] = '/';
	memcpy(r->path + depth + 1, tag, name);
	r->path[depth + 1 + name] = '\0';
	if (strcmp(r->path, "/WIM/IMAGE") == 0)
		begin_image(r, tag, len);
	return true;
}

/* Past a comment, or past an element's tag. */
static bool take_markup(struct reader *r, const char **why)
{
	const char *end;

	*why = "has XML that ends within an element";
	if (strncmp(r->p, "<!--", 4) == 0) {
		end = strstr(r->p, "-->");
		if (!end)
			return false;
		r->p = end + 3;
		return true;
	}
	end = strchr(r->p, '>');
	if (!end || !take_tag(r, r->p + 1, (size_t)(end - r->p - 1), why))
		return false;
	r->p = end + 1;
	return true;
}

static bool read_all(struct reader *r, const char **why)
{
	char text[128];

	while (*r->p) {
		r->changed = !take_text(&r->p, text, sizeof(text));
		if (*text)
			keep_text(r, text);
		if (*r->p && !take_markup(r, why))
			return false;
	}
	*why = "has XML that ends within an element";
	return !*r->path;
}

bool wimxml_editions(const uint8_t *xml, size_t len, struct image *out, int *service,
		     const char **why)
{
	struct reader r = { .image = out, .service = service };
	char *text = to_utf8(xml, len);
	bool good;

	*service = 0;
	*why = "needs more memory than there is";
	if (!text)
		return false;
	r.p = text;
	good = read_all(&r, why);
	free(text);
	return good;
}
