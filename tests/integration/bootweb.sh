#!/bin/sh
# bootweb's scripts, job files, reports and disk gate, with a database it cannot write.
# Rows: S0-25 S0-30 S1-03 S1-07 S4-06 S4-21 X-12 N-06 N-08
# shellcheck disable=SC2016,SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

cat >"$tmp/networks" <<'E2'
network here { subnet = "127.0.0.0/8" unknown = "silent" }
platform kvm { disk = "bus=virtio" }
E2
site_begin "$tmp/networks"
for i in 1 2 3 4; do
	admin add --mac=52:54:00:00:00:0$i --image=debian --hostname=host$i >/dev/null
done
admin add --mac=52:54:00:00:00:05 --image=debian --hostname=host5 --platform=kvm >/dev/null
admin add --mac=52:54:00:00:00:06 --image=debian --hostname=host6 --disk='first empty' >/dev/null
admin block 52:54:00:00:00:0b >/dev/null 2>&1
serve

# ---- it cannot write ----

# shellcheck disable=SC2086
run $nobody sh -c "test ! -w '$site/db/jobs.db' && test ! -w '$site/db'"
is 0 '' ''
run get /healthz
is 0 'ok
200' ''

# ---- scripts ----

run get /boot.ipxe -o "$tmp/script"
is 0 200 ''
run has '/boot/${netX/mac:hexhyp}.ipxe' "$tmp/script"
is 0 '' ''
for form in 52:54:00:00:00:01 52-54-00-00-00-01 5254.0000.0001 525400000001 \
	52-54-00-00-00-01 52%3A54%3A00:00:00:01; do
	run get "/boot/$form.ipxe" -o "$tmp/script"
	is 0 200 ''
	run has 'set pxekit-url http://10.0.0.1:8080/j/' "$tmp/script"
	is 0 '' ''
done
run saw script '"mac":"52:54:00:00:00:01"' '"action":"install"' '"rule":"job"' '"job":1' \
	'"attempt":1' '"network":"here"' '"address":"127.0.0.1"' '"status":200'
is 0 '' ''
run get '/boot/52-54-00-00-00-0a.ipxe?uuid=11223344-5566-7788-99aa-bbccddeeff00&serial=SN%2042&manufacturer=QEMU&product=Standard+PC&asset=a1&arch=x86_64&platform=efi'
is 0 'nothing for this machine
404' ''
run saw script '"mac":"52:54:00:00:00:0a"' '"uuid":"11223344-5566-7788-99aa-bbccddeeff00"' \
	'"serial":"SN 42"' '"manufacturer":"QEMU"' '"product":"Standard PC"' '"asset":"a1"' \
	'"arch":7' '"action":"silent"' '"rule":"unknown"' '"status":404'
is 0 '' ''
run status '/boot/52-54-00-00-00-0b.ipxe'
is 0 404 ''
run saw script '"mac":"52:54:00:00:00:0b"' '"action":"silent"' '"rule":"blocked"'
is 0 '' ''
run get /boot/nonsense.ipxe
is 0 "bad request: the script's name is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex digits)
400" ''
run status /boot/52-54-00-00-00-01
is 0 400 ''
run status '/boot/52-54-00-00-00-01.ipxe?a=%00'
is 0 400 ''

# A curious GET changes nothing: the job is as it was, for the next one too.
admin --json show 1 >"$tmp/job"
run has '"queued"' "$tmp/job"
is 0 '' ''

# ---- the files of a job ----

job=$(token_of 52-54-00-00-00-01)
run get "$job/deploy.conf" -o "$tmp/deploy.conf"
is 0 200 ''
run sh -c ". '$tmp/deploy.conf' && echo \$PXEKIT_HOSTNAME \$PXEKIT_MAC"
is 0 'host1 52:54:00:00:00:01' ''
run saw fetch '"file":"deploy.conf"' '"job":1' '"mac":"52:54:00:00:00:01"'
is 0 '' ''
run get "$job/nonsense"
is 0 'no such file of this job
404' ''
other=$(token_of 52-54-00-00-00-02)
run get "${job%?}$(echo "${job#"${job%?}"}" | tr 0-9a-f 1-9a-f0)/deploy.conf"
is 0 'forbidden: unknown token
403' ''
run get "${other%%-*}-${job#*-}/deploy.conf"
is 0 'forbidden: unknown token
403' ''
run get "/j/x/deploy.conf"
is 0 'forbidden: unknown token
403' ''
run saw refused '"status":403' '"address":"127.0.0.1"' '"rule":"token"'
is 0 '' ''

# ---- reports ----

run get "$job/report?state=booting&step=kernel&percent=1"
is 0 'ok
200' ''
run saw report '"job":1' '"attempt":1' '"state":"booting"' '"step":"kernel"' '"percent":1' \
	'"mac":"52:54:00:00:00:01"'
is 0 '' ''
run post "$job/report" 'state=installing&step=fetch&n=5&of=9&percent=42&text=42%25%20%26%20more'
is 0 'ok
200' ''
run saw report '"state":"installing"' '"step_n":5' '"step_of":9' '"percent":42' \
	'"text":"42% & more"'
is 0 '' ''
run post "$job/report?state=configuring" 'percent=90&step=reboot'
is 0 'ok
200' ''
run post "$job/report" 'state=flying'
is 0 'bad report: state is none of booting, installing, configuring, done, failed
400' ''
run post "$job/report" 'state=done&percent=101'
is 0 'bad report: percent is not a whole number within its bounds
400' ''
run post "$job/report" 'percent=%zz'
is 0 'bad report: a percent escape is not %01 to %FF
400' ''
run post "$job/report?state=done" 'state=failed'
is 0 'bad report: a field is given twice
400' ''
run post /j/1-abc/report 'state=done'
is 0 'forbidden: unknown token
403' ''
run status "$job/report?state=done" -X PUT
is 0 405 ''
run status "$job/report?state=done" -I
is 0 404 ''

# The database is behind by all of these: what is on the disk is not installed again.
run get /boot/52-54-00-00-00-01.ipxe -o "$tmp/script"
is 0 200 ''
run saw script '"action":"local"' '"rule":"configuring"'
is 0 '' ''
run post "$job/disks" "$(printf 'vda\t9999999999\tvirtio\t-\t-\tempty')"
is 0 'job 1 is configuring: its disk is written already
vda	9999999999	virtio	-	-	empty
409' ''

# What jobctl makes of them counts.
admin ingest <"$site/events" >/dev/null 2>&1
admin --json show 1 >"$tmp/job"
run has '"configuring"' "$tmp/job"
is 0 '' ''
run get /boot/52-54-00-00-00-01.ipxe -o "$tmp/script"
is 0 200 ''
run saw script '"action":"local"' '"rule":"configuring"'
is 0 '' ''
run post "$job/report" 'state=done&percent=100&host=host1&address=10.9.8.7/24'
is 0 'ok
200' ''
run saw report '"state":"done"' '"address":"10.9.8.7"'
is 0 '' ''
admin ingest <"$site/events" >/dev/null 2>&1
admin --json show 1 >"$tmp/job"
run has '"done"' "$tmp/job"
is 0 '' ''
run post "$job/report" 'state=done&percent=100&host=host1&address=10.9.8.7/24'
is 0 'ok
200' ''
run post "$job/report" 'state=installing'
is 0 'stop: job 1 is done
409' ''
# The job's secret opens nothing any more.
run get "$job/deploy.conf"
is 0 'stop: job 1 is done
409' ''
run status /boot/52-54-00-00-00-01.ipxe
is 0 200 ''
run saw script '"action":"local"' '"rule":"idle"'
is 0 '' ''

# Unknown machines are on record now.
admin machines >"$tmp/machines"
run has 52:54:00:00:00:0a "$tmp/machines"
is 0 '' ''

# ---- jobs that are over ----

job=$(token_of 52-54-00-00-00-02)
admin cancel 2 >/dev/null
run post "$job/report" 'state=installing&step=format'
is 0 'stop: job 2 is cancelled
409' ''
run saw refused '"job":2' '"rule":"over"' '"status":409'
is 0 '' ''
run get "$job/deploy.conf"
is 0 'stop: job 2 is cancelled
409' ''
run post "$job/disks" "$(printf 'vda\t9999999999\tvirtio\t-\t-\tempty')"
is 0 'stop: job 2 is cancelled
409' ''
admin retry 2 >/dev/null
run post "$job/report" 'state=installing&step=format'
is 0 'stop: job 2 is at attempt 2
409' ''
run post "$(token_of 52-54-00-00-00-02)/report" 'state=booting'
is 0 'ok
200' ''

# ---- one boot that is another one ----

admin next 52:54:00:00:00:04 menu >/dev/null
for time in first second; do
	run get "/boot/52-54-00-00-00-04.ipxe?asset=$time" -o "$tmp/script"
	is 0 200 ''
	run has 'item local Boot from the local disk' "$tmp/script"
	is 0 '' ''
done
run saw script '"mac":"52:54:00:00:00:04"' '"action":"menu"' '"rule":"next"'
is 0 '' ''
admin ingest <"$site/events" >/dev/null 2>&1
once() { admin events --json | grep -c '"event":"next".*"action":"used".*"old":"menu"'; }
run once
is 0 1 ''
run get /boot/52-54-00-00-00-04.ipxe -o "$tmp/script"
is 0 200 ''
run saw script '"mac":"52:54:00:00:00:04"' '"action":"menu"'
is 0 '' ''
# Half a minute later.
chmod u+w "$site/db"
find "$site/db" -type f -exec chmod u+w {} +
sqlite3 "$site/db/jobs.db" 'UPDATE machine SET next_until = next_until - 30000'
admin next --clear 52:54:00:00:00:04 >"$tmp/cleared" 2>&1 # and the log for readers is back
run cat "$tmp/cleared"
is 0 'jobctl: 52:54:00:00:00:04: has nothing that it boots once' ''
run get /boot/52-54-00-00-00-04.ipxe -o "$tmp/script"
is 0 200 ''
run has 'set pxekit-url' "$tmp/script"
is 0 '' ''

# A machine that failed may say so again, and nothing else.
job=$(token_of 52-54-00-00-00-03)
run post "$job/report" 'state=failed&text=no%20disk'
is 0 'ok
200' ''
admin ingest <"$site/events" >/dev/null 2>&1
run post "$job/report" 'state=failed&text=no%20disk'
is 0 'ok
200' ''
run post "$job/report" 'state=installing'
is 0 'stop: job 3 is failed
409' ''

# No token is in any event or message.
run grep -c "${job#/j/}" "$site/events" "$site/messages"
is 1 "$site/events:0
$site/messages:0" ''
run cat "$site/messages"
is 0 '' ''

# ---- the disk gate ----

disks() {
	shift 0
	: >"$tmp/disks"
	for disk; do
		# shellcheck disable=SC2086
		printf '%s\t%s\t%s\t%s\t%s\t%s\n' $disk >>"$tmp/disks"
	done
	get "$job/disks" -H 'Content-Type: text/plain' --data-binary "@$tmp/disks"
}

job=$(token_of 52-54-00-00-00-04)
run disks
is 0 "0 of 0 disks fit the rule 'only', not exactly one
409" ''
run disks 'sda 2147483648 scsi S1 M1 used'
is 0 'sda
200' ''
run saw disks '"job":4' '"action":"wipe"' '"rule":"only"' '"text":"sda\nsda\t2147483648\tscsi'
is 0 '' ''
run disks 'sda 2147483648 scsi S1 M1 used' 'sdb 4294967296 scsi S2 M1 empty'
is 0 "2 of 2 disks fit the rule 'only', not exactly one
sda	2147483648	scsi	S1	M1	used
sdb	4294967296	scsi	S2	M1	empty
409" ''
run saw disks '"action":"refuse"' '"status":409' 'not exactly one'
is 0 '' ''
run disks 'sda 2147483648 scsi - - empty' 'sdb 2147483648 scsi - - empty'
is 0 "2 of 2 disks fit the rule 'only', not exactly one
sda	2147483648	scsi	-	-	empty
sdb	2147483648	scsi	-	-	empty
409" ''
run disks 'sda 1000 scsi - - empty'
is 0 'sda holds 1000 octets, the image needs 1073741824
sda	1000	scsi	-	-	empty
409' ''
run post "$job/disks" 'sda is a nice disk'
is 0 'bad list: line 1 does not have six fields with tabs between them
400' ''
job=$(token_of 52-54-00-00-00-05)
run disks 'sda 2147483648 scsi - - empty' 'vda 2147483648 virtio - - used'
is 0 'vda
200' ''
job=$(token_of 52-54-00-00-00-06)
run disks 'sda 2147483648 scsi - - used' 'sdb 2147483648 scsi - - empty' \
	'sdc 2147483648 scsi - - empty'
is 0 'sdb
200' ''
run status "$job/disks"
is 0 404 ''
mv "$site/images/debian/1.0/MANIFEST" "$site/images/debian/1.0/away"
run disks 'sda 2147483648 scsi - - empty'
is 0 "the manifest of debian@1.0 cannot be read; the server's log says why
sda	2147483648	scsi	-	-	empty
409" ''
mv "$site/images/debian/1.0/away" "$site/images/debian/1.0/MANIFEST"
admin block 52-54-00-00-00-06 >/dev/null
run disks 'sdb 2147483648 scsi - - empty'
is 0 'the machine is blocked
sdb	2147483648	scsi	-	-	empty
409' ''
admin allow 52-54-00-00-00-06 >/dev/null
run post "$job/report" 'state=installing&step=partition'
run post "$job/report" 'state=configuring'
admin ingest <"$site/events" >/dev/null 2>&1
run disks 'sdb 2147483648 scsi - - empty'
is 0 'job 6 is configuring: its disk is written already
sdb	2147483648	scsi	-	-	empty
409' ''

run stop
is 0 '' ''
run event stopped '"source":"bootweb"'
is 0 '' ''

site_end
