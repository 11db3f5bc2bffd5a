#!/bin/sh
# Rows: S2-01
# What tftpd-lite does for requests and acknowledgements that are forged: how many octets
# it sends for each one that it gets, and that ports have to be guessed.
# shellcheck disable=SC2119 # start may have arguments
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"
PATH=$PATH:$builddir/tests/integration

head -c 300000 /dev/urandom >"$root/a"
truncate -s 1T "$root/h"
chmod -R a+rX "$root"
echo "tftp = \"$root\"" >"$tmp/pxekit.conf"
$PEER ip addr add 10.0.0.2/24 dev nic0

# The other end counts what it sends from each port, and what comes for it: octets of IP.
port=2000
: >"$tmp/rows"
row() { # WHAT MOST REQUEST, as printf has it
	port=$((port + 1))
	printf '%s|%s|%s|%s\n' "$port" "$1" "$2" "$3" >>"$tmp/rows"
}
row 'blksize' 4 '\0\1a\0octet\0blksize\0008\0'
row 'timeout' 4 '\0\1a\0octet\0timeout\0001\0'
row 'tsize of a TB' 4 '\0\1h\0octet\0tsize\0000\0'
row 'windowsize' 4 '\0\1a\0octet\0windowsize\0009\0'
row 'all options' 4 '\0\1h\0octet\0blksize\0001468\0tsize\0000\0timeout\0001\0windowsize\00064\0'
row 'one that is granted, one that is not' 4 '\0\1a\0octet\0x\0001\0blksize\0008\0'
row 'timeout of a text' 4 '\0\1a\0netascii\0timeout\0001\0tsize\0000\0'
row 'no such file' 2 '\0\1b\0octet\0'
row 'a write' 2 '\0\2a\0octet\0'
row 'no name' 2 '\0\1\0octet\0'
row 'no mode' 2 '\0\1a\0'
row 'no options' 14.4 '\0\1a\0octet\0'
row 'an unknown option' 14.4 '\0\1a\0octet\0x\0001\0'
row 'tsize of a text' 14.4 '\0\1a\0netascii\0tsize\0000\0'
row 'garbage behind it' 14.4 '\0\1a\0octet\0\377\377'
{
	echo 'table ip count {'
	while IFS='|' read -r port what most request; do
		printf 'counter out%s { packets 0 bytes 0 }\ncounter in%s { packets 0 bytes 0 }\n' "$port" "$port"
	done <"$tmp/rows"
	echo 'chain out { type filter hook output priority 0'
	sed 's/|.*//;s/.*/udp sport & counter name out&/' "$tmp/rows"
	echo '}'
	echo 'chain in { type filter hook input priority 0'
	sed 's/|.*//;s/.*/udp dport & counter name in&/' "$tmp/rows"
	printf '}\n}\n'
} >"$tmp/count.nft"
$PEER nft -f "$tmp/count.nft"

counted() { # COUNTER
	$PEER nft list counter ip count "$1" | sed -n 's/.*bytes \([0-9]*\)/\1/p'
}
# Ends that stay open and say nothing more, so that no ICMP ends a transfer.
asks() { # PORT REQUEST
	# shellcheck disable=SC2059,SC2086 # a format; a command and its arguments
	{
		printf "$2"
		exec sleep 600
	} | $PEER socat - "UDP-DATAGRAM:10.0.0.1:69,bind=:$1" >/dev/null &
}
start
while IFS='|' read -r port what most request; do
	asks "$port" "$request"
done <"$tmp/rows"
# Eleven transfers end, four requests are refused or malformed.
ended() {
	grep -c -e '"action":"unanswered"' -e '"action":"refused"' -e '"event":"malformed"' "$tmp/events"
}
tries=0
until [ "$(ended)" -ge 15 ] || [ "$tries" -ge 600 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
run ended
is 0 15 ''
while IFS='|' read -r port what most request; do
	out=$(counted "out$port") in=$(counted "in$port")
	run awk -v o="$out" -v i="$in" -v most="$most" 'BEGIN { exit !(i > 0 && o > 0 && i / o < most) }'
	what="$what: $in octets for $out, less than $most"
	is 0 '' ''
done <"$tmp/rows"

# A flood in the names of 3000 ports, of each kind; who is there is served all the same.
for options in '-b 1468 -w 64' ''; do
	# shellcheck disable=SC2086
	run $PEER tftp_client $options -f 3000 -T 200 10.0.0.1 69 a
	cp "$tmp/out" "$tmp/got" && : >"$tmp/out" && : >"$tmp/err"
	is 0 '' ''
	run cmp "$tmp/got" "$root/a"
	is 0 '' ''
done
stop
end
