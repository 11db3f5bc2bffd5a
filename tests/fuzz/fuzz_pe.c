/*
 * Names of a signature are short texts that no terminal obeys; those of DLLs are names
 * of files.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "lib/media/pe.h"
#include "lib/media/pe_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void check(const char *name)
{
	size_t take;

	if (!memchr(name, '\0', PE_NAME))
		abort();
	for (; *name; name += take) {
		take = utf8_take(name, NULL);
		if (!take || (unsigned char)*name < 0x20 || *name == 0x7f)
			abort();
	}
}

static void check_dll(const char *name, void *arg)
{
	(void)arg;
	check(name);
	if (!*name || strlen(name) >= PE_IMPORT_NAME || strpbrk(name, "/\\:"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct pe pe;
	const char *why = NULL;

	if (!pe_imports(octets, len, check_dll, NULL, &why) && !why)
		abort();
	why = NULL;
	if (!pe_parse(octets, len, &pe, &why)) {
		if (!why)
			abort();
		return 0;
	}
	if (pe.signatures > PE_SIGNATURES)
		abort();
	for (size_t i = 0; i < pe.signatures; i++) {
		check(pe.signature[i].signer);
		check(pe.signature[i].issuer);
	}
	return 0;
}
