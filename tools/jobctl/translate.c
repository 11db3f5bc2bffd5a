#include "config.h"

#include "tools/jobctl/translate.h"

#include <err.h>
#include <sodium.h>
#include <stdio.h>

#include "lib/serve/serve.h"
#include "lib/sys/keyfile.h"
#include "lib/sys/now.h"

/* A line that does not say when may come again and mean something else. */
static void draw_id(struct event *ev)
{
	unsigned char octets[16];
	char hex[2 * sizeof(octets) + 1];

	randombytes_buf(octets, sizeof(octets));
	sodium_bin2hex(hex, sizeof(hex), octets, sizeof(octets));
	snprintf(ev->id, sizeof(ev->id), "drawn-%s", hex);
}

static void refuse_token(struct event *ev)
{
	if (ev->kind == EVENT_REPORT)
		snprintf(ev->file, sizeof(ev->file), "report");
	ev->kind = EVENT_REFUSED;
	ev->status = 403;
	snprintf(ev->rule, sizeof(ev->rule), "token");
	snprintf(ev->text, sizeof(ev->text), "this token is of no attempt");
}

static void describe_job(const struct serve_answer *answer, struct event *ev)
{
	ev->job = answer->job.id;
	ev->attempt = answer->attempt.number;
	ev->key.mac = answer->machine.mac;
	ev->key.has_mac = true;
}

/* Who has no key cannot tell a token from a guess. */
static enum store_result whose_job(struct translate *t, const char *token,
				   struct event *ev)
{
	struct serve serve = { .conf = t->ctl->conf, .store = t->ctl->store };
	struct serve_answer answer = { 0 };
	char why[SERVE_WHY];
	enum store_result result = STORE_DONE;

	if (keyfile_read(t->ctl->conf->key, &serve.key) < 0) {
		warn("%s: cannot tell whose reports these are", t->ctl->conf->key);
		return STORE_FAILED;
	}
	switch (serve_token(&serve, token, &answer, why)) {
	case SERVE_OK:
	case SERVE_OVER: /* the store refuses what comes too late, and says why */
		describe_job(&answer, ev);
		break;
	case SERVE_FAILED:
		warnx("%s", why);
		result = STORE_FAILED;
		break;
	default:
		refuse_token(ev);
	}
	serve_answer_free(&answer);
	sodium_memzero(&serve.key, sizeof(serve.key));
	return result;
}

enum store_result translate_line(struct translate *t, const char *line, size_t len,
				 struct event *out, const char **why)
{
	struct foreign seen;

	switch (foreign_read(t->format, line, len, now_ms(), &t->state, &seen, why)) {
	case FOREIGN_BAD:
		return STORE_NO;
	case FOREIGN_NOTHING:
		*why = NULL;
		return STORE_NO;
	case FOREIGN_EVENT:
		break;
	}
	*out = seen.ev;
	if (!seen.timed)
		draw_id(out);
	return *seen.token ? whose_job(t, seen.token, out) : STORE_DONE;
}
