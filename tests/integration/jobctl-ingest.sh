#!/bin/sh
# jobctl ingest: every line is applied, refused or set aside, whatever stands in the pipe.
# Rows: S0-27 S0-30 S1-06 S1-07 S4-06
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

# offer ID MAC: what pxeproxy prints
offer() {
	printf '{"v":1,"time":"2026-11-22T01:02:03.%03dZ","event":"offer","id":"%s","source":"pxeproxy","mac":"%s","arch":7,"network":"lab","file":"ipxe.efi","vendor_class":"PXEClient"}\n' \
		"$((${#1} % 1000))" "$1" "$2"
}

run jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname web1

# ---- an unknown machine is recorded once, and counted ----
for i in 1 2 3; do offer "o$i" 52:54:00:00:00:99; done >"$tmp/in"
run jobctl ingest <"$tmp/in"
is 0 'ingested 3, repeated 0, refused 0, malformed 0' ''
run jobctl ingest --json <"$tmp/in"
is 0 '{"ingested":0,"repeated":3,"refused":0,"malformed":0}' ''
run jobctl machines --new --json
same 'an unknown machine is recorded, and counted once for each packet' \
	'[["52:54:00:00:00:99","new",3,7,"lab"]]' \
	"$(json '[.machines[] | [.mac, .disposition, .seen, .arch, .network]]')"

# ---- reports move the job, in order, and their repetition does nothing ----
report 1 1 booting >"$tmp/in"
report 1 1 installing 40 fetch 'a
line' >>"$tmp/in"
run jobctl ingest <"$tmp/in"
run jobctl list --json
same 'reports move the job' '["installing","fetch",40,"a\nline"]' "$(json '.jobs[0] | [.state, .step, .percent, .text]')"
report 1 1 installing 30 fetch >"$tmp/in"
report 1 1 booting >>"$tmp/in"
report 1 2 'done' 100 >>"$tmp/in"
report 7 1 'done' 100 >>"$tmp/in"
run jobctl ingest <"$tmp/in"
is 0 'ingested 2, repeated 0, refused 2, malformed 0' ''
run jobctl list --json
same 'percent never falls, what has no right moves nothing, and beginning again is counted' \
	'["installing",40,2]' "$(json '.jobs[0] | [.state, .percent, .boots]')"
run jobctl log web1 --json
same 'the refusals are on record with their reasons' \
	'["that attempt is over, another one runs"]' \
	"$(json '[.log[] | select(.verdict == "refused") | .why]')"

# ---- what cannot be read ----
{
	echo 'not json'
	echo
	offer m1 52:54:00:00:00:98
	echo '{"v":2,"event":"offer"}'
	head -c 200000 /dev/zero | tr '\0' x
	echo
	offer m2 52:54:00:00:00:98
	printf 'a\000b\n'
	printf 'no newline at the end'
} >"$tmp/in"
complaints="jobctl: line 1: not JSON; set aside in $tmp/jobs.db.rejects
jobctl: line 4: v is not 1; set aside in $tmp/jobs.db.rejects
jobctl: line 5: is longer than 16384 octets; set aside in $tmp/jobs.db.rejects
jobctl: line 7: not JSON; set aside in $tmp/jobs.db.rejects
jobctl: line 8: not JSON; set aside in $tmp/jobs.db.rejects"
run jobctl ingest <"$tmp/in"
is 0 'ingested 2, repeated 0, refused 0, malformed 5' "$complaints"
{
	echo 'not json'
	echo '{"v":2,"event":"offer"}'
	head -c 200000 /dev/zero | tr '\0' x
	echo
	printf 'a\000b\n'
	echo 'no newline at the end'
} >"$tmp/wanted"
same 'the reject file has exactly these lines' '' "$(cmp "$tmp/wanted" "$tmp/jobs.db.rejects" 2>&1)"

# The same through a pipe, in batches of one line, to a file of one's own.
run sh -c 'jobctl ingest --batch 1 --reject "$1/aside" <"$1/in"' sh "$tmp"
# shellcheck disable=SC2016
run sh -c 'cat "$1/in" | jobctl ingest --batch 1 --reject "$1/piped"' sh "$tmp"
is 0 'ingested 0, repeated 2, refused 0, malformed 5' "$(echo "$complaints" | sed "s|jobs.db.rejects|piped|")"
same 'a pipe gives the same reject file' '' "$(cmp "$tmp/wanted" "$tmp/piped" 2>&1)"
same 'and so does a file' '' "$(cmp "$tmp/wanted" "$tmp/aside" 2>&1)"

# ---- more than there is room for at once ----
awk 'BEGIN {
	for (i = 0; i < 12000; i++)
		printf "{\"v\":1,\"time\":\"2026-11-22T01:02:03.%03dZ\",\"event\":\"started\",\"id\":\"big-%d\",\"source\":\"x\",\"text\":\"%0*d\"}\n", i % 1000, i, i % 200, i
}' >"$tmp/in"
run jobctl ingest <"$tmp/in"
is 0 'ingested 12000, repeated 0, refused 0, malformed 0' ''
# shellcheck disable=SC2016
run sh -c 'cat "$1/in" | jobctl ingest --batch 100000' sh "$tmp"
is 0 'ingested 0, repeated 12000, refused 0, malformed 0' ''

# ---- lines that come in pieces, without an id, or not at all ----
# shellcheck disable=SC2016
run sh -c '(printf "{\"v\":1,\"time\":\"2026-11-22T01:02:03Z\","; sleep 0.3; echo "\"event\":\"started\",\"source\":\"x\"}") | jobctl ingest'
is 0 'ingested 1, repeated 0, refused 0, malformed 0' ''
echo '{"v":1,"time":"2026-11-22T01:02:03Z","event":"started","source":"x"}' >"$tmp/in"
run jobctl ingest <"$tmp/in"
is 0 'ingested 0, repeated 1, refused 0, malformed 0' ''
run jobctl ingest </dev/null
is 0 'ingested 0, repeated 0, refused 0, malformed 0' ''

# ---- what stops it takes nothing out of the pipe ----
mkfifo "$tmp/fifo"
exec 3<>"$tmp/fifo"
echo broken >&3
run jobctl ingest --reject /nonesuch/file <"$tmp/fifo"
is 3 'ingested 0, repeated 0, refused 0, malformed 0' 'jobctl: /nonesuch/file: No such file or directory'
# A limit on the size of files is like a full disk; what did not fit waits in the pipe.
for i in $(seq 400); do offer "full$i" 52:54:00:00:00:95; done >&3
# shellcheck disable=SC2016
run sh -c 'trap "" XFSZ; ulimit -f 200; exec jobctl ingest --reject "$1/full" <"$1/fifo"' sh "$tmp"
same 'a full disk is a failure with its reason, and nothing is half written' \
	'3 ingested 0, repeated 0, refused 0, malformed 0 1 0' \
	"$code $(cat "$tmp/out") $(grep -c 'jobs.db: ' "$tmp/err") $(jobctl events --json | grep -c '"full')"
run jobctl ingest --batch 0
is 2 '' 'jobctl: --batch 0: is not a number from 1 to 100000'
offer f1 52:54:00:00:00:97 >&3
# A supervisor's FIFO never ends, so it is told to; a second reader waits for the first.
jobctl ingest --json <&3 >"$tmp/first" 2>"$tmp/first.err" &
first=$!
until [ "$(jobctl machines --json | jq '[.machines[] | select(.mac == "52:54:00:00:00:97")] | length')" = 1 ]; do
	sleep 0.05
done
jobctl ingest --json <"$tmp/fifo" >"$tmp/second" 2>"$tmp/second.err" &
second=$!
until [ -s "$tmp/second.err" ]; do sleep 0.05; done
kill "$first"
wait "$first"
same 'SIGTERM is a clean end, and what waited was applied' '0 {"ingested":401,"repeated":0,"refused":0,"malformed":1}' "$? $(cat "$tmp/first")"
offer f2 52:54:00:00:00:96 >&3
until [ "$(jobctl machines --json | jq '[.machines[] | select(.mac == "52:54:00:00:00:96")] | length')" = 1 ]; do
	sleep 0.05
done
kill "$second"
wait "$second"
same 'and the next one goes on' '0 {"ingested":1,"repeated":0,"refused":0,"malformed":0}' "$? $(cat "$tmp/second")"

# ---- what root makes belongs to the service whose folder it is ----
if [ "$(id -u)" = 0 ]; then
	mkdir -m 2750 "$tmp/state"
	chown 65534:65534 "$tmp/state"
	run jobctl --database "$tmp/state/jobs.db" add --mac 52:54:00:00:00:01 --image rescue
	echo broken | jobctl --database "$tmp/state/jobs.db" ingest >"$tmp/out" 2>&1
	same 'what root makes belongs to the service whose folder it is' '4 65534:65534 640' \
		"$(stat -c '%u:%g %a' "$tmp"/state/* | sort | uniq -c | sed 's/^ *//')"
fi
end
