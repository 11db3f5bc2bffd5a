#include "lib/store/services.h"

#include "lib/store/db.h"
#include "lib/store/rows.h"

#define IDENTITY "site = ?1 AND host = ?2 AND name = ?3"

enum store_result store_service_seen(struct store *store, const struct store_service *s)
{
	return db_run(store,
		      "INSERT INTO service (site, host, name, version, place, started,"
		      " seen, networks) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		      " ON CONFLICT (site, host, name) DO UPDATE SET"
		      " version = excluded.version,"
		      " place = coalesce(nullif(excluded.place, ''), place),"
		      " started = max(started, excluded.started),"
		      " networks = excluded.networks,"
		      " seen = max(seen, excluded.seen)",
		      "tttttiit", s->site, s->host, s->name, s->version, s->where,
		      s->started_ms, s->seen_ms, s->networks);
}

enum store_result store_service_stopped(struct store *store,
					const struct store_service *s)
{
	return db_run(store,
		      "UPDATE service SET stopped = max(stopped, ?4) WHERE " IDENTITY,
		      "ttti", s->site, s->host, s->name, s->stopped_ms);
}

struct store_list *store_services(struct store *store)
{
	/* The jobs are counted once, not once for each service. */
	return db_list(store,
		       "WITH busy AS MATERIALIZED (SELECT"
		       " coalesce(nullif(j.network, ''), m.network) AS network,"
		       " count(*) AS jobs FROM job j JOIN machine m ON m.id = j.machine"
		       " WHERE j.state IN "
		       "('queued', 'booting', 'installing', 'configuring') GROUP BY 1)"
		       "SELECT site, host, name, version, place, started, seen, stopped,"
		       " networks, (SELECT coalesce(sum(jobs), 0) FROM busy"
		       " WHERE network <> ''"
		       " AND instr(', ' || networks, ', ' || network || ' ') > 0)"
		       " FROM service ORDER BY site, host, name",
		       "");
}

bool store_next_service(struct store_list *list, struct store_service *out)
{
	if (!db_next(list))
		return false;
	db_text(list->stmt, 0, out->site, sizeof(out->site));
	db_text(list->stmt, 1, out->host, sizeof(out->host));
	db_text(list->stmt, 2, out->name, sizeof(out->name));
	db_text(list->stmt, 3, out->version, sizeof(out->version));
	db_text(list->stmt, 4, out->where, sizeof(out->where));
	out->started_ms = sqlite3_column_int64(list->stmt, 5);
	out->seen_ms = sqlite3_column_int64(list->stmt, 6);
	out->stopped_ms = sqlite3_column_int64(list->stmt, 7);
	db_text(list->stmt, 8, out->networks, sizeof(out->networks));
	out->active = sqlite3_column_int64(list->stmt, 9);
	return true;
}

enum store_result store_ingest_seen(struct store *store, int64_t *out_ms)
{
	sqlite3_stmt *stmt = db_query(store,
				      "SELECT coalesce(max(seen), 0) FROM service"
				      " WHERE name = 'ingest' AND seen > stopped",
				      "");
	enum store_result result = db_row(store, stmt);

	*out_ms = 0;
	if (result != STORE_DONE)
		return result;
	*out_ms = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return STORE_DONE;
}
