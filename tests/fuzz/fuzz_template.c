/*
 * The first octet says the language, what follows up to a NUL is the template,
 * the rest a value.
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/render/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static const char *const files[] = { "t.txt",      "t.sh",  "t.grub", "t.pxelinux",
				     "t.ipxe",     "t.cmd", "t.xml",  "t.yaml",
				     "t.json",     "t",     "t.html", "t.preseed",
				     "t.kickstart" };

static void render(const char *file, const char *text, size_t len, const char *value)
{
	static const char *const fields[] = { "v", NULL };
	const struct template_value v = { .name = "v", .text = value };
	const struct template_scope items[] = { { &v, 1 }, { &v, 1 } };
	const struct template_value values[] = {
		{ .name = "v", .text = value },
		{ .name = "e", .text = "" },
		{ .name = "l", .item = items, .items = 2, .fields = fields },
		{ .name = "n", .fields = fields },
	};
	const struct template_scope scope = { values, 4 };
	char *out, why[TEMPLATE_WHY];
	size_t out_len;

	if (!template_render(file, text, len, &scope, &out, &out_len, why)) {
		if (!memchr(why, '\0', sizeof(why)) || !*why)
			abort();
		return;
	}
	if (strlen(out) != out_len)
		abort();
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	const char *text = (const char *)octets + 1, *behind = (const char *)octets + len;
	const char *end;
	char *value;

	if (len < 2)
		return 0;
	end = memchr(text, '\0', len - 1);
	if (!end)
		end = behind;
	value = end < behind ? strndup(end + 1, (size_t)(behind - end - 1)) : strdup("");
	if (!value)
		return 0;
	render(files[octets[0] % (sizeof(files) / sizeof(files[0]))], text,
	       (size_t)(end - text), value);
	free(value);
	return 0;
}
