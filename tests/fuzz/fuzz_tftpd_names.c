/*
 * libFuzzer entry: no name leads up or begins at the real root, and netascii cut
 * into blocks of any size reads back as the text.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/tftpd-lite/names.h"
#include "tools/tftpd-lite/netascii.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

#define LONGEST 4096

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_part(const char *part, size_t len)
{
	must(len > 0);
	must(!(len == 1 && part[0] == '.'));
	must(!(len == 2 && part[0] == '.' && part[1] == '.'));
}

static void check_name(const char *name)
{
	char path[NAMES_PATH];
	const char *why, *part;
	size_t len;

	if (!names_map(name, path, &why))
		return;
	must(strlen(path) < NAMES_PATH && !strchr(path, '\\'));
	for (part = path; *part; part += len + (part[len] != '\0')) {
		len = strcspn(part, "/");
		check_part(part, len);
	}
}

/* What a client makes of it: CR LF is LF, CR NUL is CR. */
static size_t read_back(const uint8_t *sent, size_t len, uint8_t *out)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		if (sent[i] == '\r')
			must(++i < len && (sent[i] == '\n' || sent[i] == '\0'));
		out[used++] =
			sent[i] == '\0' && i > 0 && sent[i - 1] == '\r' ? '\r' : sent[i];
	}
	return used;
}

static void check_text(const uint8_t *text, size_t len, size_t size)
{
	static uint8_t sent[2 * LONGEST + 256], back[2 * LONGEST + 256];
	struct netascii place = NETASCII_START;
	size_t made = 0, n;

	do {
		size_t left = len - place.offset;

		n = netascii_block(&place, text + place.offset, left < size ? left : size,
				   sent + made, size);
		made += n;
	} while (n == size);
	must(read_back(sent, made, back) == len && memcmp(back, text, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	char name[LONGEST + 1];

	if (len < 1 || len > LONGEST)
		return 0;
	memcpy(name, octets, len);
	name[len] = '\0';
	check_name(name);
	check_text(octets + 1, len - 1, octets[0] % 64 + 1);
	return 0;
}
