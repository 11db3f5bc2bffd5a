#!/bin/sh
# Rows: S2-01 S2-20
# tftpd-lite over bad networks: loss, delay, doubled and overtaken packets, for windows
# and block sizes.  Then 10,000 transfers: memory and descriptors stay as they were.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi

root=$tmp/root
mkdir "$root"
head -c 400000 /dev/urandom >"$root/image"
head -c 3000 /dev/urandom >"$root/small"
chmod -R a+rX "$tmp"
want=$(sha256sum <"$root/image")

until_says() { # file pattern process
	until grep -q "$2" "$1"; do
		kill -0 "$3" || exit 99
		sleep 0.05
	done
}

"$builddir/tftpd-lite" --config=/dev/null --root="$root" --user= >"$tmp/events" &
server=$!
until_says "$tmp/events" '"event":"started"' "$server"

# One transfer; what it got is a hash.
fetch() { # window blksize
	"$builddir/tests/integration/tftp_client" -w "$1" -b "$2" 127.0.0.1 6900 image \
		2>"$tmp/err.$1" | sha256sum >"$tmp/hash.$1"
}

# All windows at once, each block size, over one network.
matrix() { # options of the relay
	: >"$tmp/relay"
	# shellcheck disable=SC2086 # options
	"$builddir/tests/integration/tftp_relay" $1 6900 127.0.0.1 69 >"$tmp/relay" &
	relay=$!
	until_says "$tmp/relay" ready "$relay"
	for blksize in 512 1468 8192; do
		clients=''
		for window in 1 4 16 64; do
			fetch "$window" "$blksize" &
			clients="$clients $!"
		done
		# shellcheck disable=SC2086 # process ids
		wait $clients
		for window in 1 4 16 64; do
			run cat "$tmp/hash.$window"
			what="$1: window $window, blksize $blksize ($(tr '\n' ' ' <"$tmp/err.$window"))"
			is 0 "$want" ''
		done
	done
	kill "$relay"
	wait "$relay"
	tail -n 1 "$tmp/relay" | sed "s/^/# $1: /"
}

matrix '-s 1'
matrix '-s 2 -l 100'
matrix '-s 3 -2 500'
matrix '-s 4 -r 300'
matrix '-s 5 -d 2000'
matrix '-s 6 -d 500 -j 1000'
matrix '-s 7 -l 100 -2 100 -r 100 -d 200 -j 500'

# As many of each kind as there were before.
descriptors() { find "/proc/$server/fd" -mindepth 1 | wc -l; }
memory() { awk '/^Anonymous:/ { print $2 }' "/proc/$server/smaps_rollup"; }
transfers() { # count
	"$builddir/tests/bench/tftp_load" -n 50 -r $(($1 / 50)) 127.0.0.1 69 small "$root/small" >"$tmp/load"
}
settled() {
	tries=0
	until [ "$(descriptors)" = "$before_fds" ] || [ "$tries" -ge 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}
before_fds=$(descriptors)
run transfers 10000
is 0 '' ''
settled
before=$(memory)
run transfers 10000
is 0 '' ''
settled
run descriptors
is 0 "$before_fds" ''
grown=$(($(memory) - before))
run test "$grown" -lt 1024
what="memory after 10000 more transfers: $grown KiB more than before"
is 0 '' ''
run grep -c '"action":"done".*"file":"small"' "$tmp/events"
[ "$(cat "$tmp/out")" = 20000 ] || grep -o '"action":"[a-z]*"' "$tmp/events" | sort | uniq -c
is 0 20000 ''

kill "$server"
end
