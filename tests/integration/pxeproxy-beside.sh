#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S0-04
# Beside a DHCP server on the same host: it gives the addresses, we name the files, and
# neither takes anything from the other, whichever was there first.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH:/usr/sbin

busy=52:54:00:00:00:01
site_make
add $busy >/dev/null
second_address

dhcp_start() { # how it binds
	dnsmasq --keep-in-foreground --no-daemon --conf-file=/dev/null --port=0 --user= \
		--interface=boot0 --dhcp-range=10.0.0.100,10.0.0.150,1h --no-ping \
		--dhcp-authoritative --dhcp-leasefile="$tmp/leases" --pid-file= "$@" \
		>"$tmp/dnsmasq" 2>&1 &
	dhcp=$!
	wait_for dhcp_answers
}
dhcp_stop() {
	kill $dhcp
	wait $dhcp
	rm -f "$tmp/leases"
}

beside() {
	run answers --mac $busy --arch 7 --replies 2
	is 0 '10.0.0.1 OFFER address 
10.0.0.2 OFFER  PXEClient' ''
	leased=$(sed -n 's/^yiaddr: //p' "$tmp/answer")

	run answers --mac $busy --arch 7 --type request --server 10.0.0.1 --requested "$leased" \
		--barrier $answered --replies 1
	is 0 '10.0.0.1 ACK address ' ''

	# An ordinary client: nothing of ours.
	run answers --mac 52:54:00:00:00:09 --plain --barrier $answered --replies 1
	is 0 '10.0.0.1 OFFER address ' ''
	run answers --mac 52:54:00:00:00:09 --class 'MSFT 5.0' --barrier $answered --replies 1
	is 0 '10.0.0.1 OFFER address ' ''

	# A renewal, unicast: it still reaches the DHCP server.
	$PEER ip addr add "$leased/24" dev nic0
	run answers --mac $busy --arch 7 --type request --ciaddr "$leased" --to 10.0.0.1 \
		--from "$leased"
	is 0 '10.0.0.1 ACK address ' ''

	# What a client sends next in the two-step form: ours, on our port.
	run answers --mac $busy --arch 7 --type request --ciaddr "$leased" --to 10.0.0.2 \
		--from "$leased" --port 4011
	is 0 '10.0.0.2 ACK  PXEClient' ''
	$PEER ip addr flush dev nic0
}

for binds in '' --bind-interfaces; do
	proxy_start
	dhcp_start $binds
	beside
	proxy_stop >/dev/null

	proxy_start
	beside
	proxy_stop >/dev/null
	dhcp_stop
done

end
