#include "config.h"

#include "lib/media/loader.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

static void sum(const void *octets, size_t len, char out[static IMAGE_SHA256])
{
	struct sha256_ctx context;
	uint8_t digest[32];

	sha256_init(&context);
	sha256_update(&context, len, octets);
	sha256_digest(&context, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static bool holds(const uint8_t *octets, size_t len, size_t at, const char *magic)
{
	size_t n = strlen(magic);

	return len >= at + n && memcmp(octets + at, magic, n) == 0;
}

void loader_read(const void *octets, size_t len, struct loader *out)
{
	const char *why;

	*out = (struct loader){ .size = (int64_t)len };
	sum(octets, len, out->sha256);
	out->is_linux = holds(octets, len, 0x202, "HdrS");
	out->is_hive = holds(octets, len, 0, "regf");
	out->is_pe = pe_parse(octets, len, &out->program, &why);
	if (!out->is_pe && holds(octets, len, 0, "MZ") && !out->is_linux)
		out->damage = why;
}

void loader_form(const struct loader *loader, char out[static LOADER_FORM])
{
	const char *machine = pe_machine_name(loader->program.machine);

	if (loader->is_hive)
		snprintf(out, LOADER_FORM, "BCD");
	else if (loader->damage)
		snprintf(out, LOADER_FORM, "damaged");
	else if (!loader->is_pe)
		snprintf(out, LOADER_FORM, "BIOS");
	else
		snprintf(out, LOADER_FORM, "%s%s %s", loader->is_linux ? "BIOS, " : "",
			 loader->program.efi ? "EFI" : "Windows",
			 machine ? machine : "unknown");
}

void loader_signers(const struct loader *loader, char out[static LOADER_SIGNERS])
{
	size_t len = 0;

	*out = '\0';
	if (loader->is_pe && !loader->program.signatures)
		snprintf(out, LOADER_SIGNERS, "not signed");
	for (size_t i = 0; i < loader->program.signatures && len < LOADER_SIGNERS; i++) {
		const struct pe_signature *s = &loader->program.signature[i];

		len += (size_t)snprintf(out + len, LOADER_SIGNERS - len, "%s%s (%s)",
					i ? ", " : "", s->signer, s->issuer);
	}
}

bool loader_vouched(const struct loader *loader, unsigned year)
{
	for (size_t i = 0; i < loader->program.signatures; i++) {
		unsigned of = loader->program.signature[i].ca_year;

		if (of && (!year || of == year))
			return true;
	}
	return false;
}

bool loader_fits(const struct loader *loader)
{
	for (size_t i = 0; i < loader->program.signatures; i++)
		if (!loader->program.signature[i].fits)
			return false;
	return true;
}
