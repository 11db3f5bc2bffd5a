#!/bin/sh
# kill -9 of jobctl ingest at any moment: no line is lost, none is applied twice.
# Rows: S1-07 S4-06
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
export LC_ALL=C

# Three jobs' stories among the packets of 40 other machines, 6000 lines, some broken.
story() {
	awk 'BEGIN {
		split("booting installing configuring done", state)
		for (i = 1; i <= 6000; i++) {
			time = sprintf("2026-11-22T01:%02d:%02d.%03dZ", i / 600 % 60, i / 10 % 60, i % 10)
			head = sprintf("{\"v\":1,\"time\":\"%s\",\"id\":\"line-%d\",", time, i)
			if (i % 500 == 0)
				print "broken line " i
			else if (i % 20 == 0)
				printf "%s\"event\":\"report\",\"source\":\"bootweb\",\"job\":%d,\"attempt\":1,\"state\":\"%s\",\"percent\":%d,\"step\":\"s%d\"}\n",
					head, i / 20 % 3 + 1, state[int(i / 1501) + 1], i / 60, i
			else
				printf "%s\"event\":\"offer\",\"source\":\"pxeproxy\",\"mac\":\"52:54:00:00:01:%02x\",\"arch\":7}\n",
					head, i % 40
		}
	}'
}

# What must be the same: everything but when it was written.
facts() {
	jobctl --database "$1" list --all --json | jq -S '.jobs[] | del(.created, .updated)'
	jobctl --database "$1" machines --json | jq -S '.machines[] | [.mac, .seen, .last_seen]'
	jobctl --database "$1" events --json | jq -c 'select(.event != "admin") | [.id, .verdict, .why]'
}

story >"$tmp/lines"
for database in clean killed; do
	for i in 1 2 3; do
		jobctl --database "$tmp/$database" add --mac "52:54:00:00:00:0$i" --image rescue >"$tmp/out"
	done
done
run jobctl --database "$tmp/clean" ingest <"$tmp/lines"
same 'a clean run' '0 ingested 5988, repeated 0, refused 0, malformed 12' "$code $(cat "$tmp/out")"

mkfifo "$tmp/fifo"
exec 3<>"$tmp/fifo"
cat "$tmp/lines" >&3 &
writer=$!
kills=0
last=nothing
until [ "$last" = 5988 ]; do
	jobctl --database "$tmp/killed" ingest --batch 100 --reject "$tmp/aside" <"$tmp/fifo" >"$tmp/out" 2>&1 &
	victim=$!
	# Longer from time to time, so that it gets on where the machine is slow.
	sleep "$(od -An -N1 -tu1 /dev/urandom | awk -v k="$kills" '{ print (5 + $1 % (60 + 2 * k)) / 1000 }')"
	if kill -9 "$victim" 2>"$tmp/err"; then kills=$((kills + 1)); fi
	wait "$victim" 2>"$tmp/err"
	last=$(jobctl --database "$tmp/killed" events --json | grep -c '"line-')
done
wait "$writer"
echo "# killed $kills times"
same 'it was killed more than once' yes "$([ "$kills" -gt 1 ] && echo yes)"
facts "$tmp/clean" >"$tmp/wanted"
facts "$tmp/killed" >"$tmp/got"
same 'the database is that of the clean run' '' "$(diff "$tmp/wanted" "$tmp/got" | head -20)"

# What is left in the pipe was applied: only the last broken line may wait for its turn.
echo end >&3
jobctl --database "$tmp/killed" ingest --reject "$tmp/aside" <"$tmp/fifo" >"$tmp/out" 2>&1 &
last=$!
until grep -q '^end$' "$tmp/aside"; do sleep 0.05; done
kill "$last"
wait "$last"
same 'every broken line was set aside' "$(grep broken "$tmp/lines" | sort)" "$(grep broken "$tmp/aside" | sort -u)"
same 'the database is sound' ok "$(sqlite3 "$tmp/killed" 'PRAGMA integrity_check')"
end
