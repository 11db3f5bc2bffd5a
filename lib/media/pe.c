#include "config.h"

#include "lib/media/pe.h"

#include <ctype.h>
#include <nettle/nettle-meta.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/pe_inside.h"
#include "lib/media/pkcs7.h"

#define CERTIFICATE_PKCS 2 /* WIN_CERT_TYPE_PKCS_SIGNED_DATA */
#define DIGEST_MAX 64

/* ---- headers ---- */

static bool is_efi(uint16_t subsystem)
{
	return subsystem >= 10 && subsystem <= 13;
}

/* The optional header, of which 32 and 64 bit programs differ from octet 72 on. */
static bool read_optional(struct program *p, size_t at, size_t len, struct pe *out)
{
	size_t directories, count;

	if (len < 72 || !pe_has(p, at, len))
		return false;
	if (pe_u16(p, at) != PE_MAGIC_32 && pe_u16(p, at) != PE_MAGIC_64)
		return false;
	directories = pe_u16(p, at) == PE_MAGIC_64 ? 112 : 96;
	out->efi = is_efi(pe_u16(p, at + 68));
	p->checksum = at + 64;
	if (len < directories)
		return true;
	count = pe_u32(p, at + directories - 4);
	if (count < 5 || len < directories + 40)
		return true;
	p->directory = at + directories + 32;
	p->table = pe_u32(p, p->directory);
	p->table_len = pe_u32(p, p->directory + 4);
	return true;
}

static bool read_headers(struct program *p, struct pe *out, const char **why)
{
	size_t at;

	*why = "is not a program for EFI or Windows";
	if (!pe_has(p, 0, 64) || memcmp(p->octets, "MZ", 2) != 0)
		return false;
	at = pe_u32(p, 0x3c);
	if (!pe_has(p, at, 24) || memcmp(p->octets + at, "PE\0\0", 4) != 0)
		return false;
	out->machine = pe_u16(p, at + 4);
	*why = "has damaged headers";
	return read_optional(p, at + 24, pe_u16(p, at + 20), out);
}

/* ---- signatures ---- */

static void update(const struct program *p, const struct nettle_hash *hash, void *context,
		   size_t from, size_t to)
{
	if (from < to)
		hash->update(context, to - from, p->octets + from);
}

/* All but the check sum, the place of the table and the table itself. */
static bool digest_fits(const struct program *p, const struct pkcs7 *signature)
{
	static const struct nettle_hash *const hashes[PKCS7_HASHES] = {
		[PKCS7_SHA1] = &nettle_sha1,
		[PKCS7_SHA256] = &nettle_sha256,
		[PKCS7_SHA384] = &nettle_sha384,
		[PKCS7_SHA512] = &nettle_sha512,
	};
	const struct nettle_hash *hash = hashes[signature->hash];
	void *context = malloc(hash->context_size);
	uint8_t digest[DIGEST_MAX];

	if (!context)
		return false;
	hash->init(context);
	update(p, hash, context, 0, p->checksum);
	update(p, hash, context, p->checksum + 4, p->directory);
	update(p, hash, context, p->directory + 8, p->table);
	update(p, hash, context, p->table + p->table_len, p->len);
	hash->digest(context, hash->digest_size, digest);
	free(context);
	return der_is(signature->digest, digest, hash->digest_size);
}

/* The year at the end of the name of one of Microsoft's CAs for firmware. */
static unsigned ca_year(const char *issuer)
{
	static const char *const of_microsoft[] = {
		"Microsoft Corporation UEFI CA ",
		"Microsoft UEFI CA ",
		"Microsoft Option ROM UEFI CA ",
		"Microsoft Windows Production PCA ",
		"Windows UEFI CA ",
	};

	for (size_t i = 0; i < sizeof(of_microsoft) / sizeof(of_microsoft[0]); i++) {
		size_t len = strlen(of_microsoft[i]);
		const char *year = issuer + len;

		if (strncmp(issuer, of_microsoft[i], len) == 0 &&
		    strspn(year, "0123456789") == 4 && !year[4])
			return (unsigned)strtoul(year, NULL, 10);
	}
	return 0;
}

static bool add_signature(const struct program *p, struct der text, struct pe *out,
			  const char **why)
{
	struct pkcs7 signature;
	struct pe_signature *s;

	if (!pkcs7_parse(text, &signature, why))
		return false;
	if (out->signatures == PE_SIGNATURES)
		return true;
	s = &out->signature[out->signatures++];
	memcpy(s->signer, signature.signer, sizeof(s->signer));
	memcpy(s->issuer, signature.issuer, sizeof(s->issuer));
	s->ca_year = ca_year(s->issuer);
	s->fits = digest_fits(p, &signature);
	return true;
}

/* The table is a row of WIN_CERTIFICATE, each at a multiple of 8 octets. */
static bool read_table(const struct program *p, struct pe *out, const char **why)
{
	size_t at = p->table, end = p->table + p->table_len, len;

	*why = "is cut off, or its table of signatures is damaged";
	if (!p->table_len)
		return true;
	if (p->table < p->directory + 8 || !pe_has(p, p->table, p->table_len))
		return false;
	for (; end - at >= 8; at += len) {
		*why = "is cut off, or its table of signatures is damaged";
		len = pe_u32(p, at);
		if (len < 8 || len > end - at)
			return false;
		if (pe_u16(p, at + 6) == CERTIFICATE_PKCS &&
		    !add_signature(p, der(p->octets + at + 8, len - 8), out, why))
			return false;
		len = (len + 7) & ~(size_t)7;
		if (len > end - at)
			break;
	}
	return true;
}

bool pe_parse(const void *octets, size_t len, struct pe *out, const char **why)
{
	struct program p = { .octets = octets, .len = len };

	memset(out, 0, sizeof(*out));
	return read_headers(&p, out, why) && read_table(&p, out, why);
}

const char *pe_machine_name(uint16_t machine)
{
	static const struct {
		uint16_t machine;
		const char *name;
	} names[] = {
		{ PE_I386, "i386" },       { PE_ARM, "arm" },
		{ PE_X86_64, "x86_64" },   { PE_ARM64, "arm64" },
		{ PE_RISCV64, "riscv64" }, { PE_LOONGARCH64, "loongarch64" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return NULL;
}
