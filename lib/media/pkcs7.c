#include "config.h"

#include "lib/media/pkcs7.h"

#include <string.h>

#include "lib/core/utf8.h"

/* Object identifiers as they stand in DER. */
#define OID_SIGNED_DATA "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_INDIRECT_DATA "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04"
#define OID_COMMON_NAME "\x55\x04\x03"
#define IS(value, oid) der_is(value, oid, sizeof(oid) - 1)

static const struct {
	const char *oid;
	size_t len;
} hashes[PKCS7_HASHES] = {
	[PKCS7_SHA1] = { "\x2b\x0e\x03\x02\x1a", 5 },
	[PKCS7_SHA256] = { "\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9 },
	[PKCS7_SHA384] = { "\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9 },
	[PKCS7_SHA512] = { "\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9 },
};

/* ---- names ---- */

static size_t put_utf8(uint16_t c, char out[static 3])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

/* Big-endian UTF-16; half a pair is shown as '?', and so is what controls a terminal. */
static void copy_bmp(struct der value, char out[static PE_NAME])
{
	size_t len = 0;

	for (; der_left(&value) >= 2 && len + 3 < PE_NAME; value.p += 2) {
		uint16_t c = (uint16_t)(value.p[0] << 8 | value.p[1]);
		bool odd = c < 0x20 || (c >= 0x7f && c < 0xa0) ||
			   (c >= 0xd800 && c < 0xe000);

		len += put_utf8(odd ? '?' : c, out + len);
	}
	out[len] = '\0';
}

/* UTF-8 is taken by whole characters; in the older sets only ASCII is told apart. */
static void copy_octets(struct der value, bool utf8, char out[static PE_NAME])
{
	char text[PE_NAME] = "";
	size_t have = der_left(&value), len = 0, take;

	memcpy(text, value.p, have < PE_NAME ? have : PE_NAME - 1);
	for (const char *p = text; *p; p += take) {
		take = utf8 || !(*p & 0x80) ? utf8_take(p, NULL) : 0;
		if (take > 1)
			memcpy(out + len, p, take);
		else
			out[len] = take && *p >= 0x20 && *p < 0x7f ? *p : '?';
		take = take ? take : 1;
		len += take;
	}
	out[len] = '\0';
}

static void copy_text(uint8_t tag, struct der value, char out[static PE_NAME])
{
	if (tag == DER_BMP)
		copy_bmp(value, out);
	else
		copy_octets(value, tag == DER_UTF8, out);
}

/* The last common name; a name without one stays "". */
static bool read_name(struct der name, char out[static PE_NAME])
{
	struct der set, pair, oid, value;
	uint8_t tag;

	*out = '\0';
	while (der_take(&name, DER_SET, &set))
		while (der_take(&set, DER_SEQUENCE, &pair)) {
			if (!der_take(&pair, DER_OID, &oid) ||
			    !der_next(&pair, &tag, &value))
				return false;
			if (IS(oid, OID_COMMON_NAME))
				copy_text(tag, value, out);
		}
	return der_left(&name) == 0;
}

/* ---- certificates ---- */

struct cert {
	struct der serial, issuer, subject;
};

static bool read_cert(struct der text, struct cert *out)
{
	struct der tbs;

	if (!der_take(&text, DER_SEQUENCE, &tbs))
		return false;
	der_take(&tbs, DER_CONTEXT_0, NULL); /* the version; without it: 1 */
	return der_take(&tbs, DER_INTEGER, &out->serial) &&
	       der_take(&tbs, DER_SEQUENCE, NULL) &&
	       der_take(&tbs, DER_SEQUENCE, &out->issuer) &&
	       der_take(&tbs, DER_SEQUENCE, NULL) &&
	       der_take(&tbs, DER_SEQUENCE, &out->subject);
}

static bool find_cert(struct der certs, struct der issuer, struct der serial,
		      struct cert *out)
{
	struct der text;

	while (der_take(&certs, DER_SEQUENCE, &text))
		if (read_cert(text, out) && der_equal(out->issuer, issuer) &&
		    der_equal(out->serial, serial))
			return true;
	return false;
}

/* ---- the signed data ---- */

static bool read_hash(struct der algorithm, enum pkcs7_hash *out)
{
	struct der oid;

	if (!der_take(&algorithm, DER_OID, &oid))
		return false;
	for (size_t i = 0; i < PKCS7_HASHES; i++)
		if (der_is(oid, hashes[i].oid, hashes[i].len)) {
			*out = (enum pkcs7_hash)i;
			return true;
		}
	return false;
}

/* SpcIndirectDataContent: what is signed, and the digest of it. */
static bool read_content(struct der content, struct pkcs7 *out, const char **why)
{
	struct der oid, outer, inner, info, algorithm;

	*why = "its signature is not one over a program (Authenticode)";
	if (!der_take(&content, DER_OID, &oid) || !IS(oid, OID_INDIRECT_DATA) ||
	    !der_take(&content, DER_CONTEXT_0, &outer) ||
	    !der_take(&outer, DER_SEQUENCE, &inner) ||
	    !der_take(&inner, DER_SEQUENCE, NULL) ||
	    !der_take(&inner, DER_SEQUENCE, &info))
		return false;
	*why = "its signature has a digest of an unknown kind";
	return der_take(&info, DER_SEQUENCE, &algorithm) &&
	       read_hash(algorithm, &out->hash) &&
	       der_take(&info, DER_OCTETS, &out->digest);
}

/* SignerInfo names a certificate by its issuer and number. */
static bool read_signer(struct der signers, struct der certs, struct pkcs7 *out,
			const char **why)
{
	struct der signer, which, issuer, serial;
	struct cert cert;

	*why = "its signature does not say who signed";
	if (!der_take(&signers, DER_SEQUENCE, &signer) ||
	    !der_take(&signer, DER_INTEGER, NULL) ||
	    !der_take(&signer, DER_SEQUENCE, &which) ||
	    !der_take(&which, DER_SEQUENCE, &issuer) ||
	    !der_take(&which, DER_INTEGER, &serial))
		return false;
	*why = "its signature lacks the certificate of who signed";
	if (!find_cert(certs, issuer, serial, &cert))
		return false;
	*why = "a name in its signature cannot be read";
	return read_name(cert.subject, out->signer) && read_name(issuer, out->issuer);
}

/* The OID in front may be missing (UEFI specification 2.10, section 32.5.3.3). */
static bool unwrap(struct der text, struct der *out)
{
	struct der outer, oid, inner;

	if (!der_take(&text, DER_SEQUENCE, &outer))
		return false;
	*out = outer;
	if (der_tag(&outer) == DER_INTEGER)
		return true;
	return der_take(&outer, DER_OID, &oid) && IS(oid, OID_SIGNED_DATA) &&
	       der_take(&outer, DER_CONTEXT_0, &inner) &&
	       der_take(&inner, DER_SEQUENCE, out);
}

bool pkcs7_parse(struct der text, struct pkcs7 *out, const char **why)
{
	struct der data, content, certs = { 0 }, signers;

	memset(out, 0, sizeof(*out));
	*why = "its signature is not PKCS #7 signed data";
	if (!unwrap(text, &data) || !der_take(&data, DER_INTEGER, NULL) ||
	    !der_take(&data, DER_SET, NULL) || !der_take(&data, DER_SEQUENCE, &content))
		return false;
	if (!read_content(content, out, why))
		return false;
	der_take(&data, DER_CONTEXT_0, &certs);
	der_take(&data, DER_CONTEXT_1, NULL); /* revocations */
	*why = "its signature does not say who signed";
	return der_take(&data, DER_SET, &signers) &&
	       read_signer(signers, certs, out, why);
}
