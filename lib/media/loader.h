/*
 * loader - what a first file is: for which firmware, and who signed it.
 *
 * Memory  results are values; the octets are borrowed during the call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/image.h"
#include "lib/media/pe.h"

#define LOADER_LARGEST (32 << 20) /* octets */

struct loader {
	char sha256[IMAGE_SHA256];
	int64_t size;
	bool is_pe;    /* program says the rest */
	bool is_linux; /* a BIOS starts it as it starts a kernel: wimboot, ipxe.lkrn */
	bool is_hive;  /* a BCD */
	const char *damage; /* why what begins like a program is none, or NULL */
	struct pe program;
};

void loader_read(const void *octets, size_t len, struct loader *out);

/* "EFI x86_64", "BIOS, EFI x86_64", "BCD", "BIOS" for what is nothing else. */
#define LOADER_FORM 64
void loader_form(const struct loader *loader, char out[static LOADER_FORM]);

/* "not signed", "SIGNER (CA)", several with commas; "" for what cannot be signed. */
#define LOADER_SIGNERS 600
void loader_signers(const struct loader *loader, char out[static LOADER_SIGNERS]);

/* Whether a CA of Microsoft of that year, or of any if 0, vouches for it. */
bool loader_vouched(const struct loader *loader, unsigned year);

/* Whether each digest that was signed is the file's. */
bool loader_fits(const struct loader *loader);
