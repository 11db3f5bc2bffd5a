#!/bin/sh
# The database is copied while jobs run, comes back, and may forget what is old.
# Rows: X-18 S4-11
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

run jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname web1
# A writer that never stops, while copies are made.
i=0
while [ $i -lt 2000 ]; do
	i=$((i + 1))
	echo "{\"v\":1,\"time\":\"2026-11-22T01:02:03.000Z\",\"event\":\"silent\",\"id\":\"w$i\",\"source\":\"pxeproxy\",\"mac\":\"28:6f:b9:00:00:01\"}"
done >"$tmp/in"
jobctl ingest --batch 10 <"$tmp/in" >"$tmp/ingested" &
for k in 1 2 3; do
	run jobctl backup "$tmp/copy$k.db"
	is 0 "$tmp/copy$k.db: a copy of $tmp/jobs.db, checked" ''
done
wait
same 'the writer lost nothing' 'ingested 2000, repeated 0, refused 0, malformed 0' "$(cat "$tmp/ingested")"
same 'each copy is whole' 'ok ok ok' "$(for k in 1 2 3; do sqlite3 "$tmp/copy$k.db" 'PRAGMA integrity_check'; done | xargs)"
same 'in one file' '' "$(find "$tmp" -name 'copy*.db-*' -o -name '*.part')"
run jobctl backup "$tmp/none/copy.db"
is 3 '' "jobctl: $tmp/none/copy.db.part: No such file or directory"

# Back again: what came since is gone, and kept aside.
jobctl backup "$tmp/good.db" >/dev/null
jobctl add --mac 52:54:00:00:00:02 --image debian12 --hostname web2 >/dev/null
mkfifo "$tmp/fifo"
jobctl ingest <>"$tmp/fifo" >/dev/null &
daemon=$!
until [ -n "$(find "/proc/$daemon/fd" -lname '*jobs.db' 2>/dev/null)" ]; do :; done
run jobctl restore "$tmp/good.db"
is 75 '' "jobctl: $tmp/jobs.db: other programs have it open: stop them, or say --live"
run jobctl restore --live "$tmp/good.db"
same 'live, while a daemon has it' "0 $tmp/jobs.db: restored from $tmp/good.db; what was there is in" \
	"$code $(sed 's/ [^ ]*$//' "$tmp/out")"
same 'the second job is gone' '["web1"]' "$(jobctl list --json | jq -c '[.jobs[].hostname]')"
same 'and kept' 2 "$(jobctl --database "$(find "$tmp" -name '*.old')" list --json | jq '.jobs | length')"
report 1 1 booting >"$tmp/fifo"
until [ "$(jobctl show 1 --json | jq -r .job.state)" = booting ]; do kill -0 "$daemon" || break; done
same 'the daemon goes on with it' booting "$(jobctl show 1 --json | jq -r .job.state)"
kill "$daemon"
wait "$daemon"
rm -f "$tmp"/*.old
jobctl add --mac 52:54:00:00:00:03 --image debian12 --hostname web3 >/dev/null
run jobctl restore "$tmp/good.db"
same 'alone' 0 "$code"
same 'as it was' '["web1"]' "$(jobctl list --json | jq -c '[.jobs[].hostname]')"
same 'still in WAL mode' wal "$(sqlite3 "$tmp/jobs.db" 'PRAGMA journal_mode')"
run jobctl audit --verify
same 'with its audit trail' 0 "$code"

# What is no database, or a damaged one, replaces nothing.
echo nonsense >"$tmp/bad.db"
run jobctl restore "$tmp/bad.db"
same 'no database' 3 "$code"
cp "$tmp/good.db" "$tmp/bad.db"
size=$(stat -c %s "$tmp/bad.db")
dd if=/dev/urandom of="$tmp/bad.db" bs=4096 seek=3 count=$((size / 4096 - 6)) conv=notrunc 2>/dev/null
run jobctl restore "$tmp/bad.db"
same 'a damaged one' 3 "$code"
same 'nothing was replaced' '["web1"]' "$(jobctl list --json | jq -c '[.jobs[].hostname]')"
# But what is there may be damaged: that is what a copy is for.
dd if=/dev/urandom of="$tmp/jobs.db" bs=4096 seek=1 count=8 conv=notrunc 2>/dev/null
run jobctl restore "$tmp/good.db"
same 'a damaged database is replaced' "0 web1" "$code $(jobctl list --json | jq -r '.jobs[].hostname')"

# vacuum: old events of jobs that are over.
run jobctl vacuum
is 2 '' "jobctl: vacuum: --keep must say how old events may be
Try 'jobctl vacuum --help' for more information."
jobctl ingest <"$tmp/in" >/dev/null
report 1 1 failed >"$tmp/one"
jobctl ingest <"$tmp/one" >/dev/null
jobctl add --mac 52:54:00:00:00:04 --image debian12 >/dev/null
id=$(jobctl list --json | jq '[.jobs[].id] | max')
report "$id" 1 booting >"$tmp/two"
jobctl ingest <"$tmp/two" >/dev/null
all=$(jobctl events --json | wc -l)
run jobctl vacuum --keep 1d
is 0 '0 old events removed' ''
# A hundred days later.
sqlite3 "$tmp/jobs.db" "DROP TRIGGER event_is_never_changed; UPDATE event SET received = received - 8640000000;
	UPDATE job SET updated = updated - 8640000000"
admin=$(jobctl events --json | grep -c '"event":"admin"')
run jobctl vacuum --keep 90d --dry-run
same 'a dry run changes nothing' "$((all + 1))" "$(jobctl events --json | wc -l)"
run jobctl vacuum --keep 90d --json
same 'the rest is removed' "$((all + 1 - admin - 1))" "$(json .removed)"
same "an admin's events stay" "$((admin + 1))" "$(jobctl events --json | grep -c '"event":"admin"')"
same "and those of a job under way" 1 "$(jobctl events --json | grep -c '"state":"booting"')"
run jobctl audit --verify
same 'the audit trail is whole' 0 "$code"
run jobctl audit --last 1 --json
same 'with a line about it' '"vacuum"' "$(json '.audit[0].event.action')"
run sqlite3 "$tmp/jobs.db" 'PRAGMA integrity_check; PRAGMA foreign_key_check'
is 0 ok ''
end
