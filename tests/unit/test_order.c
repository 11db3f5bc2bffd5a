/* Rows: S0-28 S1-05 */
#include "config.h"

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/order/order.h"
#include "lib/sys/file.h"

struct world {
	char folder[64], path[128];
	struct conf *conf;
	struct order_site site;
	struct order order;
};

static const char *at(struct world *w, const char *name)
{
	snprintf(w->path, sizeof(w->path), "%s/%s", w->folder, name);
	return w->path;
}

static void make_image(struct world *w)
{
	static const char manifest[] =
		"# pxekit-image: 1\n# name: sys\n# version: 1\n# kind: rootfs\n"
		"# arch: x86_64\n# min-disk: 1000\n# size: 77 rootfs.tar.gz\n"
		"00000000000000000000000000000000000000000000000000000000000000ff  "
		"rootfs.tar.gz\n";

	mkdir(at(w, "img"), 0755);
	mkdir(at(w, "img/sys"), 0755);
	mkdir(at(w, "img/sys/1"), 0755);
	assert_int_equal(symlink("1", at(w, "img/sys/current")), 0);
	assert_int_equal(file_replace(at(w, "img/sys/1/MANIFEST"), manifest,
				      strlen(manifest), 0644),
			 0);
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char text[1024];
	int len;

	snprintf(w->folder, sizeof(w->folder), "/tmp/order-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	make_image(w);
	len = snprintf(text, sizeof(text),
		       "images = '%s/img'\nkey = '%s/key'\n"
		       "network near { subnet = '10.1.0.0/16' profile = 'base' }\n"
		       "platform kvm { }\n"
		       "profile base { locale = 'de_AT.UTF-8' timezone = 'UTC' }\n",
		       w->folder, w->folder);
	w->conf = conf_parse("test", text, (size_t)len);
	assert_non_null(w->conf);
	w->site.conf = w->conf;
	assert_int_equal(store_open(at(w, "db"), STORE_WRITE, &w->site.store),
			 STORE_DONE);
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	char command[128];

	order_free(&w->order);
	store_close(w->site.store);
	order_site_end(&w->site);
	conf_free(w->conf);
	snprintf(command, sizeof(command), "rm -rf %s", w->folder);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	free(w);
	return 0;
}

static void a_good_one_becomes_a_job_with_its_profile(void **state)
{
	struct world *w = *state;
	struct order *o = &w->order;
	struct settings got;

	assert_true(order_say(o, "mac", "52-54-00-00-00-01"));
	assert_true(order_say(o, "image", "sys"));
	assert_true(order_say(o, "dns", "10.1.0.2"));
	assert_true(order_say(o, "dns", "10.1.0.3"));
	assert_true(order_say(o, "rdp", NULL));
	assert_true(order_settle(o, &w->site));
	assert_int_equal(order_queue(o, &w->site, "alice"), STORE_DONE);
	assert_int_equal(o->notes, 0);
	assert_string_equal(o->job.image, "sys@1");
	assert_int_equal(store_job_settings(w->site.store, o->job.id, &got), STORE_DONE);
	assert_string_equal(settings_get(&got, "dns"), "10.1.0.2\n10.1.0.3");
	assert_string_equal(settings_get(&got, "rdp"), "yes");
	assert_string_equal(settings_get(&got, "locale"), "de_AT.UTF-8");
	settings_free(&got);
}

/* Every field and setting takes its complaint, so that a form can show it in place. */
static void each_name_is_known_and_each_complaint_has_its_field(void **state)
{
	struct world *w = *state;
	struct order *o = &w->order;
	size_t refused = 0;

	for (size_t i = 0; i < setting_count; i++)
		if (!order_say(o, setting_defs[i].name, "\x01")) {
			const struct order_note *n = &o->note[refused++];

			assert_string_equal(n->field, setting_defs[i].name);
			assert_false(n->warning);
			assert_true(n->why > strlen(n->field) + 3);
		}
	assert_int_equal(refused, setting_count);
	assert_false(order_say(o, "mac", "52:54"));
	assert_string_equal(o->note[refused].sentence + o->note[refused].why,
			    "is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., "
			    "aabb.ccdd.eeff or 12 hex digits)");
	assert_false(order_say(o, "colour", "red"));
	assert_string_equal(o->note[refused + 1].field, "colour");
	assert_true(o->refused);
}

static void all_that_is_wrong_is_said_at_once(void **state)
{
	struct world *w = *state;
	struct order *o = &w->order;
	static const char *const fields[] = { "mac", "network", "platform", "image" };

	order_say(o, "image", "none");
	order_say(o, "network", "moon");
	order_say(o, "platform", "toaster");
	assert_false(order_settle(o, &w->site));
	assert_int_equal(o->notes, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(o->note[i].field, fields[i]);
}

static void a_secret_is_in_no_note(void **state)
{
	struct world *w = *state;

	assert_false(order_say(&w->order, "password-hash", "hunter2"));
	assert_null(strstr(w->order.note[0].sentence, "hunter2"));
	assert_string_equal(w->order.note[0].field, "password-hash");
}

static void who_is_in_the_way_is_said(void **state)
{
	struct world *w = *state;
	struct order *o = &w->order;

	order_say(o, "mac", "52-54-00-00-00-01");
	order_say(o, "image", "sys");
	assert_true(order_settle(o, &w->site));
	assert_int_equal(order_queue(o, &w->site, "alice"), STORE_DONE);
	assert_int_equal(order_queue(o, &w->site, "alice"), STORE_NO);
	assert_int_equal(o->notes, 1);
	assert_string_equal(o->note[0].field, "mac");
	assert_non_null(strstr(o->note[0].sentence, "has job 1 (sys@1, queued) already"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_one_becomes_a_job_with_its_profile),
		TEST(each_name_is_known_and_each_complaint_has_its_field),
		TEST(all_that_is_wrong_is_said_at_once),
		TEST(a_secret_is_in_no_note),
		TEST(who_is_in_the_way_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
