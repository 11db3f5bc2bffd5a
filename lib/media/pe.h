/*
 * pe - a program for EFI or Windows: for which machine it is, and who signed it.
 *
 * The digest in each signature is compared with that of the file, which finds a
 * file that was cut or changed after it was signed.  The signature itself is not
 * verified: only firmware knows whom it trusts.
 *
 * Errors  pe_parse() returns false and points *why at a constant text.
 * Memory  results are values; the octets are borrowed during the call.
 * Source  Microsoft, "PE Format" and "Windows Authenticode Portable Executable
 *         Signature Format"; RFC 2315 (PKCS #7) section 9, RFC 5280 section 4.1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PE_NAME 128     /* octets of UTF-8 with the NUL */
#define PE_SIGNATURES 8 /* more are checked, not kept */

enum pe_machine {
	PE_I386 = 0x014c,
	PE_ARM = 0x01c2,
	PE_X86_64 = 0x8664,
	PE_ARM64 = 0xaa64,
	PE_RISCV64 = 0x5064,
	PE_LOONGARCH64 = 0x6264,
};

struct pe_signature {
	char signer[PE_NAME]; /* the common names of who signed ... */
	char issuer[PE_NAME]; /* ... and of whom vouches for it: the CA in firmware */
	unsigned ca_year;     /* of Microsoft's CAs: 2011 or 2023; 0 of all others */
	bool fits;            /* the digest that was signed is this file's */
};

struct pe {
	uint16_t machine; /* enum pe_machine, or another number */
	bool efi;         /* an application or driver for UEFI */
	size_t signatures;
	struct pe_signature signature[PE_SIGNATURES];
};

/* False for what is no such program at all, or one whose signatures are damaged. */
bool pe_parse(const void *octets, size_t len, struct pe *out, const char **why);

/* "x86_64", "arm64", ...; NULL for a machine we have no name for. */
const char *pe_machine_name(uint16_t machine);
