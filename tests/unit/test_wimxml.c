#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/wimxml.h"

#define IMAGE(index, inner) "<IMAGE INDEX=\"" index "\">" inner "</IMAGE>"
#define WIM(inner) "<WIM><TOTALBYTES>5</TOTALBYTES>" inner "</WIM>"

/* ASCII as UTF-16 with the mark of its order. */
static uint8_t *widen(const char *text, size_t *len)
{
	uint8_t *out = calloc(strlen(text) + 1, 2);

	assert_non_null(out);
	out[0] = 0xff;
	out[1] = 0xfe;
	for (size_t i = 0; text[i]; i++)
		out[2 + 2 * i] = (uint8_t)text[i];
	*len = 2 + 2 * strlen(text);
	return out;
}

static struct row {
	const char *name, *xml;
	const char *line; /* the first edition in a manifest; NULL: refused */
	const char *why;
} rows[] = {
	{ "all that is said",
	  WIM(IMAGE("1",
		    "<NAME>short</NAME><DISPLAYNAME>Windows &amp; &#65;&#x42;"
		    "</DISPLAYNAME><TOTALBYTES>77</TOTALBYTES><WINDOWS><ARCH>9</ARCH>"
		    "<INSTALLATIONTYPE>Server Core</INSTALLATIONTYPE><EDITIONID>"
		    "ServerStandard</EDITIONID><LANGUAGES><LANGUAGE>de-DE</LANGUAGE>"
		    "<DEFAULT>en-US</DEFAULT></LANGUAGES><VERSION><BUILD>26100</BUILD>"
		    "<SPBUILD>7</SPBUILD></VERSION></WINDOWS>")),
	  "1 26100 amd64 ServerCore ServerStandard en-US 77 Windows & AB", NULL },
	{ "a name alone", WIM(IMAGE("3", "<NAME>PE</NAME>")), "3 0 - - - - 0 PE", NULL },
	{ "not even a name", WIM(IMAGE("2", "")), "2 0 - - - - 0 image 2", NULL },
	{ "blanks and lines",
	  WIM(IMAGE("1", "\n <NAME>\n a\t\tb \n</NAME> <!-- <NAME>c</NAME> -->")),
	  "1 0 - - - - 0 a b", NULL },
	{ "empty elements", WIM(IMAGE("1", "<FLAGS/><NAME>a</NAME>")), "1 0 - - - - 0 a",
	  NULL },
	{ "the same names elsewhere",
	  "<WIM><NAME>x</NAME>" IMAGE("1", "<OLD><NAME>y</NAME></OLD>") "</WIM>",
	  "1 0 - - - - 0 image 1", NULL },
	{ "a number too large",
	  WIM(IMAGE("1", "<TOTALBYTES>99999999999999999999</TOTALBYTES>")),
	  "1 0 - - - - 0 image 1", NULL },
	{ "no image", WIM(""), "", NULL },
	{ "no index", WIM("<IMAGE></IMAGE>"), NULL,
	  "has an image without an index in its XML" },
	{ "cut within a tag", "<WIM><IMA", NULL, "has XML that ends within an element" },
	{ "cut between tags", "<WIM>", NULL, "has XML that ends within an element" },
	{ "closed too often", "</WIM>", NULL, "has XML that closes what was not opened" },
	{ "an endless comment", "<WIM><!-- ", NULL,
	  "has XML that ends within an element" },
};

/* The line that a manifest would have for the first edition. */
static char *first_line(struct image *image)
{
	char *text = image_print(image), *line = strstr(text, "# edition: ");

	line = line ? strndup(line + 11, strcspn(line + 11, "\n")) : strdup("");
	free(text);
	return line;
}

static void lists_or_says_why(void **state)
{
	const struct row *r = *state;
	struct image image = { 0 };
	const char *why = NULL;
	size_t len;
	uint8_t *xml = widen(r->xml, &len);
	int service;
	bool ok = wimxml_editions(xml, len, &image, &service, &why);
	char *line;

	free(xml);
	assert_int_equal(ok, r->line != NULL);
	if (!ok)
		assert_string_equal(why, r->why);
	else {
		line = first_line(&image);
		assert_string_equal(line, r->line);
		free(line);
	}
	image_free(&image);
}

/* DISM compares every letter, so a name is kept as it is or not at all. */
static void names_of_the_wim_are_exact(void **state)
{
	static const struct {
		const char *xml, *name;
	} names[] = {
		{ WIM(IMAGE("1", "<NAME>W &amp; S</NAME><DISPLAYNAME>x</DISPLAYNAME>")),
		  "W & S" },
		{ WIM(IMAGE("1", "<DISPLAYNAME>x</DISPLAYNAME>")), "" },
		{ WIM(IMAGE("1", "<NAME>a  b</NAME>")), "" },
		{ WIM(IMAGE("1", "<NAME>a\n</NAME>")), "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct image image = { 0 };
		const char *why;
		size_t len;
		uint8_t *xml = widen(names[i].xml, &len);
		int service;

		assert_true(wimxml_editions(xml, len, &image, &service, &why));
		assert_string_equal(image.edition[0].wim_name, names[i].name);
		free(xml);
		image_free(&image);
	}
}

static void deep_xml_is_refused(void **state)
{
	struct image image = { 0 };
	const char *why = NULL;
	char text[4000] = "";
	size_t len;
	uint8_t *xml;
	int service;

	(void)state;
	for (int i = 0; i < 300; i++)
		strcat(text, "<A>");
	xml = widen(text, &len);
	assert_false(wimxml_editions(xml, len, &image, &service, &why));
	assert_string_equal(why, "has XML that lies too deep");
	free(xml);
	image_free(&image);
}

static void pairs_of_utf16(void **state)
{
	static const uint8_t name[] = { 0x3d, 0xd8, 0x00, 0xde, 0xfc,
					0,    0x00, 0xd8, 'x',  0 };
	struct image image = { 0 };
	const char *why = NULL;
	size_t before, after;
	uint8_t *a = widen("<WIM><IMAGE INDEX=\"1\"><NAME>", &before);
	uint8_t *b = widen("</NAME></IMAGE></WIM>", &after);
	uint8_t *all = malloc(before + sizeof(name) + after);
	int service;

	(void)state;
	memcpy(all, a, before);
	memcpy(all + before, name, sizeof(name));
	memcpy(all + before + sizeof(name), b + 2, after - 2);
	assert_true(wimxml_editions(all, before + sizeof(name) + after - 2, &image,
				    &service, &why));
	assert_string_equal(image.edition[0].name,
			    "\xf0\x9f\x98\x80\xc3\xbc\xef\xbf\xbdx");
	free(a);
	free(b);
	free(all);
	image_free(&image);
}

static void headers(void **state)
{
	uint8_t h[WIMXML_HEADER] = "MSWIM\0\0";
	struct wimxml_header out;
	const char *why;

	(void)state;
	assert_false(wimxml_header(h, &out, &why));
	assert_string_equal(why, "is no WIM");
	h[8] = WIMXML_HEADER;
	assert_false(wimxml_header(h, &out, &why));
	assert_string_equal(why, "is encrypted or of a format that nobody documents");
	h[13] = 0x0d;
	h[14] = 0x01;
	assert_false(wimxml_header(h, &out, &why)); /* part 0 of 0 */
	h[40] = h[42] = 1;
	h[0x48] = 9;
	h[0x51] = 1;
	assert_true(wimxml_header(h, &out, &why));
	assert_int_equal(out.xml_at, 256);
	assert_int_equal(out.xml_len, 9);
	assert_int_equal(out.ends, 265);
	h[0x57] = 0x80; /* beyond what a file may be */
	assert_false(wimxml_header(h, &out, &why));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 4];
	size_t n = ARRAY_LEN(rows);

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = lists_or_says_why,
						.initial_state = &rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(names_of_the_wim_are_exact);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(deep_xml_is_refused);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(pairs_of_utf16);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(headers);
	return cmocka_run_group_tests_name("wimxml", tests, NULL, NULL);
}
