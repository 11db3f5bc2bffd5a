#include "config.h"

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/seal.h"
#include "lib/serve/serve.h"
#include "lib/sys/file.h"

#define HASH "$y$j9T$abcdefghijklmnop$secret"

/* A site in a folder of its own: one image, one machine with a job. */
struct site {
	char folder[64], path[128];
	struct conf *conf;
	struct serve serve;
	struct job job;
	struct machine_key key;
	char token[TOKEN_TEXT];
};

static const char *at(struct site *s, const char *name)
{
	snprintf(s->path, sizeof(s->path), "%s/%s", s->folder, name);
	return s->path;
}

static void put(struct site *s, const char *name, const char *text)
{
	assert_int_equal(file_replace(at(s, name), text, strlen(text), 0644), 0);
}

static void make_image(struct site *s)
{
	assert_int_equal(mkdir(at(s, "img"), 0755), 0);
	assert_int_equal(mkdir(at(s, "img/sys"), 0755), 0);
	assert_int_equal(mkdir(at(s, "img/sys/1"), 0755), 0);
	assert_int_equal(symlink("1", at(s, "img/sys/current")), 0);
	put(s, "img/sys/1/MANIFEST",
	    "# pxekit-image: 1\n# name: sys\n# version: 1\n# kind: rootfs\n"
	    "# arch: x86_64\n# min-disk: 1000\n# size: 77 rootfs.tar.gz\n"
	    "00000000000000000000000000000000000000000000000000000000000000ff  "
	    "rootfs.tar.gz\n");
}

static void make_conf(struct site *s)
{
	char text[1024];
	int len =
		snprintf(text, sizeof(text),
			 "url = 'http://site'\nimages = '%s/img'\ntemplates = '%s/mine'\n"
			 "network near { subnet = '10.1.0.0/16' url = 'http://near' "
			 "profile = 'base' }\n"
			 "network far { subnet = '10.2.0.0/16' policy = 'known' }\n"
			 "profile base { locale = 'de_AT.UTF-8' timezone = 'UTC' }\n",
			 s->folder, s->folder);

	s->conf = conf_parse("test", text, (size_t)len);
	assert_non_null(s->conf);
}

static void remember_token(struct site *s)
{
	struct attempt attempt;

	assert_int_equal(store_attempt_current(s->serve.store, s->job.id, &attempt),
			 STORE_DONE);
	token_make(&s->serve.key, attempt.id, attempt.nonce, s->token);
}

static void make_job(struct site *s)
{
	struct settings settings = { 0 };

	assert_true(settings_set(&settings, "timezone", "Europe/Vienna"));
	assert_true(settings_set(&settings, "password-hash", HASH));
	assert_true(seal_settings(&s->serve.key, &settings));
	s->job = (struct job){ .image = "sys@1", .network = "near" };
	assert_int_equal(
		store_job_add(s->serve.store, &s->key, &s->job, &settings, "test"),
		STORE_DONE);
	settings_free(&settings);
	remember_token(s);
}

static int begin(void **state)
{
	struct site *s = calloc(1, sizeof(*s));
	const char *why;

	strcpy(s->folder, "/tmp/test_serve.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	make_image(s);
	make_conf(s);
	memset(s->serve.key.octet, 7, sizeof(s->serve.key.octet));
	s->serve.conf = s->conf;
	assert_int_equal(store_open(at(s, "jobs.db"), STORE_WRITE, &s->serve.store),
			 STORE_DONE);
	assert_true(mac_parse("52:54:00:00:00:01", &s->key.mac, &why));
	s->key.has_mac = true;
	make_job(s);
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct site *s = *state;
	char command[96];

	store_close(s->serve.store);
	conf_free(s->conf);
	snprintf(command, sizeof(command), "rm -r %s", s->folder);
	assert_int_equal(system(command), 0);
	free(s);
	return 0;
}

static void has(const struct serve_answer *answer, const char *line)
{
	if (!answer->text || !strstr(answer->text, line))
		fail_msg("'%s' is not in: %s", line, answer->text);
}

static void a_job_has_its_script(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY];

	assert_int_equal(serve_plan(&s->serve, &s->key, NULL, &answer, why), SERVE_OK);
	assert_int_equal(answer.plan.action, PLAN_INSTALL);
	assert_string_equal(answer.artefact, "install.ipxe");
	assert_int_equal(answer.job.id, s->job.id);
	assert_int_equal(answer.attempt.number, 1);
	has(&answer, "set pxekit-url http://near/j/");
	has(&answer, s->token);
	serve_answer_free(&answer);
}

static void the_network_that_asks_goes_first(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY];

	assert_int_equal(serve_plan(&s->serve, &s->key,
				    conf_network_named(s->conf, "far"), &answer, why),
			 SERVE_OK);
	has(&answer, "set pxekit-url http://site/j/");
	serve_answer_free(&answer);
}

static void an_unknown_machine_gets_nothing(void **state)
{
	struct site *s = *state;
	struct machine_key key = { .mac = { { 2, 0, 0, 0, 0, 9 } }, .has_mac = true };
	struct serve_answer answer;
	char why[SERVE_WHY];

	assert_int_equal(serve_plan(&s->serve, &key, NULL, &answer, why), SERVE_NO_SUCH);
	assert_int_equal(answer.plan.action, PLAN_SILENT);
	assert_null(answer.text);
	serve_answer_free(&answer);
}

static void the_token_opens_the_files_of_its_job(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY];

	assert_int_equal(serve_artefact_by_token(&s->serve, s->token, NULL, "deploy.conf",
						 &answer, why),
			 SERVE_OK);
	has(&answer, "PXEKIT_IMAGE_URL='http://near/images/sys/1/rootfs.tar.gz'\n");
	has(&answer, "PXEKIT_IMAGE_SIZE='77'\n");
	has(&answer, "PXEKIT_MIN_DISK='1000'\n");
	has(&answer, "PXEKIT_HAS_PASSWORD='yes'\n");
	assert_false(answer.secret);
	has(&answer, "PXEKIT_LOCALE='de_AT.UTF-8'\n");
	has(&answer, "PXEKIT_TIMEZONE='Europe/Vienna'\n");
	serve_answer_free(&answer);
	assert_int_equal(serve_artefact_by_token(&s->serve, s->token, NULL,
						 "account.conf", &answer, why),
			 SERVE_OK);
	has(&answer, "PXEKIT_PASSWORD_HASH='" HASH "'\n");
	assert_true(answer.secret);
	serve_answer_free(&answer);
	assert_int_equal(serve_artefact_by_token(&s->serve, s->token, NULL, "shadow",
						 &answer, why),
			 SERVE_NO_SUCH);
	serve_answer_free(&answer);
}

static void no_other_token_does(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY], wrong[TOKEN_TEXT];
	static const char *const others[] = {
		"", "1", "1-", "-1-x", "99-abc", "../1-abc"
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_int_equal(serve_artefact_by_token(&s->serve, others[i], NULL,
							 "deploy.conf", &answer, why),
				 SERVE_FORBIDDEN);
		assert_null(answer.text);
		assert_false(answer.has_job);
	}
	for (size_t i = 0; i < strlen(s->token); i++) {
		memcpy(wrong, s->token, sizeof(wrong));
		wrong[i] = wrong[i] == '1' ? '2' : '1';
		assert_int_equal(serve_token(&s->serve, wrong, &answer, why),
				 SERVE_FORBIDDEN);
	}
}

static void a_cancelled_job_is_over(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY];

	assert_int_equal(store_job_cancel(s->serve.store, s->job.id, "test"), STORE_DONE);
	assert_int_equal(serve_token(&s->serve, s->token, &answer, why), SERVE_OVER);
	assert_string_equal(why, "job 1 is cancelled");
	assert_true(answer.has_job);
	assert_int_equal(serve_artefact_by_token(&s->serve, s->token, NULL, "deploy.conf",
						 &answer, why),
			 SERVE_OVER);
	assert_int_equal(serve_plan(&s->serve, &s->key, NULL, &answer, why), SERVE_OK);
	assert_string_equal(answer.artefact, "local.ipxe");
	serve_answer_free(&answer);
}

static void another_attempt_has_another_token(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY], old[TOKEN_TEXT];

	memcpy(old, s->token, sizeof(old));
	assert_int_equal(store_job_cancel(s->serve.store, s->job.id, "test"), STORE_DONE);
	assert_int_equal(store_job_retry(s->serve.store, s->job.id, "test"), STORE_DONE);
	remember_token(s);
	assert_string_not_equal(old, s->token);
	assert_int_equal(serve_token(&s->serve, old, &answer, why), SERVE_OVER);
	assert_string_equal(why, "job 1 is at another attempt");
	assert_int_equal(serve_token(&s->serve, s->token, &answer, why), SERVE_OK);
}

static void a_missing_image_is_our_fault(void **state)
{
	struct site *s = *state;
	struct serve_answer answer;
	char why[SERVE_WHY];

	assert_int_equal(unlink(at(s, "img/sys/1/MANIFEST")), 0);
	assert_int_equal(serve_plan(&s->serve, &s->key, NULL, &answer, why),
			 SERVE_FAILED);
	assert_non_null(strstr(why, "MANIFEST: No such file or directory"));
	serve_answer_free(&answer);
	assert_int_equal(
		serve_artefact(&s->serve, NULL, NULL, "local.ipxe", &answer, why),
		SERVE_OK);
	serve_answer_free(&answer);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char templates[4096];
	const struct CMUnitTest tests[] = {
		CASE(a_job_has_its_script),
		CASE(the_network_that_asks_goes_first),
		CASE(an_unknown_machine_gets_nothing),
		CASE(the_token_opens_the_files_of_its_job),
		CASE(no_other_token_does),
		CASE(a_cancelled_job_is_over),
		CASE(another_attempt_has_another_token),
		CASE(a_missing_image_is_our_fault),
	};

	snprintf(templates, sizeof(templates), "%s/tools/ipxegen/templates",
		 srcdir ? srcdir : ".");
	setenv("PXEKIT_TEMPLATES", templates, 1);
	return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
