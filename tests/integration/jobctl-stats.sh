#!/bin/sh
# How long installations take, by image and platform, and what that says of those under way.
# Rows: S0-39 S1-27 X-05
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site

# at SECONDS JOB ATTEMPT STATE STEP: a report of a clock of its own.
at() {
	jq -nc --argjson at "$1" --argjson job "$2" --argjson attempt "$3" --arg state "$4" --arg step "$5" \
		'{v: 1, time: (1800000000 + $at | strftime("%Y-%m-%dT%H:%M:%S.000Z")), event: "report",
		  id: "\($job)-\($attempt)-\($at)-\($state)", source: "bootweb", job: $job, attempt: $attempt,
		  state: $state, step: $step}'
}

# Ten installations whose fetch took 10, 20, ... 100 seconds, one that failed.
for i in 1 2 3 4 5 6 7 8 9 10; do
	jobctl add --mac 52:54:00:00:01:$((i + 10)) --image debian12 --platform kvm >/dev/null
	{
		at 0 $i 1 booting script
		at 5 $i 1 installing fetch
		at $((5 + i * 10)) $i 1 installing write
		at $((6 + i * 10)) $i 1 installing write
		at $((65 + i * 10)) $i 1 configuring boot
		at $((70 + i * 10)) $i 1 'done' ''
	}
done >"$tmp/in"
jobctl add --mac 52:54:00:00:01:21 --image debian12 --platform kvm >/dev/null
{ at 0 11 1 booting script; at 9 11 1 failed disk; } >>"$tmp/in"
run jobctl ingest <"$tmp/in"
is 0 'ingested 62, repeated 0, refused 0, malformed 0' ''

run jobctl stats --json
same 'ten are done and one failed' '[10,1,0,10,120000,170000]' \
	"$(json '.stats[0] | [.done, .failed, .cancelled, .count, .median_ms, .p95_ms]')"
same 'each step has its figures, in order' \
	'[["booting: script",5000,5000],["installing: fetch",50000,100000],["installing: write",60000,60000],["configuring: boot",5000,5000]]' \
	"$(json '[.stats[] | select(.step) | [.step, .median_ms, .p95_ms]]')"
same 'by image and platform' '["debian12@1.0.0","kvm"]' "$(json '.stats[0] | [.image, .platform]')"
run jobctl stats
same 'success in per cent' 1 "$(grep -c '(all) *11 *91 % *2 min' "$tmp/out")"
run jobctl stats --image debian12@1.0.0 --json
same 'of one version' 5 "$(json '.stats | length')"
run jobctl stats --image debian
is 0 '' 'No attempt has ended in that time.'
run jobctl stats --since 2027-01-16T00:00:00Z --json
same 'only what ended later' '[]' "$(json .stats)"

# One under way: when past ones began to write, 65 s were left.
jobctl add --mac 52:54:00:00:01:31 --image debian12 --platform kvm >/dev/null
left() {
	jobctl show 12 --json | jq '.job.left_ms | if . == null then "unknown" elif . > 60000 and . <= 65000 then "a minute" else . end'
}
same 'nobody knows before it begins' '"unknown"' "$(left)"
now=$(date +%s)
{ at $((now - 1800000000)) 12 1 booting script; at $((now - 1800000000)) 12 1 installing write; } >"$tmp/in"
jobctl ingest <"$tmp/in" >/dev/null
same 'the median of what was left' '"a minute"' "$(left)"
run jobctl show 12
same 'show says it' 1 "$(grep -c '^  left  *1 min' "$tmp/out")"
# Another version of the image takes about as long.
image debian12 2.0.0
jobctl cancel 12 >/dev/null
jobctl add --mac 52:54:00:00:01:31 --image debian12@2.0.0 --platform kvm >/dev/null
{ at $((now - 1799999999)) 13 1 booting script; at $((now - 1799999999)) 13 1 installing write; } >"$tmp/in"
jobctl ingest <"$tmp/in" >/dev/null
same 'of another version too' true "$(jobctl show 13 --json | jq '.job.left_ms > 50000')"
run jobctl stats --since tomorrow
is 2 '' 'jobctl: --since tomorrow: is neither a time nor like 90s, 15m, 2h, 7d'
end
