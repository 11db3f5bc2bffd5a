/*
 * proof - tokens that were proven a little while ago, so that a program's next
 * requests do not pay for argon2id again.
 *
 * Only keyed hashes are kept, with a key that this process draws for itself, and in
 * memory alone.  Each covers the token and the hash that the database has for it: who
 * asks reads that row every time, so a token that was removed, or made anew, is proven
 * no longer from the next request on.  Its role is the row's, and not kept.
 *
 * Units   milliseconds of now_monotonic_ms().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PROOF_KEPT 256             /* then that of longest ago goes */
#define PROOF_MS (5 * 60 * 1000LL) /* so long one holds */

/* Whether text was proven against this hash. */
bool proof_holds(const char *hash, const char *text, int64_t now_ms);
void proof_keep(const char *hash, const char *text, int64_t now_ms);
