#include "config.h"

#include "tools/pxeprobe/script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LINE 4096
#define WORDS 64

static void copy(char *out, size_t size, const char *text)
{
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

/* ---- variables ---- */

static size_t find(const struct script_variables *v, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < v->count; i++)
		if (strlen(v->variable[i].name) == len &&
		    memcmp(v->variable[i].name, name, len) == 0)
			break;
	return i;
}

void script_set(struct script_variables *v, const char *name, const char *value)
{
	size_t len = strcspn(name, ":"), i; /* "name:type" sets name */

	if (!len || len >= SCRIPT_NAME)
		return;
	i = find(v, name, len);
	if (i == SCRIPT_VARIABLES)
		return;
	if (i == v->count) {
		memcpy(v->variable[i].name, name, len);
		v->variable[i].name[len] = '\0';
		v->count++;
	}
	copy(v->variable[i].value, SCRIPT_VALUE, value);
}

static const char *get(const struct script_variables *v, const char *name, size_t len)
{
	size_t i = find(v, name, len);

	return i < v->count ? v->variable[i].value : "";
}

const char *script_get(const struct script_variables *v, const char *name)
{
	return get(v, name, strlen(name));
}

struct text {
	char *p, *end; /* one octet is kept for the NUL */
};

static void put(struct text *t, char c)
{
	if (t->p < t->end)
		*t->p++ = c;
}

/* mac:hexhyp is the one type that names files; the others leave a text as it is. */
static void put_value(struct text *t, const char *value, const char *type, size_t len)
{
	bool hyphens = len == 6 && memcmp(type, "hexhyp", 6) == 0;
	bool raw = len == 6 && memcmp(type, "hexraw", 6) == 0;

	for (; *value; value++) {
		if (*value == ':' && raw)
			continue;
		put(t, *value == ':' && hyphens ? '-' : *value);
	}
}

/* ${name} or ${name:type}; text is behind the "${".  Returns where it goes on. */
static const char *put_variable(struct text *t, const struct script_variables *v,
				const char *text)
{
	size_t whole = strcspn(text, "}"), name;

	name = strcspn(text, ":}");
	if (!text[whole])
		return text + whole;
	put_value(t, get(v, text, name), text + name + (name < whole),
		  whole - name - (name < whole));
	return text + whole + 1;
}

static void expand(const struct script_variables *v, const char *text, char *out,
		   size_t size)
{
	struct text t = { .p = out, .end = out + size - 1 };

	while (*text) {
		if (text[0] == '$' && text[1] == '{')
			text = put_variable(&t, v, text + 2);
		else
			put(&t, *text++);
	}
	*t.p = '\0';
}

/* ---- lines and words ---- */

/* The next line, with those that a backslash joins to it; false at the end. */
static bool next_line(const char **p, const char *end, char out[static LINE])
{
	struct text t = { .p = out, .end = out + LINE - 1 };
	bool any = *p < end;

	for (; *p < end && **p != '\n'; (*p)++) {
		if (**p == '\\' && *p + 1 < end && (*p)[1] == '\n')
			(*p)++;
		else if (**p != '\r' && **p != '\0')
			put(&t, **p);
	}
	if (*p < end)
		(*p)++;
	*t.p = '\0';
	return any;
}

/* Cuts in place; quotes are taken off, as in a shell. */
static size_t words(char *line, char *word[static WORDS])
{
	size_t count = 0;
	char *save = NULL;

	for (char *w = strtok_r(line, " \t", &save); w && count < WORDS;
	     w = strtok_r(NULL, " \t", &save)) {
		size_t len = strlen(w);

		if (len >= 2 && (*w == '"' || *w == '\'') && w[len - 1] == *w) {
			w[len - 1] = '\0';
			w++;
		}
		word[count++] = w;
	}
	return count;
}

/* ---- commands ---- */

static const struct verb {
	const char *name;
	enum script_verb verb;
} verbs[] = {
	{ "chain", SCRIPT_CHAIN },      { "imgexec", SCRIPT_CHAIN },
	{ "boot", SCRIPT_CHAIN },       { "kernel", SCRIPT_KERNEL },
	{ "imgselect", SCRIPT_KERNEL }, { "initrd", SCRIPT_KERNEL },
	{ "module", SCRIPT_KERNEL },    { "imgfetch", SCRIPT_FETCH },
	{ "shim", SCRIPT_KERNEL },
};

/* The options of these commands that have a value in the next word. */
static bool takes_value(const char *option)
{
	static const char *const those[] = { "--name", "-n", "--timeout", "-t" };

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (strcmp(option, those[i]) == 0)
			return true;
	return false;
}

/* The first word that is no option, or NULL. */
static const char *argument(char *word[], size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (*word[i] != '-')
			return word[i];
		if (takes_value(word[i]))
			i++;
	}
	return NULL;
}

/* "boot" and "imgexec" may name an image that is loaded already, by its bare name. */
static bool names_file(const char *command, const char *name)
{
	if (strcmp(command, "boot") != 0 && strcmp(command, "imgexec") != 0 &&
	    strcmp(command, "imgselect") != 0)
		return *name;
	return strchr(name, '/') != NULL;
}

static void set_words(char *word[], size_t count, struct script_variables *v)
{
	char text[SCRIPT_VALUE] = "", value[SCRIPT_VALUE];
	size_t len = 0;

	for (size_t i = 2; i < count && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					i > 2 ? " " : "", word[i]);
	expand(v, text, value, sizeof(value));
	script_set(v, word[1], value);
}

static void read_command(char *word[], size_t count, struct script_variables *v,
			 struct script_links *out)
{
	struct script_link *link = &out->link[out->count];
	const char *name;

	if (count >= 2 && strcmp(word[0], "set") == 0)
		set_words(word, count, v);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (count == 0 || strcmp(word[0], verbs[i].name) != 0)
			continue;
		name = argument(word, count);
		if (!name || !names_file(word[0], name) || out->count == SCRIPT_LINKS)
			return;
		link->verb = verbs[i].verb;
		expand(v, name, link->url, sizeof(link->url));
		out->count += *link->url != '\0';
		return;
	}
}

/* One line may hold several commands, joined by || and &&. */
static void read_line(char *line, struct script_variables *v, struct script_links *out)
{
	char *word[WORDS];
	size_t count = words(line, word), first = 0;

	if (!count || *word[0] == '#' || *word[0] == ':')
		return;
	for (size_t i = 0; i <= count; i++) {
		if (i < count && strcmp(word[i], "||") != 0 && strcmp(word[i], "&&") != 0)
			continue;
		read_command(word + first, i - first, v, out);
		first = i + 1;
	}
}

bool script_is(const char *text, size_t len)
{
	return len >= 6 && memcmp(text, "#!ipxe", 6) == 0 &&
	       (len == 6 || strchr(" \t\r\n", text[6]));
}

bool script_read(const char *text, size_t len, struct script_variables *v,
		 struct script_links *out, const char **why)
{
	const char *p = text, *end = text + len;
	char line[LINE];

	out->count = 0;
	if (!script_is(text, len)) {
		*why = "does not begin with #!ipxe";
		return false;
	}
	while (next_line(&p, end, line))
		read_line(line, v, out);
	return true;
}
