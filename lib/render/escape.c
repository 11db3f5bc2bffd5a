#include "lib/render/escape.h"

#include <stdint.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "lib/render/language.h"

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

bool language_printable(const char *value, const char *but, const char **why)
{
	while (*value) {
		uint32_t code;
		size_t len = utf8_take(value, &code);
		bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);

		if (!len)
			return refuse(why, "the value is not UTF-8");
		if (control && !(len == 1 && strchr(but, *value)))
			return refuse(why, "the value holds a control character");
		value += len;
	}
	return true;
}

static bool text_literal(struct escape *e, char c, const char **why)
{
	(void)why;
	text_put_char(e->out, c);
	return true;
}

static bool text_value(struct escape *e, const char *value, const char **why)
{
	if (!language_printable(value, "\n\t", why))
		return false;
	text_put_string(e->out, value);
	return true;
}

/* Text as the programs of Windows read it: lines end in CR LF. */
static bool dos_literal(struct escape *e, char c, const char **why)
{
	if (c == '\r')
		return refuse(why, "lines end in a newline alone here");
	text_put_string(e->out, c == '\n' ? "\r\n" : (char[]){ c, '\0' });
	return true;
}

static bool dos_value(struct escape *e, const char *value, const char **why)
{
	for (const char *p = value; *p; p++)
		if (*p < 0x20 || *p >= 0x7f)
			return refuse(why, "it takes one line of printable ASCII only");
	text_put_string(e->out, value);
	return true;
}

enum { LINE_START, FIRST_WORD, BEHIND_WORD };

static bool pxelinux_literal(struct escape *e, char c, const char **why)
{
	(void)why;
	if (c == '\n')
		e->place = LINE_START;
	else if (e->place == LINE_START && c != ' ' && c != '\t')
		e->place = FIRST_WORD;
	else if (e->place == FIRST_WORD && (c == ' ' || c == '\t'))
		e->place = BEHIND_WORD;
	text_put_char(e->out, c);
	return true;
}

static bool pxelinux_value(struct escape *e, const char *value, const char **why)
{
	if (e->place != BEHIND_WORD)
		return refuse(why, "a value must stand behind the first word of a line");
	if (!language_printable(value, "", why))
		return false;
	text_put_string(e->out, value);
	return true;
}

static const struct language_rules rules[LANGUAGES] = {
	[LANGUAGE_TEXT] = { "text", { ".txt" }, text_literal, text_value, NULL, NULL },
	[LANGUAGE_SHELL] = { "shell",
			     { ".sh", ".conf" },
			     shell_literal,
			     shell_value,
			     shell_end,
			     NULL },
	[LANGUAGE_GRUB] = { "grub",
			    { ".grub", "grub.cfg" },
			    shell_literal,
			    grub_value,
			    shell_end,
			    NULL },
	[LANGUAGE_PXELINUX] = { "pxelinux",
				{ ".pxelinux" },
				pxelinux_literal,
				pxelinux_value,
				NULL,
				NULL },
	[LANGUAGE_IPXE] = { "ipxe",
			    { ".ipxe" },
			    line_literal,
			    line_value,
			    line_end,
			    line_run },
	[LANGUAGE_CMD] = { "cmd",
			   { ".cmd" },
			   line_literal,
			   line_value,
			   line_end,
			   line_run },
	[LANGUAGE_XML] = { "xml", { ".xml" }, xml_literal, xml_value, xml_end, NULL },
	[LANGUAGE_YAML] = { "yaml",
			    { ".yaml" },
			    yaml_literal,
			    yaml_value,
			    yaml_end,
			    NULL },
	[LANGUAGE_JSON] = { "json",
			    { ".json" },
			    json_literal,
			    json_value,
			    json_end,
			    NULL },
	[LANGUAGE_HTML] = { "html",
			    { ".html" },
			    html_literal,
			    html_value,
			    html_end,
			    NULL },
	[LANGUAGE_PRESEED] = { "preseed",
			       { ".preseed" },
			       preseed_literal,
			       preseed_value,
			       preseed_end,
			       NULL },
	[LANGUAGE_KICKSTART] = { "kickstart",
				 { ".kickstart" },
				 kickstart_literal,
				 kickstart_value,
				 kickstart_end,
				 NULL },
	[LANGUAGE_DOS] = { "dos",
			   { ".ini", ".diskpart" },
			   dos_literal,
			   dos_value,
			   NULL,
			   NULL },
};

static bool has_suffix(const char *file, const char *suffix)
{
	size_t len = strlen(file), n = strlen(suffix);

	return len >= n && strcmp(file + len - n, suffix) == 0;
}

bool language_of(const char *file, enum language *out)
{
	for (int i = 0; i < LANGUAGES; i++)
		for (const char *const *s = rules[i].suffixes; *s; s++)
			if (has_suffix(file, *s)) {
				*out = (enum language)i;
				return true;
			}
	return false;
}

const char *language_name(enum language language)
{
	return rules[language].name;
}

struct escape escape_begin(enum language language, struct text *out)
{
	return (struct escape){
		.language = language, .out = out, .previous = '\n', .key_column = SIZE_MAX
	};
}

size_t escape_run(struct escape *e, const char *text, size_t len)
{
	const struct language_rules *rule = &rules[e->language];
	size_t taken = rule->run && len ? rule->run(e, text, len) : 0;

	if (taken)
		e->previous = text[taken - 1];
	return taken;
}

bool escape_literal(struct escape *e, const char *text, size_t len, const char **why)
{
	const struct language_rules *rule = &rules[e->language];

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\0')
			return refuse(why, "the template holds a NUL");
		if (!rule->literal(e, text[i], why))
			return false;
		e->previous = text[i];
	}
	return true;
}

bool escape_value(struct escape *e, const char *value, const char **why)
{
	if (!rules[e->language].value(e, value, why))
		return false;
	e->previous = 'x';
	return true;
}

bool escape_end(struct escape *e, const char **why)
{
	bool ok = !rules[e->language].end || rules[e->language].end(e, why);

	if (ok && (e->out->full || e->line.full))
		ok = refuse(why, "the text grows too long");
	text_free(&e->line);
	return ok;
}
