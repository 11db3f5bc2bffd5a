/*
 * pkcs7 - who made an Authenticode signature, and over which digest.
 *
 * Errors  pkcs7_parse() returns false and points *why at a constant text.
 * Memory  digest points into the caller's octets.
 * Source  RFC 2315 section 9, RFC 5280 section 4.1; the signed content is
 *         SpcIndirectDataContent (Microsoft's Authenticode paper).
 */
#pragma once

#include "lib/media/der.h"
#include "lib/media/pe.h"

enum pkcs7_hash {
	PKCS7_SHA1,
	PKCS7_SHA256,
	PKCS7_SHA384,
	PKCS7_SHA512,
	PKCS7_HASHES,
};

struct pkcs7 {
	char signer[PE_NAME], issuer[PE_NAME];
	enum pkcs7_hash hash;
	struct der digest;
};

bool pkcs7_parse(struct der text, struct pkcs7 *out, const char **why);
