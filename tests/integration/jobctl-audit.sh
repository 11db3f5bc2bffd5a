#!/bin/sh
# Who did what is on record, and a line that was changed or removed is noticed.
# Rows: S4-11 S0-37
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
SSH_CONNECTION='10.77.0.99 50000 10.77.0.2 22'
export SSH_CONNECTION

run jobctl add --mac 52:54:00:00:00:01 --image debian12
run jobctl cancel 1
run jobctl retry 1
run jobctl block 52:54:00:00:00:02
run jobctl audit --json
same 'four lines' 4 "$(json '.audit | length')"
same 'who, from where' "[\"$actor\",\"10.77.0.99\",\"jobctl\"]" "$(json '.audit[0].event | [.actor, .address, .source]')"
same 'what, old and new' '[["add",null,null],["cancel","queued","cancelled"],["retry","cancelled","queued"],["block","new","blocked"]]' \
	"$(json '[.audit[].event | [.action, .old, .new]]')"
run jobctl audit
same 'for people' 1 "$(grep -c "cancel *job 1 *queued -> cancelled" "$tmp/out")"
run jobctl audit --verify
is 0 '4 lines, none changed or removed' ''

# Anybody can check it: each hash is that of the one before and the line.
hash=$(printf '0%.0s' $(seq 64))
sqlite3 "$tmp/jobs.db" "SELECT line FROM audit JOIN event ON seq = audit.event ORDER BY number" >"$tmp/lines"
while read -r line; do
	hash=$(printf '%s %s' "$hash" "$line" | sha256sum | cut -d' ' -f1)
done <"$tmp/lines"
run jobctl audit --head
is 0 "4:$hash" ''
head=$(cat "$tmp/out")

# broken SQL WHY: a copy that somebody has edited.
broken() {
	sqlite3 "$tmp/jobs.db" ".backup $tmp/bad.db"
	sqlite3 "$tmp/bad.db" "DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_removed;
		DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_removed; $1"
	run jobctl --database "$tmp/bad.db" audit --verify --kept "$head"
	is 1 '' "jobctl: $2"
}
cut="DELETE FROM audit WHERE number = 4; DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)"
broken "UPDATE event SET line = replace(line, 'cancel', 'retry') WHERE seq = (SELECT event FROM audit WHERE number = 2)" \
	'audit line 2 was changed, or the one before it'
broken 'DELETE FROM audit WHERE number = 2' 'audit line 2 was removed'
broken 'PRAGMA foreign_keys = OFF; DELETE FROM event WHERE seq = (SELECT event FROM audit WHERE number = 3)' \
	'audit line 3 has lost its event'
broken "$cut" 'audit line 4 was removed, and all behind it up to the one kept'
broken "UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'f') WHERE number = 1;
	UPDATE audit SET hash = '$(printf 'e%.0s' $(seq 64))' WHERE number = 1" 'audit line 1 was changed, or the one before it'

# A cut end without a head that was kept: seen as long as the numbers are not forged too.
sqlite3 "$tmp/jobs.db" ".backup $tmp/bad.db"
sqlite3 "$tmp/bad.db" "DROP TRIGGER event_is_never_removed; DROP TRIGGER audit_is_never_removed; $cut"
run jobctl --database "$tmp/bad.db" audit --verify
is 1 '' 'jobctl: the newest events were removed'
sqlite3 "$tmp/bad.db" "UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM event) WHERE name = 'event'"
run jobctl --database "$tmp/bad.db" audit --verify
is 0 '3 lines, none changed or removed' ''

# A whole chain made anew is found by the head that was kept.
other=$(printf '%s' "$head" | tr 0-9a-e 1-9a-f0 | sed 's/^[^:]*:/4:/')
run jobctl audit --verify --kept "$other"
is 1 '' 'jobctl: audit line 4 is not the one that was kept outside'
run jobctl audit --verify --kept nonsense
is 2 '' 'jobctl: --kept nonsense: is no head, as --head prints it'

# No tool takes one away, and the database refuses.
run sqlite3 "$tmp/jobs.db" 'DELETE FROM audit'
same 'not by hand either' 1 "$(grep -c 'the audit trail is never removed' "$tmp/err")"
run sqlite3 "$tmp/jobs.db" "INSERT INTO vacuum VALUES (0, 9999999999999); DELETE FROM event WHERE event = 'admin'"
same 'nor after a vacuum' 1 "$(grep -c 'events are never removed' "$tmp/err")"
run jobctl rm 1
same 'a job that is not over stays' 1 "$code"
jobctl cancel 1 >/dev/null
jobctl rm 1 >/dev/null
run jobctl audit --last 1 --json
same 'its end is on record' '["rm","cancelled"]' "$(json '.audit[0].event | [.action, .old]')"

# A machine cannot forge one.
echo '{"v":1,"time":"2026-11-22T01:02:03.456Z","event":"admin","id":"x","action":"add","actor":"root"}' >"$tmp/in"
run jobctl ingest <"$tmp/in"
is 0 'ingested 0, repeated 0, refused 1, malformed 0' ''
run jobctl audit --verify
is 0 '6 lines, none changed or removed' ''
end
