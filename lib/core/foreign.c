#include "lib/core/foreign.h"

#include <string.h>

#include "lib/core/words.h"

#define LINE 16384

static const char *const formats[FOREIGN_FORMATS] = {
	[FOREIGN_NGINX] = "nginx",
	[FOREIGN_DNSMASQ] = "dnsmasq",
};

bool foreign_parse(const char *name, enum foreign_format *out)
{
	int i = words_find(formats, FOREIGN_FORMATS, name);

	if (i < 0)
		return false;
	*out = (enum foreign_format)i;
	return true;
}

enum foreign_result foreign_read(enum foreign_format format, const char *line, size_t len,
				 int64_t now_ms, struct foreign_state *state,
				 struct foreign *out, const char **why)
{
	char copy[LINE];

	*out = (struct foreign){ .ev = event_new(EVENT_MALFORMED) };
	out->ev.time_ms = now_ms;
	*why = "is longer than 16384 octets";
	if (len >= sizeof(copy))
		return FOREIGN_BAD;
	*why = "has a NUL in it";
	if (memchr(line, '\0', len))
		return FOREIGN_BAD;
	memcpy(copy, line, len);
	copy[len] = '\0';
	return format == FOREIGN_NGINX ? foreign_nginx(copy, now_ms, out, why)
				       : foreign_dnsmasq(copy, now_ms, state, out, why);
}
