#!/bin/sh
# A full disk is said clearly, loses nothing, and is over when there is room again.
# Rows: X-18
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
if [ -z "${INSIDE:-}" ]; then
	unshare --user --map-root-user --mount true 2>/dev/null || skip 'no mounts of our own here'
	INSIDE=1 exec unshare --user --map-root-user --mount "$0"
fi
site
mkdir "$tmp/disk"
mount -t tmpfs -o size=2m none "$tmp/disk" || skip 'no tmpfs here'
trap 'umount "$tmp/disk"; rm -rf "$tmp"' EXIT
sed -i "s|$tmp/jobs.db|$tmp/disk/jobs.db|" "$PXEKIT_CONF"
jobctl add --mac 52:54:00:00:00:01 --image debian12 >/dev/null
mkfifo "$tmp/fifo"
jobctl ingest <>"$tmp/fifo" >"$tmp/sum" 2>"$tmp/said" &
daemon=$!

lines() { # FROM TO
	awk -v from="$1" -v to="$2" 'BEGIN { for (i = from; i <= to; i++)
		printf "{\"v\":1,\"time\":\"2026-11-22T01:02:03.000Z\",\"event\":\"silent\",\"id\":\"w%d\",\"source\":\"pxeproxy\",\"mac\":\"28:6f:b9:00:00:01\",\"rule\":\"unknown\"}\n", i }'
}
count() { jobctl events --json | grep -c '"id":"w'; }

lines 1 10 >"$tmp/fifo"
until [ "$(count)" = 10 ]; do kill -0 $daemon || break; done
dd if=/dev/zero of="$tmp/disk/ballast" bs=4k 2>/dev/null
lines 11 1000 >"$tmp/fifo"
until grep -q 'waiting for room' "$tmp/said"; do kill -0 $daemon || break; done
same 'it says what is wrong' "jobctl: $tmp/disk/jobs.db: cannot write: database or disk is full; waiting for room" \
	"$(head -n 1 "$tmp/said")"
run jobctl add --mac 52:54:00:00:00:02 --image debian12
same 'so does who wants to write' '3 1' "$code $(grep -c 'database or disk is full' "$tmp/err")"
run jobctl list --json
same 'readers read on' '0 1' "$code $(json '.jobs | length')"
same 'the service is up' 0 "$(kill -0 $daemon && echo 0)"
rm "$tmp/disk/ballast"
until [ "$(count)" = 1000 ]; do kill -0 $daemon || break; done
same 'nothing is lost' 1000 "$(count)"
run jobctl add --mac 52:54:00:00:00:02 --image debian12
same 'and all goes on' 0 "$code"
kill $daemon
wait $daemon
same 'it said that there is room' 1 "$(grep -c 'there is room again' "$tmp/said")"
run sqlite3 "$tmp/disk/jobs.db" 'PRAGMA integrity_check'
is 0 ok ''
end
