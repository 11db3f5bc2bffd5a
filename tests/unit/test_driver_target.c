/* Which Windows a package is for, and how Windows is called. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/driver_site.h"

static struct target_row {
	const char *name, *decorations; /* of [Manufacturer] */
	struct driver_target target;
	const char *want; /* the decoration that counts, or "" */
} targets[] = {
#define AMD64(build, product)                                                            \
	{                                                                                \
		build, DRIVER_AMD64, product                                             \
	}
	{ "the only one", "NTamd64", AMD64(26100, DRIVER_SERVER), "NTamd64" },
	{ "another architecture",
	  "NTamd64",
	  { 26100, DRIVER_ARM64, DRIVER_ANY_PRODUCT },
	  "" },
	{ "no architecture is x86",
	  "NT",
	  { 26100, DRIVER_X86, DRIVER_ANY_PRODUCT },
	  "NT" },
	{ "and not amd64", "NT", AMD64(26100, DRIVER_ANY_PRODUCT), "" },
	{ "the highest version", "NTamd64,NTamd64.6.1,NTamd64.10.0",
	  AMD64(20348, DRIVER_SERVER), "NTamd64.10.0" },
	{ "not above the target's", "NTamd64,NTamd64.6.1,NTamd64.10.0",
	  AMD64(9600, DRIVER_SERVER), "NTamd64.6.1" },
	{ "a build", "NTamd64.10.0...16299", AMD64(17763, DRIVER_SERVER),
	  "NTamd64.10.0...16299" },
	{ "a build that is too new", "NTamd64.10.0...16299", AMD64(14393, DRIVER_SERVER),
	  "" },
	{ "the highest build",
	  "NTamd64.10.0...14393,NTamd64.10.0...22000,NTamd64.10.0...26100",
	  AMD64(22631, DRIVER_CLIENT), "NTamd64.10.0...22000" },
	{ "a build of an older version counts always", "NTamd64.6.3...99999",
	  AMD64(14393, DRIVER_SERVER), "NTamd64.6.3...99999" },
	{ "the product of a server", "NTamd64.10.0.1,NTamd64.10.0.3",
	  AMD64(26100, DRIVER_SERVER), "NTamd64.10.0.3" },
	{ "the product of a client", "NTamd64.10.0.1,NTamd64.10.0.3",
	  AMD64(26100, DRIVER_CLIENT), "NTamd64.10.0.1" },
	{ "a client's only", "NTamd64.6.1.1", AMD64(26100, DRIVER_SERVER), "" },
	{ "the version before the product", "NTamd64.6.1.3,NTamd64.10.0",
	  AMD64(26100, DRIVER_SERVER), "NTamd64.10.0" },
	{ "the product before none", "NTamd64.10.0,NTamd64.10.0.3",
	  AMD64(26100, DRIVER_SERVER), "NTamd64.10.0.3" },
	{ "an edition is not ours", "NTamd64....0x80", AMD64(26100, DRIVER_SERVER), "" },
	{ "Vista", "NTamd64.6.0,NTamd64.6.1", AMD64(6002, DRIVER_SERVER), "NTamd64.6.0" },
};

/* Each section of models has one id, which is its decoration. */
static void chooses_the_section(void **state)
{
	const struct target_row *row = *state;
	char text[2048], list[256], *part, *rest = list;
	const char *got = "";
	const struct driver_package *package;
	struct driver_set *set;
	int n = snprintf(text, sizeof(text), HEAD "[Manufacturer]\nm=M,%s\n",
			 row->decorations);

	snprintf(list, sizeof(list), "%s", row->decorations);
	while ((part = strsep(&rest, ",")))
		n += snprintf(text + n, sizeof(text) - (size_t)n, "[M.%s]\nd=I,%s\n",
			      part, part);
	put("target/a.inf", text);
	set = open_one("target");
	assert_int_equal(driver_count(set), 1);
	package = driver_at(set, 0);
	assert_null(package->why);
	for (size_t i = 0; i < package->sections; i++)
		if (driver_section_counts(package, i, &row->target)) {
			assert_string_equal(got, "");
			got = package->section[i].model[0].id[0];
		}
	assert_string_equal(got, row->want);
	assert_int_equal(driver_suits(package, &row->target), *row->want != '\0');
	driver_close(set);
}

static void an_empty_section_forbids(void **state)
{
	const struct driver_target seven = { 7601, DRIVER_AMD64, DRIVER_SERVER };
	const struct driver_target ten = { 26100, DRIVER_AMD64, DRIVER_SERVER };
	struct driver_set *set;

	(void)state;
	put("target/a.inf", HEAD "[Manufacturer]\nm=M,NTamd64,NTamd64.10.0\n"
				 "[M.NTamd64]\nd=I,X\n[M.NTamd64.10.0]\n");
	set = open_one("target");
	assert_true(driver_suits(driver_at(set, 0), &seven));
	assert_false(driver_suits(driver_at(set, 0), &ten));
	driver_close(set);
}

static void systems_have_codes(void **state)
{
	static const struct {
		unsigned build;
		enum driver_product product;
		const char *code;
	} rows[] = {
		{ 26100, DRIVER_SERVER, "2k25" },
		{ 26100, DRIVER_CLIENT, "w11" },
		{ 26100, DRIVER_ANY_PRODUCT, "2k25" },
		{ 26200, DRIVER_CLIENT, "w11" },
		{ 22631, DRIVER_CLIENT, "w11" },
		{ 22621, DRIVER_ANY_PRODUCT, "w11" },
		{ 20348, DRIVER_SERVER, "2k22" },
		{ 19045, DRIVER_CLIENT, "w10" },
		{ 17763, DRIVER_SERVER, "2k19" },
		{ 17763, DRIVER_CLIENT, "w10" },
		{ 14393, DRIVER_SERVER, "2k16" },
		{ 9600, DRIVER_SERVER, "2k12R2" },
		{ 7601, DRIVER_CLIENT, "w7" },
		{ 0, DRIVER_SERVER, "" },
	};
	struct driver_target target = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		target.build = rows[i].build;
		target.product = rows[i].product;
		assert_string_equal(driver_os(&target), rows[i].code);
	}
	assert_true(driver_os_find("2K25", &target));
	assert_int_equal(target.build, 26100);
	assert_int_equal(target.product, DRIVER_SERVER);
	assert_true(driver_os_find("w10", &target));
	assert_int_equal(target.build, 19045);
	assert_false(driver_os_find("w12", &target));
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(an_empty_section_forbids),
		cmocka_unit_test(systems_have_codes),
	};
	struct CMUnitTest tests[ARRAY_LEN(plain) + ARRAY_LEN(targets)];

	memcpy(tests, plain, sizeof(plain));
	for (size_t i = 0; i < ARRAY_LEN(targets); i++)
		tests[ARRAY_LEN(plain) + i] =
			(struct CMUnitTest){ .name = targets[i].name,
					     .test_func = chooses_the_section,
					     .initial_state = &targets[i] };
	return cmocka_run_group_tests_name("driver_target", tests, driver_site_begin,
					   driver_site_end);
}
