/*
 * memo - what machines were told within the last second, by one handle on the
 * database: for as long as nobody has changed it, a machine that asks again is
 * told the same without another look.  A second is short enough for templates
 * and images that change on the disk.
 *
 * Units   milliseconds of now_monotonic_ms().
 * Memory  bounded: MEMO_ROWS answers of at most MEMO_OCTETS octets; memo_free().
 */
#pragma once

#include "lib/serve/serve.h"

#define MEMO_ROWS 64
#define MEMO_OCTETS 16384
#define MEMO_MS 1000

struct memo; /* one handle's; NULL is an empty one */

void memo_free(struct memo *memo);

/* Who asks from where. */
struct memo_asker {
	struct machine_key key;
	const struct conf_network *network; /* of the configuration that is loaded */
	bool winpe;                         /* Windows PE asks, not iPXE */
	uint32_t says;                      /* memo_says() of what it says of itself */
};

/* Other words of the machine, another number, but for chance. */
uint32_t memo_says(const struct machine *machine);

/*
 * Fills *answer, whose text is the caller's, and *how.  How often it was recalled in its
 * second, this time included; 0 if it is not known, or not any more.
 */
unsigned memo_recall(struct memo *memo, struct store *store,
		     const struct memo_asker *asker, struct serve_answer *answer,
		     enum serve_result *how);

/*
 * mark is from before the answer was looked for.  answer->text is copied; what cannot
 * be kept is not.
 */
void memo_keep(struct memo **memo, const struct store_mark *mark,
	       const struct memo_asker *asker, const struct serve_answer *answer,
	       enum serve_result how);
