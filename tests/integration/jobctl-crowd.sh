#!/bin/sh
# Ten jobctl ingest and fifty jobctl add at once lose nothing.
# Rows: S0-03 S1-06
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
lines=200

for i in 0 1 2 3 4 5 6 7 8 9; do
	awk -v i="$i" -v lines="$lines" 'BEGIN {
		for (n = 1; n <= lines; n++)
			printf "{\"v\":1,\"time\":\"2026-11-22T01:02:03.%03dZ\",\"id\":\"crowd-%d-%d\",\"event\":\"offer\",\"source\":\"pxeproxy\",\"mac\":\"52:54:00:00:02:%02x\"}\n", n, i, n, n % 10
	}' >"$tmp/lines.$i"
done
pids=
for i in 0 1 2 3 4 5 6 7 8 9; do
	# shellcheck disable=SC2094
	jobctl ingest --batch 20 <"$tmp/lines.$i" >"$tmp/ingest.$i" 2>&1 &
	pids="$pids $!"
	for k in 1 2 3 4 5; do
		jobctl add --mac "52:54:00:00:00:$i$k" --image rescue --hostname "h$i$k" >"$tmp/add.$i$k" 2>&1 &
		pids="$pids $!"
	done
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
same 'all sixty end well' 0 "$failed"
same 'each ingest applied its lines' "10 ingested $lines, repeated 0, refused 0, malformed 0" \
	"$(sort "$tmp"/ingest.* | uniq -c | sed 's/^ *//')"
same 'each add printed a job of its own' "$(seq 50 | sort)" \
	"$(sed -n 's/^job \([0-9]*\): .*/\1/p' "$tmp"/add.* | sort)"
run jobctl list --json
same 'fifty jobs are there' 50 "$(json '.jobs | length')"
run jobctl machines --new --json
same 'every packet was counted' "[10,$((lines * 10))]" "$(json '[(.machines | length), (.machines | map(.seen) | add)]')"
run jobctl events --json
same 'every event is there' "$((lines * 10 + 50))" "$(wc -l <"$tmp/out")"

# ---- somebody holds the database for longer than anybody waits ----
mkfifo "$tmp/hold"
sqlite3 "$tmp/jobs.db" <"$tmp/hold" >"$tmp/held" &
holder=$!
exec 4>"$tmp/hold"
echo "BEGIN IMMEDIATE; SELECT 'held';" >&4
until [ -s "$tmp/held" ]; do sleep 0.05; done
echo '{"v":1,"time":"2026-11-22T01:02:03Z","event":"started","source":"x"}' >"$tmp/in"
# shellcheck disable=SC2094
jobctl ingest <"$tmp/in" >"$tmp/patient" 2>"$tmp/patient.err" 4>&- &
patient=$!
run jobctl list --json
same 'readers do not wait' 0 "$code"
run jobctl cancel 1
same 'a writer that waited long enough says busy' '75 1' "$code $(grep -c 'locked' "$tmp/err")"
until grep -q 'another program holds it; still waiting' "$tmp/patient.err"; do sleep 0.1; done
echo .quit >&4
wait "$holder"
wait "$patient"
same 'ingest waits as long as it takes' '0 ingested 1, repeated 0, refused 0, malformed 0' "$? $(cat "$tmp/patient")"
end
