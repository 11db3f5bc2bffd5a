#!/bin/sh
# Jobs without news are shown as stalled, and ended; a machine that dies and begins again
# in the same attempt is not served without end.
# Rows: X-04 S0-27
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
cat >>"$PXEKIT_CONF" <<-END
	attempts-max = 2
	sweep {
		booting = 10m
		installing = 1h
		action = retry
	}
END

# ago JOB MINUTES: its last news came so long ago.
ago() {
	sqlite3 "$tmp/jobs.db" "UPDATE job SET updated = updated - $2 * 60000 WHERE id = $1"
}
tell() { # JOB ATTEMPT STATE
	report "$@" >"$tmp/in"
	jobctl ingest <"$tmp/in" >/dev/null
}
state() {
	jobctl show "$1" --json | jq -r '.job | "\(.state) \(.attempt) \(.stalled)"'
}

for i in 1 2 3 4; do jobctl add --mac 52:54:00:00:00:0$i --image debian12 >/dev/null; done
tell 1 1 booting
tell 2 1 installing
tell 3 1 installing
ago 1 11
ago 2 61
ago 3 59
ago 4 100000
same 'no news for longer than booting' 'booting 1 true' "$(state 1)"
same 'no news for longer than installing' 'installing 1 true' "$(state 2)"
same 'shorter is not stalled' 'installing 1 false' "$(state 3)"
same 'a machine may be switched on much later' 'queued 1 false' "$(state 4)"
run jobctl list
same 'list says so' 2 "$(grep -c '(stalled)' "$tmp/out")"
run jobctl show 1
same 'show says so' 'job 1: booting (stalled) 0 %' "$(head -n 1 "$tmp/out")"

run jobctl sweep --dry-run
is 0 'job 1: would be queued again: no news for 10 min while booting
job 2: would be queued again: no news for 1 h while installing' ''
same 'which changed nothing' 'booting 1 true' "$(state 1)"
run jobctl sweep
is 0 'job 1: queued again: no news for 10 min while booting
job 2: queued again: no news for 1 h while installing' ''
same 'another attempt' 'queued 2 false' "$(state 1)"
run jobctl sweep
is 0 '' ''
tell 1 2 booting
ago 1 11
run jobctl sweep --json
same 'the last attempt fails' '"failed"' "$(json '.jobs[0].state')"
same 'with the reason' '"no news for 10 min while booting"' "$(json '.jobs[0].text')"
run jobctl log 1
same 'on record' 2 "$(grep -c 'sweep: no news for 10 min' "$tmp/out")"

# A held job waits for its admin, not for news.
sqlite3 "$tmp/jobs.db" "UPDATE job SET held = 1 WHERE id = 3"
ago 3 600
same 'a held job is not stalled' 'installing 1 false' "$(state 3)"
sqlite3 "$tmp/jobs.db" "UPDATE job SET held = 0 WHERE id = 3"

# It reports and dies, again and again: news enough, but its attempt has a bound.
tell 3 1 installing
sqlite3 "$tmp/jobs.db" "UPDATE attempt SET booted = booted - 90000000 WHERE job = 3"
run jobctl sweep --dry-run
is 0 'job 3: would be queued again: not done within 1 d' ''

# Each beginning in the same attempt counts; the third is not let in.
jobctl add --mac 52:54:00:00:00:05 --image debian12 >/dev/null
rule() {
	jobctl explain 52:54:00:00:00:05 --network lab --json | jq -r '.plan | "\(.action) \(.rule)"'
}
for boot in 1 2; do
	tell 5 1 booting
	tell 5 1 installing
	same "beginning $boot" 'install job' "$(rule)"
done
tell 5 1 booting
same 'it goes back to no state' 'installing 1 false' "$(state 5)"
same 'the third beginning is one too many' 'local attempts' "$(rule)"
run jobctl cancel 5
run jobctl retry 5
same 'another attempt may begin again' 'install job' "$(rule)"

printf 'sweep { booting = 5 }\n' >"$tmp/bad.conf"
run jobctl --config "$tmp/bad.conf" sweep
is 2 '' "$tmp/bad.conf:1: booting '5' is not a while, like 90s, 15m, 2h or 1d, nor 0"
printf 'sweep { action = wipe }\n' >"$tmp/bad.conf"
run jobctl --config "$tmp/bad.conf" sweep
is 2 '' "$tmp/bad.conf:1: action 'wipe' is neither fail nor retry"
end
