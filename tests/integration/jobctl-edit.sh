#!/bin/sh
# jobctl hold, release, --not-before, edit and add --like.
# Rows: S0-28 S1-05 S1-11 S3-15
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
mac=52:54:00:00:00:01

plan() { # MACHINE: what its next boot does, and why
	jobctl --json explain "$1" | jq -r '.plan | .action + " " + .rule'
}

edits() { # what the last edit on record says
	jobctl --json events | jq -rs 'map(select(.action == "edit"))[-1] | .actor + ": " + .text' | tr '\n' ' ' | sed 's/ $//'
}

# ---- jobs that wait ----
run jobctl add --mac $mac --image debian12 --hostname web1 --hold
is 0 "job 1: $mac debian12@1.0.0 queued, held" ''
same 'a held job does not start' 'local held' "$(plan web1)"
run jobctl hold web1
is 1 '' 'jobctl: job 1 is held already'
run jobctl release -n 1
is 0 'job 1: would be released' ''
same 'nor after a dry run' 'local held' "$(plan web1)"
run jobctl release $mac
is 0 'job 1: released' ''
same 'a released one does' 'install job' "$(plan web1)"
run jobctl release 1
is 1 '' 'jobctl: job 1 is not held'
run jobctl --json hold 1
same 'the job says that it is held' true "$(json '.jobs[0].held')"
same 'and so does its event' hold "$(jobctl --json events | jq -rs '.[-1].action')"
jobctl release 1 >"$tmp/out"

run jobctl edit 1 --not-before 2099-01-02T03:04:05+01:00
is 0 'job 1: not-before: (none) -> 2099-01-02T02:04:05.000Z' ''
same 'a job whose time has not come does not start' 'local held' "$(plan web1)"
run jobctl edit 1 --not-before 2001-01-02T03:04:05Z
same 'one whose time has come does' 'install job' "$(plan web1)"
for when in +2h 23:59:59 +15m; do
	run jobctl edit 1 --not-before "$when"
	same "--not-before $when lies ahead" "0 local held" "$code $(plan web1)"
done
run jobctl release 1
same 'release lets it start before its time' 'install job' "$(plan web1)"
run jobctl edit 1 --not-before tomorrowish
is 2 '' 'jobctl: --not-before tomorrowish: is no time like +2h, 22:00 or 2026-11-22T22:00:00Z'
run jobctl add --mac 52:54:00:00:00:02 --image rescue --not-before 2h
is 2 '' 'jobctl: --not-before 2h: is no time like +2h, 22:00 or 2026-11-22T22:00:00Z'

# ---- edit: what was said, and what differs now ----
run jobctl edit web1 --image rescue --hostname web2 --profile base --dns 10.0.0.1 --dns 10.0.0.2
same 'old and new are printed' "0 1" "$code $(grep -c '^job 1: image: debian12@1.0.0 -> rescue@2; profile: (none) -> base; hostname: web1 -> web2; ' "$tmp/out")"
same 'and on record, with who it was' "$actor: $(sed 's/^job 1: //' "$tmp/out")" "$(edits)"
run jobctl --json edit web2 --dns 10.0.0.3
same 'a list is replaced as a whole' '["10.0.0.3"]' "$(json .settings.dns)"
run jobctl --json edit web2 --dns '' --profile ''
same '"" takes back, and what the profile said goes with it' '[null,null,"web2",""]' \
	"$(json '[.settings.dns, .settings.locale, .settings.hostname, .job.profile]')"
run jobctl edit web2 --hostname web2
is 0 'job 1: nothing changes' ''
run jobctl edit -n web2 --hostname web3
is 0 'job 1: would be hostname: web2 -> web3' ''
run jobctl edit web2 --mac 52:54:00:00:00:07
is 2 '' 'jobctl: --mac 52:54:00:00:00:07: cannot be changed: cancel the job, and add one for the other machine'
run jobctl edit web2 --image none --address 10.0.0.7 --network moon
same 'all complaints at once, and nothing is changed' "2 3 rescue@2" \
	"$code $(grep -c '^jobctl: --' "$tmp/err") $(jobctl --json show 1 | jq -r .job.image)"
jobctl add --mac 52:54:00:00:00:03 --image rescue --hostname db1 >"$tmp/out"
run jobctl edit web2 --hostname DB1
same 'a host name that another job has is refused' "1 1" "$code $(grep -c 'the host name has job 2 already' "$tmp/err")"

# A secret changes without being told.
# shellcheck disable=SC2016
echo '$6$salt$QLk5NH9BS6ntjDf2pyVxV8MPGyPDMmSBFJUcKuFLB8bdSHs3bzw9XfKzUBvFRW8xQbHL3.Kq3A5ss/abcdefg.' >"$tmp/hash"
run jobctl edit 1 --user ann --password-hash-file "$tmp/hash"
is 0 'job 1: user: (none) -> ann; password-hash: (none) -> (another secret)' ''

for state in booting installing configuring; do
	report 1 1 $state 10 | jobctl ingest >"$tmp/out"
	run jobctl edit 1 --hostname other
	is 1 '' "jobctl: job 1 is $state: a job under way cannot be changed"
done
run jobctl hold 1
is 1 '' 'jobctl: job 1 is configuring: it is too late to hold it'
report 1 1 failed 10 x 'no disk' | jobctl ingest >"$tmp/out"
run jobctl edit 1 --image debian12
is 0 'job 1: image: rescue@2 -> debian12@1.0.0' ''
run jobctl retry 1
report 1 2 'done' 100 | jobctl ingest >"$tmp/out"
run jobctl edit 1 --image rescue
is 1 '' 'jobctl: job 1 is done: jobctl add --like makes another one'

# ---- once more, and another one like it ----
run jobctl add --like web2
same 'a registered system is installed again in one command' \
	"0 job 3: $mac debian12@1.0.0 queued 1" \
	"$code $(cat "$tmp/out") $(grep -c 'keeps the secrets of its last job: password-hash' "$tmp/err")"
both() { jobctl --json show "$1" | jq -cS '[.settings, (.job | .image, .platform, .profile, .network)]'; }
same 'with all that was said' "$(both 1)" "$(both 3)"
sealed() { sqlite3 "$tmp/jobs.db" "SELECT length(value) FROM job_setting WHERE job = $1 AND name = 'password-hash'"; }
same 'and its secret, sealed again' "$(sealed 1)" "$(sealed 3)"
run jobctl add --like web2
same 'one at a time' "1 1" "$code $(grep -c 'has job 3 (debian12@1.0.0, queued) already' "$tmp/err")"
run jobctl add --like web2 --mac 52:54:00:00:00:09 --hostname web9
is 2 '' 'jobctl: --password-hash-file: that job has one, and it is not copied: give it again (- is a prompt)'
run jobctl --json add --like web2 --mac 52:54:00:00:00:09 --password-hash-file "$tmp/hash"
same 'another machine gets neither its name nor its secret' '["ann",null,true,"52:54:00:00:00:09"]' \
	"$(json '[.settings.user, .settings.hostname, .settings["password-hash"], .job.mac]')"
run jobctl add --like 52:54:00:00:00:99
is 1 '' 'jobctl: 52:54:00:00:00:99: no machine is known by it (see jobctl machines)'
jobctl allow 52:54:00:00:00:77 >"$tmp/out"
run jobctl add --like 52:54:00:00:00:77
is 2 '' 'jobctl: --like: that machine has had no job yet'
end
