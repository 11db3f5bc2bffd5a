/*
 * wimxml - what a WIM says of itself: its header, and the editions in its XML.
 *
 * Nothing is unpacked: the header says where the XML lies, in UTF-16.
 *
 * Units   octets.
 * Errors  false, and *why a constant text.
 * Memory  editions are added to the caller's image, which image_free() frees.
 * Source  the Windows Imaging File Format (WIM) paper; the elements WINDOWS,
 *         DISPLAYNAME and TOTALBYTES as dism writes them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/image.h"

#define WIMXML_HEADER 208
#define WIMXML_LARGEST (8 << 20)

struct wimxml_header {
	int64_t xml_at, xml_len;
	int64_t ends; /* the farthest that the header points to: the file is as long */
	unsigned part, parts;
	uint8_t guid[16]; /* the same in all parts of a set */
	unsigned images, boot_index;
	bool solid; /* an ESD: what wimboot cannot read */
};

bool wimxml_header(const uint8_t octets[static WIMXML_HEADER], struct wimxml_header *out,
		   const char **why);

/* Adds an edition for each image; *service: the first one's service pack build, or 0. */
bool wimxml_editions(const uint8_t *xml, size_t len, struct image *out, int *service,
		     const char **why);
