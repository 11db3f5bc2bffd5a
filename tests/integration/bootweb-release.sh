#!/bin/sh
# A file with a secret is given once for each attempt, after that is on record.
# Rows: N-05 S1-14
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

site_begin
mkdir -p "$site/images/win/1"
echo wim >"$site/images/win/1/boot.wim"
{
	printf '# pxekit-image: 1\n# name: win\n# version: 1\n# kind: wim\n# arch: x86_64\n'
	echo '# min-disk: 1073741824'
	echo '# edition: 1 26100 amd64 Server ServerStandard en-US 1000 Windows Server 2025 Standard'
	cd "$site/images/win/1" && sha256sum boot.wim
} >"$site/images/win/1/MANIFEST"
ln -s 1 "$site/images/win/current"
echo 'Hidden <Secret> & 1' >"$tmp/password"
for mac in 52:54:00:00:00:01 52:54:00:00:00:02 52:54:00:00:00:03; do
	admin add --mac $mac --image win --admin-password-file "$tmp/password" >/dev/null
done
serve

one=$(token_of 52-54-00-00-00-01)
two=$(token_of 52-54-00-00-00-02)
three=$(token_of 52-54-00-00-00-03)

# ---- nobody records anything: it is not given, and not lost ----
run status "$one/unattend.xml" -D "$tmp/headers"
is 0 503 ''
run grep -c '"release"' "$site/events"
is 0 1 ''
run status "$one/unattend.xml" -I
is 0 200 ''

# ---- on record: once ----
take
run get "$one/unattend.xml" -o "$tmp/got"
is 0 200 ''
hidden=$(printf 'Hidden <Secret> & 1AdministratorPassword' | iconv -t UTF-16LE | base64 -w 0)
run has "<Value>$hidden</Value>" "$tmp/got"
is 0 '' ''
run get "$one/unattend.xml"
is 0 'forbidden: it holds a secret and was given out before; job 1 wants another attempt
403' ''
run saw refused '"rule":"released"' '"job":1' '"file":"unattend.xml"'
is 0 '' ''
run grep -c Hidden "$site/events"
is 1 0 ''

# ---- fifty at once ----
keep_taking &
taker=$!
pids="$pids $taker"
i=0 gets=
while [ $i -lt 50 ]; do
	status "$two/unattend.xml" --retry 200 --retry-delay 1 -m 900 >"$tmp/status.$i" 2>/dev/null &
	gets="$gets $!"
	i=$((i + 1))
done
# shellcheck disable=SC2086
wait $gets
run sh -c "cat '$tmp'/status.* | sort | uniq -c | sed 's/^ *//'"
is 0 '1 200
49 403' ''
: >"$tmp/enough"
wait "$taker"

# ---- killed between record and release: that attempt never gets it, the next one does ----
status "$three/unattend.xml" >/dev/null &
asked=$!
until_true grep -q '"job":3.*release\|"release".*"job":3' "$site/events"
kill -9 "$web"
wait "$web" 2>/dev/null
wait $asked
take
serve
taken=0
run status "$three/unattend.xml"
is 0 403 ''
admin cancel 3 >/dev/null
admin retry 3 >/dev/null
three=$(token_of 52-54-00-00-00-03)
rm "$tmp/enough"
keep_taking &
taker=$!
pids="$pids $taker"
run status "$three/unattend.xml" --retry 20 --retry-delay 1
is 0 200 ''
: >"$tmp/enough"
wait "$taker"
run sqlite3 -readonly "$site/db/jobs.db" 'SELECT count(*) FROM release'
is 0 4 ''

stop
site_end
