/*
 * A template that was parsed before says what it said, and what has changed shows.
 * Rows: S2-17
 */
#include "config.h"

#include "tests/test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/render/artefact.h"
#include "lib/sys/file.h"

#define SUM "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static char folder[] = "/tmp/test_kept.XXXXXX";
static char sources[PATH_MAX];

static struct conf *conf_with(const char *templates)
{
	char text[PATH_MAX + 100];
	int len = snprintf(text, sizeof(text), "url = 'http://site'\ntemplates = '%s'\n",
			   templates);
	struct conf *conf = conf_parse("test", text, (size_t)len);

	assert_non_null(conf);
	return conf;
}

static struct image image_of(enum image_kind kind)
{
	static const char *const files[IMAGE_KINDS] = {
		[IMAGE_ROOTFS] = "rootfs.tar.gz", [IMAGE_LINUX] = "vmlinuz",
		[IMAGE_WIM] = "install.wim",      [IMAGE_EFI] = "boot.efi",
		[IMAGE_ISO] = "image.iso",
	};
	struct image image;
	char text[1024];
	const char *why;
	size_t line;
	int len = snprintf(text, sizeof(text),
			   "# pxekit-image: 1\n# name: sys\n# version: 1\n# kind: %s\n"
			   "# arch: x86_64\n%s%s  %s\n%s%s\n",
			   image_kind_name(kind),
			   kind == IMAGE_WIM
				   ? "# edition: 1 26100 amd64 Client Professional "
				     "de-DE 15687402119 Windows 11 Pro\n"
				   : "",
			   SUM, files[kind], kind == IMAGE_WIM ? SUM "  boot.wim" : SUM,
			   kind == IMAGE_WIM ? "" : "  initrd.gz");

	if (!image_parse(text, (size_t)len, &image, &line, &why))
		fail_msg("%zu: %s", line, why);
	return image;
}

static char *render(const struct artefact_facts *facts, const struct artefact *which,
		    bool *secret)
{
	char why[ARTEFACT_WHY], *text;
	size_t len;

	if (!artefact_render(facts, which, &text, &len, secret, why))
		fail_msg("%s: %s", which->name, why);
	assert_int_equal(strlen(text), len);
	return text;
}

static void compare(const struct artefact_facts *facts, const struct artefact *which)
{
	struct artefact_facts without = *facts;
	bool kept_secret, secret;
	char *want, *got;

	without.kept = NULL;
	want = render(&without, which, &secret);
	for (int times = 0; times < 2; times++) {
		got = render(facts, which, &kept_secret);
		assert_string_equal(got, want);
		assert_int_equal(kept_secret, secret);
		free(got);
	}
	free(want);
}

/* Each kind in turn: what was left out for the one before is there for the next. */
static void all_say_what_they_would_say_anew(void **state)
{
	const struct plan plan = { .action = PLAN_INSTALL, .rule = "job", .why = "x" };
	const struct machine machine = { .mac.octet = { 0x52, 0x54, 0, 0, 0, 1 },
					 .name = "m",
					 .serial = "S1" };
	const struct job job = {
		.id = 7, .attempt = 1, .image = "sys@1", .hostname = "host7"
	};
	struct conf *conf = conf_with(sources);
	struct settings settings = { 0 };
	struct artefact_facts facts = {
		.conf = conf,
		.plan = &plan,
		.machine = &machine,
		.token = "TOKEN",
		.kept = artefact_kept_new(),
	};

	(void)state;
	assert_true(settings_set(&settings, "address", "10.0.0.7/24"));
	assert_true(settings_set(&settings, "user-password", "secret"));
	assert_true(settings_set(&settings, "user", "anna"));
	assert_true(settings_set(&settings, "arguments", "quiet splash"));
	facts.job = &job;
	facts.settings = &settings;
	for (enum image_kind kind = 0; kind < IMAGE_KINDS; kind++) {
		struct image image = image_of(kind);

		facts.image = &image;
		for (size_t i = 0; i < artefact_count; i++)
			if (!artefacts[i].kinds || artefacts[i].kinds & 1u << kind)
				compare(&facts, &artefacts[i]);
		image_free(&image);
	}
	artefact_kept_free(facts.kept);
	settings_free(&settings);
	conf_free(conf);
}

static void put(const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/local.ipxe", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void says(const struct artefact_facts *facts, const char *want)
{
	bool secret;
	char *got = render(facts, artefact_find("local.ipxe"), &secret);

	assert_string_equal(got, want);
	free(got);
}

/* What was kept is looked at again within FILE_LOOK_MS. */
static void forget(const struct artefact_facts *facts, const char *old)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	char why[ARTEFACT_WHY], *text;
	bool secret, same = true;
	size_t len;

	for (int i = 0; i < 6000 && same; i++) {
		nanosleep(&nap, NULL);
		same = artefact_render(facts, artefact_find("local.ipxe"), &text, &len,
				       &secret, why);
		if (!same)
			return;
		same = strcmp(text, old) == 0;
		free(text);
	}
}

static void settle(void)
{
	const struct timespec nap = { .tv_nsec = 50000000 };
	struct file_mark mark = { 0 };
	char path[128];
	size_t len;

	snprintf(path, sizeof(path), "%s/local.ipxe", folder);
	for (int i = 0; i < 2400 && !mark.settled; i++) {
		free(file_read_marked(path, 4096, &len, &mark));
		nanosleep(&nap, NULL);
	}
	assert_true(mark.settled);
}

/* In place, by another file of the same name, and by one in the folder before. */
static void an_edit_shows_at_once(void **state)
{
	struct conf *conf = conf_with(folder);
	struct artefact_facts facts = { .conf = conf, .kept = artefact_kept_new() };
	char path[128], why[ARTEFACT_WHY], *text;
	bool secret;
	size_t len;

	(void)state;
	put("#!ipxe\nset a {{site}}\n");
	settle();
	says(&facts, "#!ipxe\nset a pxekit\n");
	says(&facts, "#!ipxe\nset a pxekit\n");
	put("#!ipxe\nset b {{site}}\n");
	forget(&facts, "#!ipxe\nset a pxekit\n");
	says(&facts, "#!ipxe\nset b pxekit\n");
	put("#!ipxe\nset c {{site}}\n");
	says(&facts, "#!ipxe\nset c pxekit\n");
	settle();
	says(&facts, "#!ipxe\nset c pxekit\n");
	put("#!ipxe\nset c {{nobody}}\n");
	forget(&facts, "#!ipxe\nset c pxekit\n");
	assert_false(artefact_render(&facts, artefact_find("local.ipxe"), &text, &len,
				     &secret, why));
	assert_non_null(strstr(why, "local.ipxe:2: {{nobody}}: there is no such name"));
	put("#!ipxe\nset d {{#uuid}}\n");
	assert_false(artefact_render(&facts, artefact_find("local.ipxe"), &text, &len,
				     &secret, why));
	assert_non_null(strstr(why, "local.ipxe:2: {{#uuid}} does not end"));
	put("#!ipxe\nset d {{uuid}}\n");
	says(&facts, "#!ipxe\nclear d ||\n");
	snprintf(path, sizeof(path), "%s/local.ipxe", folder);
	assert_int_equal(unlink(path), 0);
	{
		char where[PATH_MAX];

		assert_true(artefact_template(conf, artefact_find("local.ipxe"), where));
		assert_null(strstr(where, folder));
	}
	says(&facts, (text = render(&(struct artefact_facts){ .conf = conf },
				    artefact_find("local.ipxe"), &secret)));
	free(text);
	put("#!ipxe\nset e {{site}}\n");
	says(&facts, "#!ipxe\nset e pxekit\n");
	assert_int_equal(unlink(path), 0);
	artefact_kept_free(facts.kept);
	conf_free(conf);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_say_what_they_would_say_anew),
		cmocka_unit_test(an_edit_shows_at_once),
	};
	const char *srcdir = getenv("srcdir");
	char path[PATH_MAX];
	int failed;

	/* pxekit.conf takes no path with dots in it. */
	snprintf(path, sizeof(path), "%s/tools/ipxegen/templates", srcdir ? srcdir : ".");
	if (!realpath(path, sources))
		return 99;
	setenv("PXEKIT_TEMPLATES", sources, 1);
	if (!mkdtemp(folder))
		return 99;
	failed = cmocka_run_group_tests_name("kept", tests, NULL, NULL);
	rmdir(folder);
	return failed;
}
