/*
 * admin_json - the answers of the API: objects, lists, and problems.
 *
 * Memory  admin_json_begin() allocates; admin_json_give() takes it all back.
 * Source  RFC 9457 for problems; their member "errors" has field and why.
 */
#pragma once

#include "lib/core/jsonout.h"
#include "tools/bootweb/web.h"

struct admin_json {
	struct jsonout out;
	size_t size;
	bool failed;          /* memory has run out */
	const char *location; /* of what was made, or NULL */
};

#define ADMIN_JSON_ITEM 32768 /* more than any one row of ours */

struct admin_json admin_json_begin(void);

/* Before each row: room for it. */
bool admin_json_room(struct admin_json *json);

/* The same for one that has so many octets besides. */
bool admin_json_room_for(struct admin_json *json, size_t octets);

/* Instead of giving it. */
void admin_json_drop(struct admin_json *json);

/* etag "" for none. */
enum MHD_Result admin_json_give(struct web_request *request, unsigned status,
				struct admin_json *json, const char *etag);

struct admin_complaint {
	char field[64], why[256];
	size_t line; /* 0: it has none */
};
void admin_complaint_json(struct jsonout *j, const struct admin_complaint *complaint);

enum MHD_Result admin_problem(struct web_request *request, unsigned status,
			      const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* 422, or 409 where it is another job that is in the way: what is wrong, by field. */
enum MHD_Result admin_complain(struct web_request *request, unsigned status,
			       const struct admin_complaint *complaints, size_t count);
