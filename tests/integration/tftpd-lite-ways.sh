#!/bin/sh
# Rows: S2-01 X-16
# The ways between tftpd-lite and its clients: narrow ones, and one through a translation of
# addresses.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"
PATH=$PATH:$builddir/tests/integration

head -c 300000 /dev/urandom >"$root/300k"
chmod -R a+rX "$root"
echo "tftp = \"$root\"" >"$tmp/pxekit.conf"
$PEER ip addr add 10.0.0.2/24 dev nic0
$PEER ip addr add 10.0.0.3/24 dev nic0

# fetch [OPTION...] ADDRESS: a machine at the other end has the file; prints what was granted.
fetch() {
	got=$(mktemp "$tmp/got.XXXXXX")
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER tftp_client "$@" 69 300k >"$got" 2>"$got.told" && cmp "$got" "$root/300k" &&
		sed 's/.*repeats\(, \)*//' "$got.told"
}
# How many fragments this host has made.
fragments() {
	awk '/^Ip:/ && !n { n = split($0, names) ; next }
		/^Ip:/ { for (i = 1; i <= n; i++) if (names[i] == "FragCreates") sum += $i }
		/^Ip6FragCreates/ { sum += $2 }
		END { print sum + 0 }' /proc/net/snmp /proc/net/snmp6
}

# A route that is narrower than its wire, and a wire that is narrower than others.
ip route add 10.0.0.2/32 dev boot0 mtu 1300
start --path-mtu
run fetch -B 10.0.0.2 -b 1468 -w 4 10.0.0.1
is 0 'blksize 1268, windowsize 4' ''
run fetch -B 10.0.0.2 -b 65464 -w 16 10.0.0.1
is 0 'blksize 1268, windowsize 16' ''
run fetch -B 10.0.0.2 -b 1024 10.0.0.1
is 0 'blksize 1024' ''
run fetch -B 10.0.0.3 -b 65464 10.0.0.1
is 0 'blksize 1468' ''
ip link set boot0 mtu 1300
$PEER ip link set nic0 mtu 1300
ip addr add fd00::1/64 dev boot0 nodad
$PEER ip addr add fd00::2/64 dev nic0 nodad
run fetch -b 1468 -w 4 fd00::1
is 0 'blksize 1248, windowsize 4' ''
run fetch -B 10.0.0.3 -b 1468 10.0.0.1
is 0 'blksize 1268' ''
run fragments
is 0 0 ''
stop
start
run fetch -b 1468 -w 4 fd00::1
is 0 'blksize 1468, windowsize 4' ''
run fetch -B 10.0.0.3 -b 1468 10.0.0.1
is 0 'blksize 1468' ''
run test "$(fragments)" -gt 400
is 0 '' ''
stop

# X-16: the server is in a network behind this host, which changes the addresses of both.
unshare --net sleep infinity &
inside=$!
until [ "$(readlink "/proc/$inside/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
	sleep 0.05
done
there="nsenter --target $inside --net"
ip link add behind0 type veth peer name eth0 netns "$inside"
ip addr add 10.9.0.1/24 dev behind0
ip link set behind0 up
$there ip addr add 10.9.0.2/24 dev eth0
$there ip link set eth0 up
echo 1 >/proc/sys/net/ipv4/ip_forward
nft -f - <<'END'
table ip translation {
	chain in {
		type nat hook prerouting priority dstnat
		iifname boot0 udp dport 69 dnat to 10.9.0.2:6969
	}
	chain out {
		type nat hook postrouting priority srcnat
		oifname behind0 masquerade
	}
}
END
# shellcheck disable=SC2086 # a command and its arguments
start_by $there "$builddir/tftpd-lite" --single-port --port=6969
run fetch -B 10.0.0.3 -b 1024 -w 4 10.0.0.1
is 0 'blksize 1024, windowsize 4' ''
run fetch -B 10.0.0.3 10.0.0.1
is 0 '' ''
fetch -B 10.0.0.2 -b 1024 10.0.0.1 >/dev/null &
other=$!
run fetch -B 10.0.0.3 -b 1024 10.0.0.1
is 0 'blksize 1024' ''
run wait $other
is 0 '' ''
event '"action":"done"' '"address":"10.9.0.1"' 'windowsize 4'
stop
# With a port of its own for the transfer, the answer does not find its way.
# shellcheck disable=SC2086
start_by $there "$builddir/tftpd-lite" --port=6969
run fetch -q -B 10.0.0.3 -b 1024 10.0.0.1
is 3 '' ''
stop
kill "$inside"
end
