#!/bin/sh
# Rows: S2-20 X-16
# A disk that stalls keeps nobody waiting but those who want what is on it.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"
PATH=$PATH:$builddir/tests/integration

head -c 100000 /dev/urandom >"$root/100k"
# Without line ends it is the same as text.
head -c 500000 /dev/urandom | base64 -w 0 >"$tmp/source"
mkdir "$root/far"
chmod -R a+rX "$root"
echo "tftp = \"$root\"" >"$tmp/pxekit.conf"

stall_fs "$root/far" "$tmp/source" >"$tmp/disk" 2>"$tmp/disk.errors" &
disk=$!
until grep -q mounted "$tmp/disk"; do
	kill -0 "$disk" 2>/dev/null || {
		[ -n "${CI:-}" ] || skip "$(cat "$tmp/disk.errors")"
		cat "$tmp/disk.errors"
		exit 99
	}
	sleep 0.05
done
trap 'umount -l "$root/far"; kill -KILL "$disk"; rm -rf "$tmp"' EXIT

# flows: the disk works; stalls: it does not.
flows() {
	kill -USR1 "$disk"
}
stalls() {
	: >"$tmp/disk"
	kill -USR2 "$disk"
}
stalled() {
	until grep -q stalled "$tmp/disk"; do sleep 0.05; done
}
fetch() {
	out=$1
	shift
	tftp_client "$@" >"$tmp/got.$out" 2>"$tmp/said.$out"
}
# A hundred at once, each of whom gets it right.
hundred() {
	clients=
	for i in $(seq 100); do
		fetch "$i" -b 1428 -w 4 127.0.0.1 "$1" 100k &
		clients="$clients $!"
	done
	for client in $clients; do wait "$client" || return 1; done
	for i in $(seq 100); do cmp "$tmp/got.$i" "$root/100k" || return 1; done
}

# One waits for the disk, then its file comes whole; the others do not notice.
start --idle=300
fetch a -t 120 -b 1428 -w 4 127.0.0.1 69 far/a &
one=$!
fetch b -t 120 -a 127.0.0.1 69 far/b &
other=$!
stalled
run hundred 69
is 0 '' ''
flows
run wait $one
is 0 '' ''
run cmp "$tmp/got.a" "$tmp/source"
is 0 '' ''
run wait $other
is 0 '' ''
run cmp "$tmp/got.b" "$tmp/source"
is 0 '' ''
first=$server

# A disk that does not come back: both clients are told so.
stalls
start --port=1069 --idle=10
fetch c -t 120 -b 1428 -w 4 127.0.0.1 1069 far/c &
one=$!
fetch d -t 120 -b 1428 -w 4 127.0.0.1 1069 far/d &
for waiting in "c $one" "d $!"; do
	name=${waiting% *}
	run wait "${waiting#* }"
	is 1 '' ''
	run grep -c 'cannot be read' "$tmp/said.$name"
	is 0 1 ''
	event '"action":"failed"' "far/$name" 'its disk does not answer'
done
run hundred 1069
is 0 '' ''
flows
run fetch c -t 120 -b 1428 -w 64 127.0.0.1 1069 far/c
is 0 '' ''
run cmp "$tmp/got.c" "$tmp/source"
is 0 '' ''
run stop
is 0 '' ''
server=$first
run stop
is 0 '' ''
end
