#!/bin/sh
# bootweb among hostile, slow and many clients, with a full or broken event pipe,
# with sockets that were handed over, through reload and stop.
# Rows: S1-03 S4-06 N-08
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

site_begin
for i in 1 2; do
	admin add --mac=52:54:00:00:00:0$i --image=debian --hostname=host$i >/dev/null
done
serve
image=/images/debian/1.0/rootfs.tar.gz
sum=$(sha256sum <"$site$image")

# raw LINE...: these lines as a request, and the first line of the answer.
raw() {
	{
		printf '%s\r\n' "$@" ''
		sleep 1
	} | curl -s -m 60 "telnet://${url#http://}" | head -n 1 | tr -d '\r'
}

# ---- slow clients, from here to the end of this test ----

i=0
while [ $i -lt 20 ]; do
	{
		printf 'GET /boot.ipxe HTTP/1.1\r\nHost: x\r\n'
		while sleep 3 && printf 'X-%s: y\r\n' $i; do :; done
	} | curl -s "telnet://${url#http://}" >"$tmp/slow$i" 2>&1 &
	pids="$pids $!"
	i=$((i + 1))
done
slow=$!
truncate -s 100000000 "$site/images/debian/1.0/large"
curl -sS --limit-rate 1k -o /dev/null "$url/images/debian/1.0/large" 2>/dev/null &
pids="$pids $!"
run get /healthz
is 0 'ok
200' ''

# ---- one that plays a machine: all answered, and what is left out is counted ----

curl -sS "$url/boot/52-54-00-00-00-02.ipxe?n=[1-5000]" >"$tmp/played" 2>"$tmp/err"
run grep -c '^#!ipxe$' "$tmp/played"
is 0 5000 ''
played() { grep '"event":"script".*52:54:00:00:00:02' "$site/events"; }
run test "$(played | wc -l)" -lt 4000
is 0 '' ''
# A change makes one anew, which is told.
admin cancel 2 >/dev/null
curl -sS -o "$tmp/played" "$url/boot/52-54-00-00-00-02.ipxe"
told_all() {
	played | awk '{ n++ } match($0, /\(([0-9]+) like this/) {
		n += substr($0, RSTART + 1) + 0 } END { exit n != 5001 }'
}
run until_true told_all
is 0 '' ''

# ---- hostile requests ----

run raw nonsense
is 0 '' ''
run raw GET
is 0 '' ''
run raw 'GET boot.ipxe HTTP/1.1' 'Host: x'
is 0 'HTTP/1.1 400 Bad Request' ''
run raw 'GET /boot.ipxe HTTP/1.1'
is 0 'HTTP/1.1 400 Bad Request' ''
run raw 'GET /healthz HTTP/1.0'
is 0 'HTTP/1.1 200 OK' ''
run raw 'GET http://anything/healthz HTTP/1.1' 'Host: x'
is 0 'HTTP/1.1 200 OK' ''
run raw 'GET /healthz?%00 HTTP/1.1' 'Host: x'
is 0 'HTTP/1.1 400 Bad Request' ''
run raw 'POST /j/1-a/report HTTP/1.1' 'Host: x' 'Content-Length: 99999999'
is 0 'HTTP/1.1 413 Content Too Large' ''
run raw 'POST /j/1-a/report HTTP/1.1' 'Host: x' 'Content-Length: 99999999999999999999'
is 0 'HTTP/1.1 413 Content Too Large' ''
run raw 'GET /healthz HTTP/1.1' 'Host: x' 'Content-Length: 9' '' 'GET /nothing HTTP/1.1'
is 0 'HTTP/1.1 200 OK' ''
long=$(head -c 20000 /dev/zero | tr '\0' a)
run status /healthz -H "X-Long: $long"
case $(cat "$tmp/out") in 431 | 413 | 400) echo refused >"$tmp/out" ;; esac
is 0 refused ''
run status "/boot/$long"
case $(cat "$tmp/out") in 431 | 414 | 400) echo refused >"$tmp/out" ;; esac
is 0 refused ''
head -c 70000 /dev/zero | tr '\0' a >"$tmp/body"
job=$(token_of 52-54-00-00-00-01)
run status "$job/report" --data-binary "@$tmp/body"
is 0 413 ''
curl -s -o /dev/null -H 'Transfer-Encoding: chunked' --data-binary "@$tmp/body" "$url$job/report"
head -c 64000 /dev/zero | tr '\0' '&' >"$tmp/body"
run status "$job/report" --data-binary "@$tmp/body"
is 0 400 ''
run get /healthz
is 0 'ok
200' ''

# ---- many at once ----

i=0
many=
while [ $i -lt 50 ]; do
	{
		curl -sS -m 300 "$url/boot/52-54-00-00-00-0$((i % 3)).ipxe" >/dev/null
		curl -sS -m 300 "$url$image" | sha256sum
	} >"$tmp/many$i" 2>&1 &
	many="$many $!"
	i=$((i + 1))
done
# shellcheck disable=SC2086
wait $many
run sh -c "sort -u '$tmp'/many*"
is 0 "$sum" ''
run get /healthz
is 0 'ok
200' ''

# ---- the configuration is read again, or stays ----

cp "$site/conf" "$tmp/conf"
echo 'nonsense' >>"$site/conf"
kill -HUP "$web"
run until_true grep -q 'stays as it was' "$site/messages"
is 0 '' ''
run status $image
is 0 200 ''
mv "$site/images" "$site/pictures"
sed "s|$site/images|$site/pictures|" "$tmp/conf" >"$site/conf"
run status $image
is 0 404 ''
kill -HUP "$web"
run until_true sh -c "curl -sSf '$url$image' -o '$tmp/got'"
is 0 '' ''
mv "$site/pictures" "$site/images"
cp "$tmp/conf" "$site/conf"
run get /healthz
is 0 'ill: the image directory cannot be read
503' ''
kill -HUP "$web"
run until_true sh -c "curl -sSf '$url/healthz'"
is 0 '' ''
chmod u+w "$site/db"
mv "$site/db" "$site/away"
run status /boot/52-54-00-00-00-01.ipxe
is 0 503 ''
run status /healthz
is 0 503 ''
run status $image
is 0 200 ''
mv "$site/away" "$site/db"
run status /boot/52-54-00-00-00-01.ipxe
is 0 200 ''

# ---- the slow ones have been shut out, the slow reader has not ----

run until_true sh -c "! kill -0 $slow"
is 0 '' ''
run sh -c "cat '$tmp'/slow*"
is 0 '' ''
kill -TERM "$web"
run wait "$web"
is 0 '' ''

# ---- nobody reads the events ----

mkfifo "$tmp/fifo"
exec 7<>"$tmp/fifo"
$nobody "$tmp/bootweb" --config="$site/conf" --listen="${url#http://}" >"$tmp/fifo" \
	2>"$site/messages" 7<&- &
web=$!
pids="$pids $web"
run until_true curl -sSf "$url/boot.ipxe"
is 0 '' ''
# A pipe holds 64 KiB and the queue 1 MiB; one of these lines is more than 3 KiB.
text=$(head -c 900 /dev/zero | tr '\0' '"' | sed 's/"/%22/g')
echo "state=installing&text=$text" >"$tmp/body"
code=200 sent=0
while [ "$code" = 200 ] && [ $sent -lt 3000 ]; do
	code=$(curl -sS -o /dev/null -w '%{http_code}' --data-binary "@$tmp/body" \
		"$url$job/report")
	sent=$((sent + 1))
done
what='a report that cannot be kept is not accepted'
printf '%s\n' "$code" >"$tmp/out"
code=0
is 0 503 ''
run status $image
is 0 200 ''
cat <"$tmp/fifo" >"$tmp/events" 7<&- &
reader=$!
pids="$pids $reader"
exec 7<&-
run until_true curl -sSf "$url$job/report?state=installing"
is 0 '' ''
run until_true sh -c "test \$(grep -c '\"event\":\"report\"' '$tmp/events') -ge $sent"
is 0 '' ''
# The reader goes, and comes again.
kill "$reader"
run status $image
is 0 200 ''
run get "$job/report?state=installing&text=nobody%20reads"
is 0 'ok
200' ''
cat <"$tmp/fifo" >"$tmp/again" &
pids="$pids $!"
run until_true grep -q 'nobody reads' "$tmp/again"
is 0 '' ''
kill -TERM "$web"
run wait "$web"
is 0 '' ''

# ---- sockets that are handed over ----

cat >"$tmp/activate" <<'EOF'
use POSIX; use Socket;
$^F = 9;
socket(S, PF_INET, SOCK_STREAM, 0) or die;
bind(S, sockaddr_in(0, INADDR_LOOPBACK)) or die;
listen(S, 10) or die;
POSIX::dup2(fileno(S), 3) if fileno(S) != 3;
$ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$;
exec @ARGV;
EOF
chmod 644 "$tmp/activate"
: >"$site/events" # the last one's "started" is not this one's
# shellcheck disable=SC2086
$nobody perl "$tmp/activate" "$tmp/bootweb" --config="$site/conf" >"$site/events" \
	2>"$site/messages" 3<&- &
web=$!
pids="$pids $web"
run until_true grep -q started "$site/events"
is 0 '' ''
url=http://$(sed -n 's/.* on \([0-9.:]*\).*/\1/p' "$site/events")
run get /healthz
is 0 'ok
200' ''
kill -INT "$web"
run wait "$web"
is 0 '' ''

# ---- wrong options ----

run bootweb --face=admin2
is 2 '' "bootweb: there is no face 'admin2'"
run bootweb --listen=127.0.0.1:http --config="$site/conf"
is 2 '' 'bootweb: cannot listen on 127.0.0.1:http: Invalid argument'
run bootweb now
is 2 '' "bootweb: 'now' is not an option"
echo nonsense >"$tmp/bad"
run bootweb --check --config="$tmp/bad"
is 2 '' "$(bootweb --check --config="$tmp/bad" 2>&1)"
run bootweb --check --config="$site/conf"
is 0 '' ''

site_end
