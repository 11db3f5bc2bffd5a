#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/catalogue.h"

#define SUM "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define MANIFEST(name, version)                                                          \
	"# pxekit-image: 1\n# name: " name "\n# version: " version                       \
	"\n# kind: rootfs\n# arch: x86_64\n" SUM "  rootfs.tar.zst\n"

static char folder[] = "test_catalogue.XXXXXX";

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int enter(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return -1;
	if (system("mkdir -p d/1 d/2 wrong/1 broken/1 loose/1 up/1 nothing/1 &&"
		   "ln -s 2 d/current && ln -s 1 wrong/current && ln -s 1 broken/current "
		   "&&"
		   "mkdir loose/current && ln -s ../d/1 up/current &&"
		   "ln -s 1 nothing/current") != 0)
		return -1;
	put("d/1/MANIFEST", MANIFEST("d", "1"));
	put("d/2/MANIFEST", MANIFEST("d", "2"));
	put("wrong/1/MANIFEST", MANIFEST("d", "1"));
	put("broken/1/MANIFEST", "# pxekit-image: 1\nthis is no sum\n");
	put("loose/1/MANIFEST", MANIFEST("loose", "1"));
	put("up/1/MANIFEST", MANIFEST("up", "1"));
	return 0;
}

static int leave(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return chdir("..") == 0 && system(command) == 0 ? 0 : -1;
}

static struct row {
	const char *name, *reference, *version, *why;
} rows[] = {
	{ "NAME is its current", "d", "2", NULL },
	{ "NAME@VERSION", "d@1", "1", NULL },
	{ "a version that is not there", "d@3", NULL,
	  "./d/3/MANIFEST: No such file or directory" },
	{ "an image that is not there", "e", NULL, ". has no image e (see imgctl list)" },
	{ "current as a folder", "loose", NULL,
	  "./loose/current: is not a symbolic link" },
	{ "current that leads elsewhere", "up", NULL,
	  "./up/current: does not point at a version beside it" },
	{ "the manifest of something else", "wrong", NULL,
	  "./wrong/1/MANIFEST: is the manifest of d@1" },
	{ "a manifest that is broken", "broken", NULL, "./broken/1/MANIFEST:2: " },
	{ "no manifest", "nothing", NULL, "./nothing/1/MANIFEST: No such file" },
	{ "a name that climbs", "../d", NULL, "'../d' is not NAME or NAME@VERSION" },
	{ "a version that climbs", "d@../../x", NULL, "'d@../../x' is not NAME" },
	{ "nothing", "", NULL, "'' is not NAME or NAME@VERSION" },
};

static void is_found_or_says_why(void **state)
{
	const struct row *r = *state;
	char why[CATALOGUE_WHY] = "";
	struct image image;

	if (!r->version) {
		assert_false(catalogue_load(".", r->reference, &image, why));
		if (strncmp(why, r->why, strlen(r->why)) != 0)
			fail_msg("said: %s", why);
		return;
	}
	if (!catalogue_load(".", r->reference, &image, why))
		fail_msg("%s", why);
	assert_string_equal(image.version, r->version);
	assert_string_equal(image_payload(&image)->name, "rootfs.tar.zst");
	image_free(&image);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = is_found_or_says_why,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("catalogue", tests, enter, leave);
}
