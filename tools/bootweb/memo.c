#include "config.h"

#include "tools/bootweb/memo.h"

#include <stdlib.h>
#include <string.h>

#include "lib/sys/now.h"

struct row {
	struct memo_asker asker;
	int64_t until_ms; /* 0: nothing is in it */
	unsigned recalled;
	struct store_mark mark;
	enum serve_result how;
	struct serve_answer answer;
};

struct memo {
	struct row row[MEMO_ROWS];
};

void memo_free(struct memo *memo)
{
	for (size_t i = 0; memo && i < MEMO_ROWS; i++)
		free(memo->row[i].answer.text);
	free(memo);
}

static uint32_t mix(uint32_t hash, const char *text)
{
	while (*text)
		hash = hash * 31 + (unsigned char)*text++;
	return hash * 31;
}

uint32_t memo_says(const struct machine *machine)
{
	return mix(mix((uint32_t)machine->arch, machine->manufacturer), machine->product);
}

static bool same_asker(const struct memo_asker *a, const struct memo_asker *b)
{
	return a->network == b->network && a->winpe == b->winpe && a->says == b->says &&
	       a->key.has_mac == b->key.has_mac &&
	       memcmp(&a->key.mac, &b->key.mac, sizeof(a->key.mac)) == 0 &&
	       strcmp(a->key.uuid, b->key.uuid) == 0 &&
	       strcmp(a->key.serial, b->key.serial) == 0;
}

/* Each asker has one row, which others may share. */
static struct row *row_of(struct memo *memo, const struct memo_asker *asker)
{
	unsigned hash = 0;

	for (size_t i = 0; i < sizeof(asker->key.mac.octet); i++)
		hash = hash * 31 + asker->key.mac.octet[i];
	return &memo->row[hash % MEMO_ROWS];
}

unsigned memo_recall(struct memo *memo, struct store *store,
		     const struct memo_asker *asker, struct serve_answer *answer,
		     enum serve_result *how)
{
	struct row *row = memo ? row_of(memo, asker) : NULL;
	struct store_mark mark;

	if (!row || now_monotonic_ms() >= row->until_ms ||
	    !same_asker(&row->asker, asker) || !store_mark(store, &mark) ||
	    memcmp(&mark, &row->mark, sizeof(mark)) != 0)
		return 0;
	*answer = row->answer;
	*how = row->how;
	if (row->answer.text) {
		answer->text = malloc(row->answer.len + 1);
		if (!answer->text)
			return 0;
		memcpy(answer->text, row->answer.text, row->answer.len + 1);
	}
	return ++row->recalled;
}

void memo_keep(struct memo **memo, const struct store_mark *mark,
	       const struct memo_asker *asker, const struct serve_answer *answer,
	       enum serve_result how)
{
	struct row *row,
		new = { .asker = *asker, .mark = *mark, .how = how, .answer = *answer };

	if (how == SERVE_FAILED || answer->len > MEMO_OCTETS)
		return;
	if (!*memo)
		*memo = calloc(1, sizeof(**memo));
	if (!*memo)
		return;
	if (answer->text) {
		new.answer.text = malloc(answer->len + 1);
		if (!new.answer.text)
			return;
		memcpy(new.answer.text, answer->text, answer->len);
		new.answer.text[answer->len] = '\0';
	}
	new.until_ms = now_monotonic_ms() + MEMO_MS;
	row = row_of(*memo, asker);
	free(row->answer.text);
	*row = new;
}
