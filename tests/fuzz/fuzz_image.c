/* A manifest that is taken has a name, a version, and a hash for every file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct image image;
	const char *why;
	size_t line;

	if (!image_parse((const char *)octets, len, &image, &line, &why))
		return 0;
	for (size_t i = 0; i < image.files; i++)
		if (strlen(image.file[i].sha256) != 64)
			abort();
	image_free(&image);
	return 0;
}
