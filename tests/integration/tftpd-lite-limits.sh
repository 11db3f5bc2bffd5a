#!/bin/sh
# Rows: S2-01 S2-20
# How many transfers tftpd-lite has at once, how fast they go, and that a burst which
# a slow switch loses is followed by smaller ones.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"
PATH=$PATH:$builddir/tests/integration
$PEER ip addr add 10.0.0.2/24 dev nic0
$PEER ip addr add 10.0.0.3/24 dev nic0

head -c 100000 /dev/urandom >"$root/100k"
head -c 1000000 /dev/urandom >"$root/1m"
chmod -R a+rX "$root"
echo "tftp = \"$root\"" >"$tmp/pxekit.conf"

# fetch FROM NAME OPTION...: a machine at the other end fetches it.
fetch() {
	from=$1 name=$2
	shift 2
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER tftp_client -B "$from" "$@" 10.0.0.1 69 "$name" >"$tmp/got.$from" 2>/dev/null &&
		cmp "$tmp/got.$from" "$root/$name"
}
# What the events of the transfers that were done say, by a filter of jq.
done_ones() {
	jq -rs "map(select(.event == \"transfer\" and .action == \"done\")) | $1" "$tmp/events"
}

# A rate is a bound from above, however busy this machine is.
start --rate=200k
run fetch 10.0.0.2 100k -b 1428 -w 16
is 0 '' ''
run fetch 10.0.0.2 100k
is 0 '' ''
event '"action":"done"' 'windowsize 16'
run done_ones 'map(.ms > 400) | all'
is 0 true ''
stop

# Of a network: two who fetch at once have it together, and both the same.
cat >"$tmp/pxekit.conf" <<END
tftp = "$root"
network lab { subnet = 10.0.0.0/24 tftp-rate = 400k }
END
start
fetch 10.0.0.2 100k -b 1428 -w 4 &
first=$!
run fetch 10.0.0.3 100k -b 1428 -w 4
is 0 '' ''
run wait $first
is 0 '' ''
run done_ones 'length == 2 and (map(.ms) | max > 400)'
is 0 true ''
stop

# So many at once: the others are not answered, and come in once there is room.
stalled() { # FROM: stops after two blocks, and stays
	rm -f "$tmp/stalled"
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER tftp_client -B "$1" -z 2 10.0.0.1 69 1m >"$tmp/stalled" 2>/dev/null &
	stalled=$!
	tries=0
	until [ -s "$tmp/stalled" ] || [ "$tries" -ge 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}
released() {
	kill "$stalled"
	wait "$stalled" 2>/dev/null
	event '"file":"1m"' '"octets":512'
}
# The address that has one, another one, and why who is not answered is not.
bounded() { # OTHER-CODE WHY
	stalled 10.0.0.2
	run fetch 10.0.0.2 100k -q
	is 3 '' ''
	event '"action":"refused"' '"address":"10.0.0.2"' "$2"
	once=-q
	[ "$1" != 0 ] || once=
	# shellcheck disable=SC2086 # an option or none
	run fetch 10.0.0.3 100k $once -T 200
	is "$1" '' ''
	released
	run fetch 10.0.0.2 100k
	is 0 '' ''
	stop
}
# Long enough for the others to ask meanwhile, on a slow machine, too.
start --idle=15 --max-client=1
bounded 0 'too many transfers of this address'
start --idle=15 --max=1
bounded 3 'too many transfers'
sed -i 's/tftp-rate = 400k/tftp-transfers = 1/' "$tmp/pxekit.conf"
start --idle=15
bounded 3 'too many transfers in its network'

# Requests in an address's name that it never made do not count.
start --max=2 --max-client=1
run fetch 10.0.0.2 100k -f 100
is 0 '' ''
stop

# A switch that takes ten packets at once and 4000 a second.
$PEER nft -f - <<'END'
table ip slow {
	chain in {
		type filter hook input priority 0
		udp length > 200 limit rate over 4000/second burst 10 packets drop
	}
}
END
start --no-segments
run fetch 10.0.0.2 1m -b 1428 -w 64
is 0 '' ''
run fetch 10.0.0.2 1m -b 1428 -w 64 -e
is 0 '' ''
event '"action":"done"' 'windowsize 64'
few_repeats() {
	grep '"action":"done"' "$tmp/events" |
		sed 's/.* \([0-9]*\) blocks, \([0-9]*\) repeated.*/\1 \2/' |
		awk '{ print "# " $0 >"/dev/stderr"; if ($2 > 2 * ($1 - $2)) bad = 1 } END { exit bad }' 2>"$tmp/counts"
}
run few_repeats
is 0 '' ''
cat "$tmp/counts"
stop

run tftpd-lite --rate=fast
is 2 '' "tftpd-lite: rate 'fast': not octets a second, like 12M"
run tftpd-lite --max=0
is 2 '' "tftpd-lite: max '0': not a number from 1 to 1000000"
end
