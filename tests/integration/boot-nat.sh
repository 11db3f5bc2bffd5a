#!/bin/sh
# Machines in another subnet, all behind one address: each is known by what it says of itself
# and by its token, never by where it comes from; and one start medium does for all of them.
# Rows: S4-18 S4-19
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"

# nic0 is the outer side of a router that translates; the machines are on far0 behind it.
$PEER ip addr add 10.0.0.2/24 dev nic0
unshare --net sleep infinity &
far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
	sleep 0.05
done
FAR="nsenter --target $far --net"
$PEER ip link add in0 type veth peer name far0 netns $far
$PEER ip addr add 10.79.0.1/24 dev in0
$PEER ip link set in0 up
$FAR ip addr add 10.79.0.11/24 dev far0
$FAR ip addr add 10.79.0.12/24 dev far0
$FAR ip link set far0 up
$FAR ip route add default via 10.79.0.1
$PEER sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
PATH=$PATH:/usr/sbin
printf 'table ip nat { chain out { type nat hook postrouting priority 100; oifname "nic0" masquerade; }; }\n' |
	$PEER nft -f - || skip 'no address can be translated here'

printf 'network branches { subnet = "10.0.0.0/24" unknown = "silent" }\n' >"$tmp/networks"
site_begin "$tmp/networks"
sed -i 's|^url = .*|url = "http://boot.test:8080"|' "$site/conf"
pids=$far
uuid=11223344-5566-7788-99aa-bbccddeeff00
admin add --mac 52:54:00:00:00:01 --image debian --hostname one >/dev/null
admin add --mac 52:54:00:00:00:02 --image debian --hostname two >/dev/null
admin add --mac 52:54:00:00:00:03 --uuid $uuid --image debian --hostname three >/dev/null
serve --listen=10.0.0.1:8080

# far ADDRESS PATH [curl options]: as a machine that knows the server by its name
far() {
	from=$1 path=$2
	shift 2
	case $path in http:*) ;; *) path=http://boot.test:8080$path ;; esac
	$FAR curl -sS -m 60 --interface "$from" --resolve boot.test:8080:10.0.0.1 "$@" "$path"
}
# script ADDRESS MAC [QUERY]: who the server takes it for, and keeps its token as $tmp/MAC
script() {
	far "$1" "/boot/$2.ipxe${3:-}" >"$tmp/script"
	sed -n 's/^set pxekit-url //p' "$tmp/script" >"$tmp/$2"
	sed -n 's/^set pxekit-job //p' "$tmp/script"
}
name_of() { # the host name in what the token of a MAC opens
	far "$1" "$(cat "$tmp/$2")/deploy.conf" | sed -n "s/^PXEKIT_HOSTNAME='*\([a-z]*\)'*/\1/p"
}
addresses() {
	sed -n 's/.*"event":"script".*"address":"\([0-9.]*\)".*/\1/p' "$site/events" | sort -u
}

# The medium has this one URL, by name, and the same for all.
run far 10.79.0.11 /boot.ipxe -o "$tmp/entry"
is 0 '' ''
run grep -c 'set pxekit-base http://boot.test:8080$' "$tmp/entry"
is 0 1 ''
for what in 'netX/mac:hexhyp' uuid; do
	run grep -c "chain .*\${$what}" "$tmp/entry"
	is 0 1 ''
done

run script 10.79.0.11 52-54-00-00-00-01
is 0 1 ''
run script 10.79.0.12 52-54-00-00-00-02
is 0 2 ''
run addresses
is 0 10.0.0.2 ''
run name_of 10.79.0.11 52-54-00-00-00-01
is 0 one ''
run name_of 10.79.0.12 52-54-00-00-00-02
is 0 two ''
# The token says which job it is, whoever sends it from where.
run name_of 10.79.0.11 52-54-00-00-00-02
is 0 two ''
run far 10.79.0.11 "$(cat "$tmp/52-54-00-00-00-02")/report" -d 'state=installing&step=fetch&percent=10'
is 0 ok ''
take
states() { admin list --json | jq -r '.jobs[] | "\(.hostname) \(.state)"'; }
run states
is 0 'one queued
two installing
three queued' ''
run far 10.79.0.11 /boot/52-54-00-00-00-0f.ipxe
is 0 'nothing for this machine' ''

# ---- by UUID as well as by MAC ----
run script 10.79.0.12 52-54-00-00-00-77 "?uuid=$uuid"
is 0 3 ''
run name_of 10.79.0.12 52-54-00-00-00-77
is 0 three ''
run script 10.79.0.12 52-54-00-00-00-03
is 0 3 ''
run script 10.79.0.12 52-54-00-00-00-01 '?uuid=99999999-5566-7788-99aa-bbccddeeff00'
is 0 1 ''
run script 10.79.0.12 52-54-00-00-00-78 '?uuid=99999999-5566-7788-99aa-bbccddeeff00'
is 0 '' ''
site_end
