#include "config.h"

#include "lib/sys/print.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/sys/exits.h"
#include "lib/sys/now.h"

/* The length of the UTF-8 character at s and its code point; 0 if it is none. */
static size_t character(const unsigned char *s, uint32_t *code)
{
	size_t len = *s < 0x80 ? 1 : *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc2 ? 2 : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (len == 0 || *s > 0xf4)
		return 0;
	*code = len == 1 ? *s : *s & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return len;
}

/* Controls of either set, and those that turn the direction of writing. */
static bool acts_on_terminals(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

char *print_safe(const char *text, char *out, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	char *p = out, *end = out + size - 1;

	while (*s) {
		uint32_t code;
		size_t len = character(s, &code), n = len ? len : 1;
		bool keep = len && !acts_on_terminals(code);

		if (*s == '\n' || *s == '\t') {
			if (p == end)
				break;
			*p++ = ' ';
		} else if (keep) {
			if (n > (size_t)(end - p))
				break;
			memcpy(p, s, n);
			p += n;
		} else {
			if (4 * n > (size_t)(end - p))
				break;
			for (size_t i = 0; i < n; i++)
				p += snprintf(p, 5, "\\%03o", s[i]);
		}
		s += n;
	}
	*p = '\0';
	return out;
}

void print_text(const char *text)
{
	char safe[PRINT_SAFE];

	fputs(print_safe(text, safe, sizeof(safe)), stdout);
}

/* ---- times and sizes ---- */

static struct tm local(int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm = { 0 };

	localtime_r(&seconds, &tm);
	return tm;
}

char *print_time(int64_t time_ms, char out[static PRINT_TIME])
{
	struct tm then = local(time_ms), now = local(now_ms());

	if (!time_ms)
		snprintf(out, PRINT_TIME, "-");
	else if (then.tm_year == now.tm_year && then.tm_yday == now.tm_yday)
		strftime(out, PRINT_TIME, "%H:%M:%S", &then);
	else if (then.tm_year == now.tm_year)
		strftime(out, PRINT_TIME, "%b %d %H:%M", &then);
	else
		strftime(out, PRINT_TIME, "%Y-%m-%d", &then);
	return out;
}

char *print_clock(int64_t time_ms, char out[static PRINT_TIME])
{
	struct tm tm = local(time_ms);
	size_t len = strftime(out, PRINT_TIME, "%Y-%m-%d %H:%M:%S", &tm);

	snprintf(out + len, PRINT_TIME - len, ".%03u", (unsigned)(time_ms % 1000));
	return out;
}

char *print_duration(int64_t ms, char out[static PRINT_TIME])
{
	int64_t s = (ms + 500) / 1000;

	if (ms < 0)
		snprintf(out, PRINT_TIME, "-");
	else if (ms < 1000)
		snprintf(out, PRINT_TIME, "%" PRId64 " ms", ms);
	else if (ms < 59950)
		snprintf(out, PRINT_TIME, "%" PRId64 ".%" PRId64 " s", (ms + 50) / 1000,
			 (ms + 50) / 100 % 10);
	else if (s < 3600)
		snprintf(out, PRINT_TIME, "%" PRId64 " min %02d s", s / 60,
			 (int)(s % 60));
	else
		snprintf(out, PRINT_TIME, "%" PRId64 " h %02d min", s / 3600,
			 (int)(s / 60 % 60));
	return out;
}

char *print_octets(int64_t octets, char out[static PRINT_TIME])
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	double n = (double)octets;
	size_t i = 0;

	if (octets < 1000) {
		snprintf(out, PRINT_TIME, "%" PRId64 " octets", octets);
		return out;
	}
	for (n /= 1000; n >= 999.95 && i < 5; i++)
		n /= 1000;
	snprintf(out, PRINT_TIME, "%.1f %s", n, units[i]);
	return out;
}

char *print_mac(const struct mac *mac, char out[static MAC_TEXT])
{
	static const struct mac none;

	if (mac_equal(mac, &none))
		snprintf(out, MAC_TEXT, "-");
	else
		mac_format(mac, ':', out);
	return out;
}

/* ---- JSON ---- */

bool print_object(FILE *out, void (*build)(struct jsonout *j, const void *what),
		  const void *what)
{
	size_t size = 8192, len;
	char *buffer = NULL;
	struct jsonout j;

	do {
		size *= 2;
		free(buffer);
		buffer = malloc(size);
		if (!buffer)
			return false;
		j = jsonout_begin(buffer, size);
		jsonout_open(&j, NULL, '{');
		build(&j, what);
		jsonout_close(&j, '}');
	} while (!jsonout_end(&j, &len));
	fwrite(buffer, 1, len, out);
	free(buffer);
	return true;
}

static void put_object(void (*build)(struct jsonout *j, const void *what),
		       const void *what)
{
	if (!print_object(stdout, build, what))
		err(EXIT_FAILED, "JSON");
}

void print_json(void (*build)(struct jsonout *j, const void *what), const void *what)
{
	put_object(build, what);
	putchar('\n');
}

void print_list_item(struct print_list *list,
		     void (*build)(struct jsonout *j, const void *what), const void *what)
{
	if (list->comma)
		putchar(',');
	else
		printf("{\"%s\":[", list->name);
	list->comma = true;
	put_object(build, what);
}

void print_list_end(struct print_list *list)
{
	if (!list->comma)
		printf("{\"%s\":[", list->name);
	puts("]}");
}
