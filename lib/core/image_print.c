/* The manifest as text, and how an image in memory grows. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/image.h"

#define FILES_MAX 4096
#define EDITIONS_MAX 1024

bool image_add_file(struct image *image, const struct image_file *file)
{
	struct image_file *more;

	if (image->files >= FILES_MAX)
		return false;
	more = realloc(image->file, (image->files + 1) * sizeof(*more));
	if (!more)
		return false;
	image->file = more;
	more[image->files++] = *file;
	return true;
}

bool image_add_edition(struct image *image, const struct image_edition *edition)
{
	struct image_edition *more;

	if (image->editions >= EDITIONS_MAX)
		return false;
	more = realloc(image->edition, (image->editions + 1) * sizeof(*more));
	if (!more)
		return false;
	image->edition = more;
	more[image->editions++] = *edition;
	return true;
}

static const char *or_dash(const char *word)
{
	return *word ? word : "-";
}

static void print_head(FILE *out, const struct image *image)
{
	fprintf(out, "# pxekit-image: 1\n# name: %s\n# version: %s\n# kind: %s\n",
		image->name, image->version, image_kind_name(image->kind));
	if (image->answers)
		fprintf(out, "# answers: %s\n", image_answers_name(image->answers));
	if (*image->arch)
		fprintf(out, "# arch: %s\n", image->arch);
	if (image->min_disk)
		fprintf(out, "# min-disk: %" PRId64 "\n", image->min_disk);
	if (*image->comment)
		fprintf(out, "# comment: %s\n", image->comment);
}

static void print_editions(FILE *out, const struct image *image)
{
	for (size_t i = 0; i < image->editions; i++) {
		const struct image_edition *e = &image->edition[i];

		fprintf(out, "# edition: %d %d %s %s %s %s %" PRId64 " %s\n", e->index,
			e->build, or_dash(e->arch), or_dash(e->type), or_dash(e->id),
			or_dash(e->language), e->size, e->name);
		if (*e->wim_name)
			fprintf(out, "# wim-name: %d %s\n", e->index, e->wim_name);
	}
}

static void print_drivers(FILE *out, const struct image *image)
{
	for (const char *line = image->drivers; *line; line += strcspn(line, "\n") + 1)
		fprintf(out, "# driver: %.*s\n", (int)strcspn(line, "\n"), line);
}

char *image_print(const struct image *image)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	print_head(out, image);
	print_editions(out, image);
	print_drivers(out, image);
	for (size_t i = 0; i < image->files; i++)
		if (image->file[i].size >= 0)
			fprintf(out, "# size: %" PRId64 " %s\n", image->file[i].size,
				image->file[i].name);
	for (size_t i = 0; i < image->files; i++)
		fprintf(out, "%s  %s\n", image->file[i].sha256, image->file[i].name);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
