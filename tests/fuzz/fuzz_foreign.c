/* Whatever another program's log holds, what is read of it is an event of ours. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void one_line(const char *line, size_t len, enum foreign_format format,
		     struct foreign_state *state)
{
	char text[EVENT_LINE];
	struct foreign seen;
	struct event again;
	const char *why;
	size_t n;

	if (foreign_read(format, line, len, INT64_C(1796056801000), state, &seen, &why) !=
	    FOREIGN_EVENT)
		return;
	n = event_format(&seen.ev, text);
	if (!event_parse(text, n - 1, &again, &why))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	for (int format = 0; format < FOREIGN_FORMATS; format++) {
		struct foreign_state state = { 0 };
		const char *at = (const char *)octets, *end = at + len;

		while (at < end) {
			const char *newline = memchr(at, '\n', (size_t)(end - at));
			const char *stop = newline ? newline : end;

			one_line(at, (size_t)(stop - at), (enum foreign_format)format,
				 &state);
			at = stop + 1;
		}
	}
	return 0;
}
