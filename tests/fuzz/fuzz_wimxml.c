/* A WIM's header, and its XML behind it: what is taken can be printed and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/image.h"
#include "lib/media/wimxml.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void prints_again(struct image *image)
{
	struct image again;
	const char *why;
	size_t line;
	char *text;
	struct image_file file = { .name = "install.wim", .size = 1 };

	memset(file.sha256, 'a', 64);
	strcpy(image->name, "a");
	strcpy(image->version, "1");
	if (!image_add_file(image, &file))
		abort();
	text = image_print(image);
	if (!text || !image_parse(text, strlen(text), &again, &line, &why) ||
	    again.editions != image->editions)
		abort();
	image_free(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct image image = { 0 };
	struct wimxml_header header;
	const char *why;
	int service;

	if (len >= WIMXML_HEADER) {
		if (wimxml_header(octets, &header, &why) &&
		    (header.ends < header.xml_at + header.xml_len || header.xml_at < 0))
			abort();
		octets += WIMXML_HEADER;
		len -= WIMXML_HEADER;
	}
	if (wimxml_editions(octets, len, &image, &service, &why))
		prints_again(&image);
	image_free(&image);
	return 0;
}
