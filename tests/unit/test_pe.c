#include "tests/test.h"

#include <nettle/sha2.h>
#include <string.h>

#include "lib/media/pe.h"

/*
 * A program of 512 octets in headers and 64 behind them, with as many signatures as
 * asked for, each put together here: the smallest that holds what a reader must see.
 */
#define HEADERS 512
#define BODY 64
#define TABLE (HEADERS + BODY)

struct text {
	uint8_t octets[8192];
	size_t len;
};

static void put(struct text *t, const void *octets, size_t len)
{
	assert_true(t->len + len <= sizeof(t->octets));
	memcpy(t->octets + t->len, octets, len);
	t->len += len;
}

static void put_u32(struct text *t, size_t at, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		t->octets[at + i] = (uint8_t)(v >> 8 * i);
}

/* One element around what is in `inner`. */
static void wrap(struct text *t, uint8_t tag, const void *inner, size_t len)
{
	uint8_t header[4] = { tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len };

	put(t, header, 4);
	put(t, inner, len);
}

static void wrap_text(struct text *t, uint8_t tag, const struct text *inner)
{
	wrap(t, tag, inner->octets, inner->len);
}

struct name {
	uint8_t tag;
	const char *octets;
	size_t len;
};

#define UTF8(s)                                                                          \
	{                                                                                \
		0x0c, s, sizeof(s) - 1                                                   \
	}

static void put_name(struct text *t, const struct name *name)
{
	struct text pair = { 0 }, set = { 0 }, whole = { 0 };

	wrap(&pair, 0x06, "\x55\x04\x03", 3);
	wrap(&pair, name->tag, name->octets, name->len);
	wrap_text(&set, 0x30, &pair);
	wrap_text(&whole, 0x31, &set);
	wrap_text(t, 0x30, &whole);
}

static void put_cert(struct text *t, const struct name *signer, const struct name *issuer)
{
	struct text tbs = { 0 }, cert = { 0 };

	wrap(&tbs, 0xa0, "\x02\x01\x02", 3);
	wrap(&tbs, 0x02, "\x07", 1);
	wrap(&tbs, 0x30, "", 0);
	put_name(&tbs, issuer);
	wrap(&tbs, 0x30, "", 0);
	put_name(&tbs, signer);
	wrap_text(&cert, 0x30, &tbs);
	wrap_text(t, 0x30, &cert);
}

static void put_content(struct text *t, const uint8_t digest[static 32])
{
	struct text algorithm = { 0 }, info = { 0 }, inner = { 0 }, outer = { 0 },
		    content = { 0 };

	wrap(&algorithm, 0x06, "\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9);
	wrap_text(&info, 0x30, &algorithm);
	wrap(&info, 0x04, digest, 32);
	wrap(&inner, 0x30, "", 0);
	wrap_text(&inner, 0x30, &info);
	wrap_text(&outer, 0x30, &inner);
	wrap(&content, 0x06, "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04", 10);
	wrap_text(&content, 0xa0, &outer);
	wrap_text(t, 0x30, &content);
}

enum flaw {
	NONE,
	UNSIGNED,
	BARE,         /* without the OID in front */
	CHANGED,      /* an octet of the program, after it was signed */
	CUT,          /* the last octet is missing */
	NO_CERT,      /* the certificate of who signed is not there */
	OUTSIDE,      /* the table is said to lie beyond the end */
	ENTRY_OF_0,   /* an entry that has no length */
	LONG_ELEMENT, /* a length of DER that leaves the table */
	LINUX,        /* no PE at all */
	NO_HEADERS,   /* the optional header is cut off */
};

struct row {
	const char *name;
	struct name signer, issuer;
	enum flaw flaw;
	size_t signatures;
	const char *want_signer, *want_issuer;
	unsigned year;
	bool fits;
	const char *why;
};

static void sign(struct text *program, const struct row *row,
		 const uint8_t digest[static 32])
{
	struct text data = { 0 }, certs = { 0 }, which = { 0 }, signer = { 0 },
		    signers = { 0 }, all = { 0 }, outer = { 0 }, whole = { 0 };
	uint8_t header[8] = { 0, 0, 0, 0, 0, 2, 2, 0 };
	size_t at = program->len;

	wrap(&data, 0x02, "\x01", 1);
	wrap(&data, 0x31, "", 0);
	put_content(&data, digest);
	if (row->flaw != NO_CERT)
		put_cert(&certs, &row->signer, &row->issuer);
	wrap_text(&data, 0xa0, &certs);
	put_name(&which, &row->issuer);
	wrap(&which, 0x02, "\x07", 1);
	wrap(&signer, 0x02, "\x01", 1);
	wrap_text(&signer, 0x30, &which);
	wrap_text(&signers, 0x30, &signer);
	wrap_text(&data, 0x31, &signers);
	if (row->flaw != BARE) {
		wrap(&outer, 0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9);
		wrap_text(&all, 0x30, &data);
		wrap_text(&outer, 0xa0, &all);
	}
	wrap_text(&whole, 0x30, row->flaw == BARE ? &data : &outer);
	put(program, header, 8);
	put(program, whole.octets, whole.len);
	put_u32(program, at, (uint32_t)(program->len - at));
	while (program->len % 8)
		put(program, "", 1);
}

/* The digest over all but check sum, place of the table, and table. */
static void digest_of(const struct text *program, uint8_t digest[static 32])
{
	struct sha256_ctx sha256;

	sha256_init(&sha256);
	sha256_update(&sha256, 0x80 + 24 + 64, program->octets);
	sha256_update(&sha256, 76, program->octets + 0x80 + 24 + 68);
	sha256_update(&sha256, TABLE - 0x80 - 24 - 152,
		      program->octets + 0x80 + 24 + 152);
	sha256_digest(&sha256, 32, digest);
}

static void build(struct text *program, const struct row *row)
{
	uint8_t digest[32];

	memset(program, 0, sizeof(*program));
	program->len = TABLE;
	memcpy(program->octets, "MZ", 2);
	program->octets[0x3c] = 0x80;
	memcpy(program->octets + 0x80, "PE\0\0\x64\x86", 6);
	program->octets[0x80 + 20] = row->flaw == NO_HEADERS ? 8 : 240;
	memcpy(program->octets + 0x80 + 24, "\x0b\x02", 2);
	program->octets[0x80 + 24 + 68] = 10;
	program->octets[0x80 + 24 + 108] = 16;
	memset(program->octets + HEADERS, 'x', BODY);
	digest_of(program, digest);
	for (size_t i = 0; i < row->signatures; i++)
		sign(program, row, digest);
	if (row->signatures) {
		put_u32(program, 0x80 + 24 + 144, TABLE);
		put_u32(program, 0x80 + 24 + 148, (uint32_t)program->len - TABLE);
	}
}

static void spoil(struct text *program, enum flaw flaw)
{
	switch (flaw) {
	case CHANGED:
		program->octets[HEADERS]++;
		break;
	case CUT:
		program->len--;
		break;
	case OUTSIDE:
		put_u32(program, 0x80 + 24 + 144, 0xfffffff0);
		break;
	case ENTRY_OF_0:
		put_u32(program, TABLE, 0);
		break;
	case LONG_ELEMENT:
		memcpy(program->octets + TABLE + 8, "\x30\x84\xff\xff\xff\xff", 6);
		break;
	case LINUX:
		memcpy(program->octets,
		       "\x7f"
		       "ELF",
		       4);
		break;
	default:
		break;
	}
}

#define OTHER                                                                            \
	.signer = UTF8("Jane"), .issuer = UTF8("Jane's CA"), .want_signer = "Jane",      \
	.want_issuer = "Jane's CA"
#define REFUSED .signer = UTF8("Jane"), .issuer = UTF8("Jane's CA")

static const struct row rows[] = {
	{ .name = "signed", OTHER, .signatures = 1, .fits = true },
	{ .name = "signed twice", OTHER, .signatures = 2, .fits = true },
	{ .name = "more signatures than are kept",
	  OTHER,
	  .signatures = 12,
	  .fits = true },
	{ .name = "not signed", REFUSED, .flaw = UNSIGNED },
	{ .name = "signed data without its OID",
	  OTHER,
	  .flaw = BARE,
	  .signatures = 1,
	  .fits = true },
	{ .name = "changed after signing", OTHER, .flaw = CHANGED, .signatures = 1 },
	{ .name = "Microsoft's CA of 2011",
	  .signer = UTF8("Microsoft Windows UEFI Driver Publisher"),
	  .issuer = UTF8("Microsoft Corporation UEFI CA 2011"),
	  .signatures = 1,
	  .want_signer = "Microsoft Windows UEFI Driver Publisher",
	  .want_issuer = "Microsoft Corporation UEFI CA 2011",
	  .year = 2011,
	  .fits = true },
	{ .name = "Microsoft's CA of 2023",
	  .signer = UTF8("Microsoft Windows"),
	  .issuer = UTF8("Windows UEFI CA 2023"),
	  .signatures = 1,
	  .want_signer = "Microsoft Windows",
	  .want_issuer = "Windows UEFI CA 2023",
	  .year = 2023,
	  .fits = true },
	{ .name = "another's CA of some year",
	  .signer = UTF8("Jane"),
	  .issuer = UTF8("Jane's UEFI CA 2023"),
	  .signatures = 1,
	  .want_signer = "Jane",
	  .want_issuer = "Jane's UEFI CA 2023",
	  .fits = true },
	{ .name = "a name in UTF-16",
	  .signer = { 0x1e, "\x00J\x00\xfc\x20\xac\x00\x1b\xd8\x00\x00", 11 },
	  .issuer = UTF8("x"),
	  .signatures = 1,
	  .want_signer = "Jü€??",
	  .want_issuer = "x",
	  .fits = true },
	{ .name = "a name that acts on terminals",
	  .signer = UTF8("J\033[31m\xff\xc3\xbc"),
	  .issuer = { 0x13,
		      "a\xe4"
		      "b",
		      3 },
	  .signatures = 1,
	  .want_signer = "J?[31m?\xc3\xbc",
	  .want_issuer = "a?b",
	  .fits = true },
	{ .name = "an empty name",
	  .signer = UTF8(""),
	  .issuer = { 0x1e, "\x00", 1 },
	  .signatures = 1,
	  .want_signer = "",
	  .want_issuer = "",
	  .fits = true },
	{ .name = "no PE",
	  REFUSED,
	  .flaw = LINUX,
	  .why = "is not a program for EFI or Windows" },
	{ .name = "no headers",
	  REFUSED,
	  .flaw = NO_HEADERS,
	  .why = "has damaged headers" },
	{ .name = "cut off",
	  REFUSED,
	  .flaw = CUT,
	  .signatures = 1,
	  .why = "is cut off, or its table of signatures is damaged" },
	{ .name = "a table beyond the end",
	  REFUSED,
	  .flaw = OUTSIDE,
	  .signatures = 1,
	  .why = "is cut off, or its table of signatures is damaged" },
	{ .name = "an entry without length",
	  REFUSED,
	  .flaw = ENTRY_OF_0,
	  .signatures = 1,
	  .why = "is cut off, or its table of signatures is damaged" },
	{ .name = "an element longer than the table",
	  REFUSED,
	  .flaw = LONG_ELEMENT,
	  .signatures = 1,
	  .why = "its signature is not PKCS #7 signed data" },
	{ .name = "no certificate",
	  REFUSED,
	  .flaw = NO_CERT,
	  .signatures = 1,
	  .why = "its signature lacks the certificate of who signed" },
};

static void reads_or_says_why(void **state)
{
	const struct row *row = *state;
	const char *why = NULL;
	struct text program;
	struct pe pe;
	size_t want = row->signatures < PE_SIGNATURES ? row->signatures : PE_SIGNATURES;

	build(&program, row);
	spoil(&program, row->flaw);
	if (row->why) {
		assert_false(pe_parse(program.octets, program.len, &pe, &why));
		assert_string_equal(why, row->why);
		return;
	}
	assert_true(pe_parse(program.octets, program.len, &pe, &why));
	assert_string_equal(pe_machine_name(pe.machine), "x86_64");
	assert_true(pe.efi);
	assert_int_equal(pe.signatures, want);
	for (size_t i = 0; i < want; i++) {
		assert_string_equal(pe.signature[i].signer, row->want_signer);
		assert_string_equal(pe.signature[i].issuer, row->want_issuer);
		assert_int_equal(pe.signature[i].ca_year, row->year);
		assert_int_equal(pe.signature[i].fits, row->fits);
	}
}

static void no_prefix_is_read_beyond(void **state)
{
	struct text program;
	const char *why;
	struct pe pe;

	(void)state;
	build(&program, &rows[1]);
	for (size_t len = 0; len < program.len; len++) {
		why = NULL;
		if (!pe_parse(program.octets, len, &pe, &why))
			assert_non_null(why);
		else
			assert_int_equal(pe.signatures, 0);
	}
}

static void a_machine_without_name_has_none(void **state)
{
	(void)state;
	assert_null(pe_machine_name(0x1234));
	assert_string_equal(pe_machine_name(PE_ARM64), "arm64");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
		cmocka_unit_test(no_prefix_is_read_beyond),
		cmocka_unit_test(a_machine_without_name_has_none),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 2] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = reads_or_says_why,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("pe", tests, NULL, NULL);
}
