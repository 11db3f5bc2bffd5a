#include "config.h"

#include "lib/media/inf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/media/inf_names.h"
#include "lib/media/inf_text.h"

#define LINES_MOST 1000000
#define SECTIONS_MOST 65535
#define NAME_MOST 255 /* octets of a section's name or a string's */

/* A line with those that it continues on; comments are still in it. */
struct line {
	uint32_t at, len, number;
	uint32_t next; /* of the same section, or INF_NONE */
};

struct inf {
	char *label; /* for complaints */
	char *text;
	size_t len;
	struct line *line;
	uint32_t lines, room;
	struct inf_names sections, strings;
	char *values; /* of all strings, each with its NUL */
	uint64_t looks;
};

void inf_complain(const struct inf *inf, uint32_t line, char why[static INF_WHY],
		  const char *format, ...)
{
	va_list ap;
	int n = snprintf(why, INF_WHY, "%.255s:%u: ", inf->label, line);

	va_start(ap, format);
	vsnprintf(why + n, INF_WHY - (size_t)n, format, ap);
	va_end(ap);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

static bool ends(char c)
{
	return c == '\n' || c == '\r' || c == '\0';
}

/* Behind the end of a line that begins at p; CR LF, LF and CR end it. */
static const char *behind(const char *p)
{
	return *p == '\r' && p[1] == '\n' ? p + 2 : *p ? p + 1 : p;
}

/*
 * The end of the printed line at p.  *last is its last character that counts
 * outside quotes, *empty says whether there is anything but blanks and a comment.
 */
static const char *scan(const char *p, char *last, bool *empty)
{
	bool quoted = false;

	*last = '\0';
	*empty = true;
	for (; !ends(*p); p++) {
		if (*p == '"')
			quoted = !quoted;
		if (*p == ';' && !quoted)
			return p + strcspn(p, "\r\n");
		if (blank(*p))
			continue;
		*last = quoted ? '\0' : *p;
		*empty = false;
	}
	return p;
}

/* [name] or ["name"]; false with a reason in why. */
static bool section_name(const char *p, const char *end, const char **text, size_t *len,
			 const char **why)
{
	const char *close = memchr(p, ']', (size_t)(end - p));

	*why = "a section's name has no ']'";
	if (!close)
		return false;
	p++;
	while (p < close && (blank(*p) || *p == '"'))
		p++;
	while (close > p && (blank(close[-1]) || close[-1] == '"'))
		close--;
	*text = p;
	*len = (size_t)(close - p);
	*why = "a section's name is empty or longer than 255 octets";
	return *len > 0 && *len <= NAME_MOST;
}

static bool add_line(struct inf *inf, struct inf_name *section, const char *p,
		     const char *end, uint32_t number, const char **why)
{
	struct line *grown;
	uint32_t room = inf->room ? inf->room * 2 : 256;

	*why = "has more than 1000000 lines";
	if (inf->lines == LINES_MOST)
		return false;
	*why = "there is not enough memory";
	if (inf->lines == inf->room) {
		grown = realloc(inf->line, room * sizeof(*grown));
		if (!grown)
			return false;
		inf->line = grown;
		inf->room = room;
	}
	inf->line[inf->lines] = (struct line){ (uint32_t)(p - inf->text),
					       (uint32_t)(end - p), number, INF_NONE };
	if (section->first == INF_NONE)
		section->first = inf->lines;
	else
		inf->line[section->last].next = inf->lines;
	section->last = inf->lines++;
	return true;
}

static bool enter_section(struct inf *inf, const char *p, const char *end,
			  struct inf_name **out, const char **why)
{
	const char *text;
	size_t len;

	if (!section_name(p, end, &text, &len, why))
		return false;
	*why = "has more than 65535 sections";
	if (inf->sections.count == SECTIONS_MOST)
		return false;
	*why = "there is not enough memory";
	*out = inf_names_enter(&inf->sections, text, len);
	return *out != NULL;
}

/* Ctrl-Z ended a text once, and still does for Windows. */
static bool read_lines(struct inf *inf, uint32_t *number, const char **why)
{
	struct inf_name *section = NULL;
	const char *p = inf->text, *start, *end;
	char last;
	bool empty;

	for (*number = 1; *p && *p != '\x1a'; ++*number) {
		uint32_t first = *number;

		p += strspn(p, " \t\f\v");
		start = p;
		end = scan(p, &last, &empty);
		while (last == '\\' && *start != '[' && *end) {
			++*number;
			end = scan(behind(end), &last, &empty);
			empty = false;
		}
		p = behind(end);
		if (empty)
			continue;
		if (*start == '[') {
			if (!enter_section(inf, start, end, &section, why))
				return false;
			continue;
		}
		*why = "stands before the first section";
		if (!section || !add_line(inf, section, start, end, first, why))
			return false;
	}
	return true;
}

/* Fields are written here; full says that they did not fit. */
struct writer {
	char *p, *end;
	char *solid; /* behind the last character that is no blank */
	bool full;
};

static void write_text(struct writer *w, const char *text, size_t len)
{
	if (w->full || len >= (size_t)(w->end - w->p)) {
		w->full = true;
		return;
	}
	memcpy(w->p, text, len);
	w->p += len;
}

/* %name% or %%, which begins at p; how many octets it took, 0 for neither. */
static size_t write_string(struct writer *w, const struct inf *inf, const char *p,
			   const char *end)
{
	const char *close = memchr(p + 1, '%', (size_t)(end - p - 1));
	const struct inf_name *string;
	size_t len = close ? (size_t)(close - p - 1) : 0;

	if (!close || len > NAME_MOST)
		return 0;
	if (len == 0) {
		write_text(w, "%", 1);
		return 2;
	}
	string = inf ? inf_names_find(&inf->strings, p + 1, len) : NULL;
	if (!string)
		return 0;
	write_text(w, inf->values + string->first, strlen(inf->values + string->first));
	return len + 2;
}

/* From a '\' that joins lines: behind the next line's blanks.  p if it is none. */
static const char *joined(const char *p, const char *end)
{
	const char *q = p + 1;

	while (q < end && blank(*q))
		q++;
	if (q < end && *q == ';')
		q += strcspn(q, "\r\n");
	if (q >= end || !ends(*q))
		return q >= end ? end : p;
	q = behind(q);
	while (q < end && blank(*q))
		q++;
	return q;
}

/* A character that stands for itself; blanks before the field do not count. */
static void write_plain(struct writer *w, const char *start, char c, bool quoted)
{
	if (quoted || !blank(c) || w->p != start)
		write_text(w, &c, 1);
	if (quoted || !blank(c))
		w->solid = w->p;
}

/* What does not stand for itself; how many octets it took, 0 if there is no such here. */
static size_t write_special(struct writer *w, const struct inf *inf, const char *p,
			    const char *end, bool *quoted)
{
	size_t took = 0;

	if (*p == '%') {
		took = write_string(w, inf, p, end);
	} else if (*p == '"' && *quoted && p + 1 < end && p[1] == '"') {
		write_text(w, p, 1);
		took = 2;
	} else if (*p == '"') {
		*quoted = !*quoted;
		took = 1;
	} else if (*p == '\\' && !*quoted) {
		return (size_t)(joined(p, end) - p);
	} else if (ends(*p)) {
		*quoted = false; /* a quote ends with its line */
		return 1;
	} else if (*p == ';' && !*quoted) {
		return strcspn(p, "\r\n");
	}
	if (took > 0)
		w->solid = w->p;
	return took;
}

/*
 * One field from p on, without the blanks around it.  Ends at ',' or the
 * line's end, and at '=' if key; strings are put in where inf is given.
 */
static const char *write_field(struct writer *w, const struct inf *inf, const char *p,
			       const char *end, bool key)
{
	char *start = w->p;
	bool quoted = false;

	w->solid = start;
	while (p < end) {
		size_t took = write_special(w, inf, p, end, &quoted);

		if (took == 0) {
			if (!quoted && (*p == ',' || (key && *p == '=')))
				break;
			write_plain(w, start, *p, quoted);
			took = 1;
		}
		p += took;
	}
	w->p = w->solid;
	write_text(w, "", 1);
	return p;
}

/* key = value of a line of [Strings]; the value is as long as the rest of the line. */
static bool enter_string(struct inf *inf, const struct line *line, char **at)
{
	char key[NAME_MOST + 1] = "";
	const char *p = inf->text + line->at, *end = p + line->len;
	struct writer k = { .p = key, .end = key + sizeof(key) };
	struct writer v = { .p = *at, .end = *at + line->len + 1 };
	struct inf_name *string;
	const char *text;

	text = write_field(&k, NULL, p, end, true);
	if (k.full || text == end || *text != '=' || !*key)
		return true;
	while (p < text && (blank(*p) || *p == '"'))
		p++;
	string = inf_names_enter(&inf->strings, p, strlen(key));
	if (!string)
		return false;
	if (string->first != INF_NONE)
		return true; /* the first counts */
	write_field(&v, NULL, text + 1, end, false);
	string->first = (uint32_t)(*at - inf->values);
	*at = v.p;
	return true;
}

static bool enter_strings(struct inf *inf, const struct inf_name *section, char **at)
{
	for (uint32_t i = section->first; i != INF_NONE; i = inf->line[i].next)
		if (!enter_string(inf, &inf->line[i], at))
			return false;
	return true;
}

/* [Strings], and those of any language for what it does not say. */
static bool read_strings(struct inf *inf)
{
	const struct inf_name *plain = inf_names_find(&inf->sections, "Strings", 7);
	char *at;

	at = inf->values = malloc(inf->len + inf->lines + 1);
	if (!at || (plain && !enter_strings(inf, plain, &at)))
		return false;
	for (size_t i = 0; i < inf->sections.count; i++)
		if (inf->sections.name[i].len > 8 &&
		    strncasecmp(inf->sections.name[i].text, "Strings.", 8) == 0 &&
		    !enter_strings(inf, &inf->sections.name[i], &at))
			return false;
	return true;
}

static bool read_text(struct inf *inf, const void *octets, size_t len, uint32_t *number,
		      const char **why)
{
	*number = 1;
	*why = "is larger than 16 MiB";
	if (len > INF_LARGEST)
		return false;
	inf->text = inf_text(octets, len, &inf->len, why);
	if (!inf->text || !read_lines(inf, number, why))
		return false;
	*why = "there is not enough memory";
	return read_strings(inf);
}

struct inf *inf_parse(const char *name, const void *octets, size_t len,
		      char why[static INF_WHY])
{
	struct inf *inf = calloc(1, sizeof(*inf));
	const char *reason;
	uint32_t number;

	snprintf(why, INF_WHY, "%s: there is not enough memory", name);
	if (!inf)
		return NULL;
	inf->label = strdup(name);
	if (inf->label && read_text(inf, octets, len, &number, &reason)) {
		*why = '\0';
		return inf;
	}
	if (inf->label)
		inf_complain(inf, number, why, "%s", reason);
	inf_free(inf);
	return NULL;
}

void inf_free(struct inf *inf)
{
	if (!inf)
		return;
	inf_names_free(&inf->sections);
	inf_names_free(&inf->strings);
	free(inf->values);
	free(inf->line);
	free(inf->text);
	free(inf->label);
	free(inf);
}

bool inf_has_section(const struct inf *inf, const char *section)
{
	return inf_names_find(&inf->sections, section, strlen(section)) != NULL;
}

/* Whether the line may have this key, without reading it: most do not. */
static bool may_have(const struct inf *inf, const struct line *line, const char *key)
{
	const char *p = inf->text + line->at;

	return *p == '"' || *p == '%' || strncasecmp(p, key, strlen(key)) == 0;
}

static bool read_fields(const struct inf *inf, const struct line *line,
			struct inf_fields *out, const char **why)
{
	const char *p = inf->text + line->at, *end = p + line->len;
	/* cppcheck-suppress ctuuninitvar ; it is written here */
	struct writer w = { .p = out->text, .end = out->text + sizeof(out->text) };

	out->key = NULL;
	out->count = 0;
	*why = "has more than 512 fields";
	while (out->count < INF_FIELDS) {
		bool first = out->count == 0 && !out->key;

		out->field[out->count++] = w.p;
		p = write_field(&w, inf, p, end, first);
		*why = "is longer than 32767 octets, with its strings";
		if (w.full)
			return false;
		if (p == end)
			return true;
		if (first && *p == '=')
			out->key = out->field[--out->count];
		p++;
		*why = "has more than 512 fields";
	}
	return false;
}

enum inf_next inf_next(struct inf *inf, const char *section, const char *key,
		       struct inf_cursor *at, struct inf_fields *out,
		       char why[static INF_WHY])
{
	const struct inf_name *name =
		inf_names_find(&inf->sections, section, strlen(section));
	uint32_t next = at->line == 0 ? (name ? name->first : INF_NONE) : at->next;
	const char *reason, *has;

	while (next != INF_NONE) {
		const struct line *line = &inf->line[next];

		at->line = line->number;
		at->next = next = line->next;
		if (++inf->looks > INF_LOOKS) {
			inf_complain(inf, at->line, why, "too many lines are asked for");
			return INF_BAD;
		}
		if (key && !may_have(inf, line, key))
			continue;
		inf->looks += 64; /* reading costs more than passing over */
		if (!read_fields(inf, line, out, &reason)) {
			inf_complain(inf, at->line, why, "%s", reason);
			return INF_BAD;
		}
		has = out->key ? out->key : out->field[0];
		if (!key || strcasecmp(has, key) == 0)
			return INF_LINE;
	}
	return INF_END;
}

const char *inf_field(const struct inf_fields *fields, size_t i)
{
	return i < fields->count ? fields->field[i] : "";
}
