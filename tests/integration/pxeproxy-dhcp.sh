#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S0-04 S2-09 S2-20 S2-25 S3-18
# Beside the DHCP servers that people have (ISC dhcpd, Kea), on the same host; behind
# dhcrelay; on two wires of different policies; and a server that spoils it is named.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
. "$srcdir/tests/integration/dhcp.inc"
PATH=$builddir/tests/integration:$PATH:/usr/sbin

busy=52:54:00:00:00:01 idle=52:54:00:00:00:02 stranger=52:54:00:00:00:04
site_make
add $busy >/dev/null
jobctl allow $idle >/dev/null
second_address

both() {
	run answers --mac $busy --arch 7 --replies 2
	is 0 '10.0.0.1 OFFER address 
10.0.0.2 OFFER  PXEClient' ''
	leased=$(sed -n 's/^yiaddr: //p' "$tmp/answer")
	run answers --mac $busy --arch 7 --type request --server 10.0.0.1 --requested "$leased" \
		--barrier $answered --replies 1
	is 0 '10.0.0.1 ACK address ' ''
}

# ---- ISC dhcpd ----

cat >"$tmp/dhcpd/conf" <<'END'
authoritative;
server-identifier 10.0.0.1;
subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.100 10.0.0.150; }
END
proxy_start
isc_start "$tmp/dhcpd/conf" boot0 dhcp_answers
both
kill $dhcp
wait $dhcp
run proxy_stop
is 0 0 ''

# ---- Kea ----

cat >"$tmp/dhcpd/kea.json" <<END
{ "Dhcp4": {
  "interfaces-config": { "interfaces": [ "boot0/10.0.0.1" ], "dhcp-socket-type": "raw" },
  "lease-database": { "type": "memfile", "persist": false },
  "subnet4": [ { "id": 1, "subnet": "10.0.0.0/24",
    "pools": [ { "pool": "10.0.0.100 - 10.0.0.150" } ] } ] } }
END
kea_start "$tmp/dhcpd/kea.json" dhcp_answers
proxy_start
both
kill $dhcp
wait $dhcp
run proxy_stop
is 0 0 ''

# ---- another host's DHCP server says PXEClient: it is named, once ----

proxy_start
spoil() {
	$PEER sh -c "ip addr add 10.0.0.77/24 dev nic0"
	$PEER dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user= --pid-file= \
		--interface=nic0 --bind-interfaces --dhcp-range=10.0.0.160,10.0.0.170,1h \
		--dhcp-option-force=60,PXEClient --no-ping --dhcp-leasefile="$tmp/dhcpd/l" \
		>"$tmp/dhcpd/log" 2>&1 &
	dhcp=$!
}
spoil
named() {
	dhcpsend --interface boot0 --mac 52:54:00:00:00:07 --arch 7 --wait 200 >/dev/null
	told '"rule":"server-option-60"'
}
run wait_for named
is 0 '' ''
run sh -c "grep server-option-60 '$tmp/events' | jq -r '[.event, .address] | join(\" \")'"
is 0 'refused 10.0.0.77' ''
run grep -c 'itself says option 60' "$tmp/said"
is 0 1 ''
kill $dhcp
wait $dhcp
$PEER ip addr flush dev nic0
run proxy_stop
is 0 0 ''

# ---- two networks with different policies; one has a relay ----

# A pair of virtual cables stands for them: VLANs differ by their interfaces alone.
for v in 7 8; do
	ip link add boot0.$v type veth peer name nic0.$v netns "$PEER_PID"
	ip addr add 10.$v.0.1/24 dev boot0.$v
	ip link set boot0.$v up
	$PEER ip link set nic0.$v up
done
sed -i '/^network lab/,/^}/d' "$PXEKIT_CONF"
cat >>"$PXEKIT_CONF" <<'END'
network office { interface = "boot0.7" subnet = "10.7.0.0/24" url = "http://10.7.0.1:8080"
	policy = all }
network rack { interface = "boot0.8" subnet = "10.8.0.0/24" url = "http://10.8.0.1:8080"
	relay = { "10.9.0.1" } }
END
proxy_start
on() { # vlan mac
	$PEER dhcpsend --interface "nic0.$1" --mac "$2" --arch 7 --user-class iPXE \
		--wait 500 >"$tmp/answer" || echo 'no answer'
	fields 'from|54|file'
}
run on 7 $busy
is 0 '54: 10.7.0.1
file: http://10.7.0.1:8080/boot.ipxe
from: 10.7.0.1:67' ''
run on 8 $busy
is 0 '54: 10.8.0.1
file: http://10.8.0.1:8080/boot.ipxe
from: 10.8.0.1:67' ''
run on 7 $stranger
is 0 '54: 10.7.0.1
file: http://10.7.0.1:8080/boot.ipxe
from: 10.7.0.1:67' ''
run on 8 $stranger
is 0 'no answer' ''
run ask file --mac $busy --arch 7 --wait 300
is 0 'no answer' ''

# The relay is PEER: its client's wire is far0 there, ours is nic0.8.
unshare --net sleep infinity &
client=$!
wait_for sh -c "[ \"\$(readlink /proc/$client/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
ip link add far0 netns "$PEER_PID" type veth peer name far1 netns $client
$PEER ip addr add 10.9.0.1/24 dev far0
$PEER ip link set far0 up
$PEER ip addr add 10.8.0.9/24 dev nic0.8
ip route add 10.9.0.0/24 via 10.8.0.9
nsenter -t $client -n ip link set far1 up
$PEER dhcrelay -4 -d -a -m append -i far0 -i nic0.8 -pf "$tmp/dhcpd/relay" 10.8.0.1 \
	>"$tmp/dhcpd/log" 2>&1 &
relay=$!
beyond() {
	nsenter -t $client -n "$builddir/tests/integration/dhcpsend" --interface far1 \
		--mac $busy --arch 7 --wait 500 >"$tmp/answer" || return 1
	fields 'file|54|giaddr'
}
behind() {
	beyond >/dev/null
}
run wait_for behind
is 0 '' ''
run beyond
is 0 '54: 10.8.0.1
file: snponly.efi
giaddr: 10.9.0.1' ''
event_is 'rack 10.9.0.1' $busy '"\(.network) \(.relay)"'
kill $relay $client
run proxy_stop
is 0 0 ''
end
