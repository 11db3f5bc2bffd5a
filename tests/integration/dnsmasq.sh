#!/bin/sh
# shellcheck disable=SC2086,SC2119 # a command and its options, or none
# Rows: S2-08 S3-09
# The examples for dnsmasq in the place of pxeproxy, played through by a whole client:
# as a ProxyDHCP of its own, and as a DHCP server with options 66 and 67.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"

# The example, with this network's addresses.
example() { # name interface
	sed "s|10\\.77\\.0\\.2|10.0.0.1|g; s|10\\.77\\.0|10.0.0|g; s|=eth0|=$2|
		s|/var/lib/pxekit/tftp|$site/tftp|" "$srcdir/examples/$1" >"$tmp/$1"
	echo "dhcp-leasefile=$tmp/leases" >>"$tmp/$1"
}
clients() {
	jq -c '.clients[] | [.arch, .ipxe, .asked_4011, .file]' "$tmp/verdict"
}

net_make
site_fill
cp "$site/tftp/snponly.efi" "$site/tftp/ipxe-arm64.efi"
tftp_start
web_start

# ---- S3-09: every architecture, by whichever of the two ports it is led to ----

dhcp_start
example dnsmasq-instead-of-pxeproxy.conf eth0
$ROGUE dnsmasq --keep-in-foreground --user= --pid-file= \
	-C "$tmp/dnsmasq-instead-of-pxeproxy.conf" >"$tmp/rogue" 2>&1 &
rogue=$!
wait_for listens udp :67 $ROGUE
run faults --arch 0 --arch 7 --arch 9 --arch 11 --arch 16
is 0 '' ''
run clients
is 0 '[0,false,"10.0.0.3","undionly.kpxe"]
[7,false,"10.0.0.3","snponly.efi"]
[9,false,"10.0.0.3","snponly.efi"]
[11,false,"10.0.0.3","ipxe-arm64.efi"]
[16,false,null,"http://10.0.0.1:8080/loader/snponly.efi"]
[0,true,"10.0.0.3","http://10.0.0.1:8080/boot.ipxe"]' ''
rogue_stop
dhcp_stop

# ---- S2-08: options 66 and 67, and no ProxyDHCP at all ----

example dnsmasq-66-67.conf br0
dnsmasq --keep-in-foreground --user= --pid-file= --no-ping -C "$tmp/dnsmasq-66-67.conf" \
	>"$tmp/dnsmasq" 2>&1 &
dhcp=$!
wait_for listens udp :67
run faults --arch 0 --arch 7 --checksum
is 0 '' ''
run clients
is 0 '[0,false,null,"undionly.kpxe"]
[7,false,null,"snponly.efi"]
[0,true,null,"http://10.0.0.1:8080/boot.ipxe"]' ''
run jq -r '.fetches[] | select(.kind == "script").result' "$tmp/verdict"
is 0 'ok
ok' ''
dhcp_stop
web_stop
tftp_stop
end
