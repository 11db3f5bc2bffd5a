/*
 * accounts - who may sign in here without a front server: accounts of people,
 * tokens of programs, sessions of browsers; and the answers to requests that
 * may come twice.
 *
 * Units   milliseconds since 1970 UTC.
 * Errors  enum store_result, as in lib/store/store.h.
 */
#pragma once

#include "lib/core/credential.h"
#include "lib/store/store.h"

struct account {
	char name[JOB_NAME], role[JOB_NAME];
	char password[CREDENTIAL_HASH];
	int64_t changed_ms;
};

enum store_result store_account(struct store *store, const char *name,
				struct account *out);
struct store_list *store_accounts(struct store *store);
bool store_next_account(struct store_list *list, struct account *out);

/* Each with its EVENT_ADMIN.  STORE_NO if there is one, and for passwd if none. */
enum store_result store_account_add(struct store *store, const struct account *account,
				    const char *actor);

/* Ends its sessions; password "" and role "" stay what they are. */
enum store_result store_account_change(struct store *store, const struct account *account,
				       const char *actor);
enum store_result store_account_remove(struct store *store, const char *name,
				       const char *actor);

struct access_token {
	int64_t id;
	char name[JOB_NAME], role[JOB_NAME];
	char secret[CREDENTIAL_HASH];   /* of credential_secret() */
	int64_t created_ms, expires_ms; /* 0: never */
};

/* Fills in id and created_ms. */
enum store_result store_token_add(struct store *store, struct access_token *token,
				  const char *actor);
enum store_result store_token_remove(struct store *store, int64_t id, const char *actor);
enum store_result store_token(struct store *store, int64_t id, struct access_token *out);
struct store_list *store_tokens(struct store *store);
bool store_next_token(struct store_list *list, struct access_token *out);

/* A session lasts until expires_ms; those that are over go when one is added. */
enum store_result store_session_add(struct store *store, const char *digest,
				    const char *account, int64_t expires_ms);

/* STORE_NO as well for one that was not used since; used_ms: when it was. */
enum store_result store_session(struct store *store, const char *digest, int64_t now,
				int64_t since_ms, struct account *out, int64_t *used_ms);
enum store_result store_session_use(struct store *store, const char *digest, int64_t now);
enum store_result store_session_remove(struct store *store, const char *digest);

/* What a request with this key was answered; asked says what it was. */
struct store_answer {
	char asked[CREDENTIAL_DIGEST];
	unsigned status;
	char location[128];
	char *body; /* the caller's; store_answer() allocates it */
};

enum store_result store_answer(struct store *store, const char *who, const char *key,
			       struct store_answer *out);

/* Kept for a day. */
enum store_result store_answer_keep(struct store *store, const char *who, const char *key,
				    const struct store_answer *answer);
