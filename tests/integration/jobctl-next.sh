#!/bin/sh
# What a machine boots once: set, shown, used up by what the programs say, expired, taken back.
# Rows: S4-21
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
mac=52:54:00:00:00:01

# told KIND RULE [AGO]: a line of pxeproxy or bootweb about the machine
told() {
	jq -nc --arg kind "$1" --arg rule "$2" --arg mac $mac --argjson ago "${3:-0}" \
		--arg id "$(od -An -N8 -tx8 /dev/urandom)" \
		'{v: 1, time: (now - $ago | strftime("%Y-%m-%dT%H:%M:%S.000Z")), event: $kind,
		  id: $id, source: "test", mac: $mac, rule: $rule}' | jobctl ingest >/dev/null
}
plan() {
	jobctl explain $mac --json | jq -r '.plan | "\(.action) \(.rule)"'
}
record() { # what is on record about it, in order
	jobctl events --json | jq -r 'select(.event == "next" or .action == "next") |
		"\(.event) \(.action) \(.old // "-") \(.new // "-")"' | tail -n "$1"
}

# ---- misuse ----
try="Try 'jobctl next --help' for more information."
run jobctl next $mac
is 2 '' "jobctl: next: wants MACHINE [ENTRY]
$try"
run jobctl next $mac debian12
is 2 '' 'jobctl: next debian12: is neither local nor menu; an image is booted by jobctl add --image'
run jobctl next --clear $mac local
is 2 '' "jobctl: next: too many arguments
$try"
run jobctl next --clear $mac
is 1 '' 'jobctl: no such machine is known'

# ---- local, before a job ----
run jobctl add --mac $mac --image debian12 --next menu
is 0 "job 1: $mac debian12@1.0.0 queued, before it once menu" ''
run plan
is 0 'menu next' ''
run jobctl next -n $mac local
is 0 "$mac: would boot from its own disk, once" ''
run plan
is 0 'menu next' ''
run jobctl next $mac local
is 0 "$mac: boots from its own disk, once" ''
run plan
is 0 'local next' ''
same 'list shows it' '1' "$(jobctl list | grep -c 'queued (once local)')"
run jobctl list -o id,next
is 0 'ID NEXT
 1 local' ''
same 'show shows it' 1 "$(jobctl show 1 | grep -c 'boots once *local')"
run jobctl list --json
same 'and so does JSON' '"local"' "$(json '.jobs[0].next')"
told silent next
told offer job
same 'nothing has used it yet' 0 "$(sqlite3 "$tmp/jobs.db" 'SELECT next_until FROM machine')"
told offer next
same 'an offer used it' 'next used local -' "$(record 1)"
run plan
is 0 'local next' ''
told offer next
told ack next
same 'further packets of that boot are no other use' 1 "$(record 9 | grep -c used)"
sqlite3 "$tmp/jobs.db" 'UPDATE machine SET next_until = next_until - 30000'
run plan
is 0 'install job' ''
same 'and it is not shown any more' 0 "$(jobctl list | grep -c once)"
run jobctl next --clear $mac
is 1 '' "jobctl: $mac: has nothing that it boots once"
run jobctl sweep
is 0 '' ''
same 'what was used does not expire' 0 "$(record 9 | grep -c expired)"
same 'nothing is left' '|0|0' "$(sqlite3 "$tmp/jobs.db" 'SELECT next, next_until, next_used FROM machine')"

# A line that was long on its way tells of a boot that is over.
run jobctl next $mac local
told offer next 3600
run plan
is 0 'install job' ''

# ---- the menu is reached through a loader ----
run jobctl next $mac menu
is 0 "$mac: boots into the menu, once" ''
told offer next
told ack next
same 'the way there is no use' 'admin next - menu' "$(record 1)"
sqlite3 "$tmp/jobs.db" 'UPDATE machine SET next_until = next_until - 200000'
run plan
is 0 'menu next' ''
told script next
same 'the script is' 'next used menu -' "$(record 1)"
sqlite3 "$tmp/jobs.db" 'UPDATE machine SET next_until = next_until - 30000'
run plan
is 0 'install job' ''

run jobctl next $mac menu
told offer next 301
run plan
is 0 'install job' ''
run jobctl sweep --dry-run
is 0 '' ''
run jobctl sweep
is 0 '1 machines never took what they were to boot once' ''
same 'what nobody fetched expired' 'next expired menu -' "$(record 1)"

# A script that nginx gave has no rule.
run jobctl next $mac menu
told script ''
same 'it counts as well' 'next used menu -' "$(record 1)"

# ---- take it back; who is not known yet; who is blocked ----
run jobctl next $mac local
run jobctl next --clear $mac
is 0 "$mac: boots what it should" ''
same 'that is on record, too' 'admin next local -' "$(record 1)"
run plan
is 0 'install job' ''
run jobctl next 52-54-00-00-00-99 local
is 0 '52:54:00:00:00:99: boots from its own disk, once' ''
run jobctl next 52:54:00:00:00:99 menu --json
same 'JSON' '"menu"' "$(json .machine.next)"
run jobctl block 52:54:00:00:00:99
run jobctl next 52:54:00:00:00:99 menu
is 1 '' 'jobctl: 52:54:00:00:00:99: is blocked; jobctl allow makes it known again'
told next used
same 'nobody else may say so' 'refused only jobctl itself writes that' \
	"$(jobctl events --json | tail -n 1 | jq -r '"\(.verdict) \(.why)"')"
end
