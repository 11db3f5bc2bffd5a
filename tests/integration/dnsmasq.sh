#!/bin/sh
# shellcheck disable=SC2086,SC2119 # a command and its options, or none
# Rows: S2-05 S2-08 S3-02 S3-09
# The examples for dnsmasq in the place of pxeproxy, played through by a whole client:
# as a ProxyDHCP of its own, and as a DHCP server with options 66 and 67; and the examples
# for ISC dhcpd and Kea as such servers.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"
. "$srcdir/tests/integration/dhcp.inc"
PATH=$builddir/tests/integration:$PATH

# The example, with this network's addresses.
example() { # name interface
	sed "s|10\\.77\\.0\\.2\\>|10.0.0.1|g; s|10\\.77\\.0|10.0.0|g; s|=eth0|=$2|
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

# ---- S3-09: every architecture, through the port it is led to and through both ----

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
dhcp_stop

# What each is offered on port 67: a menu item, the way to port 4011, or a URL; then what
# it gets on port 4011, where it asks for that item if it was offered one.
both() { # arch [option]...
	arch=$1
	shift
	ask '54|60|file|43.9' --mac $busy --arch "$arch" "$@" >"$tmp/offer"
	item=$(sed -n 's/^43.9: //p' "$tmp/offer")
	tr '\n' ' ' <"$tmp/offer"
	ask '53|54|file' --mac $busy --arch "$arch" "$@" --to 10.0.0.3 --port 4011 \
		--type request --ciaddr 10.0.0.9 ${item:+--item "$item"} >"$tmp/ack"
	echo "| $(tr '\n' ' ' <"$tmp/ack")"
}
matrix() {
	for arch in 0 7 9 11 16; do
		echo "$arch: $(both $arch)"
	done
	for arch in 0 7 11; do
		echo "iPXE $arch: $(both $arch --user-class iPXE)"
	done
}
loader=http://10.0.0.1:8080/loader script=http://10.0.0.1:8080/boot.ipxe
run matrix
is 0 "0: 43.9: 32768 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: undionly.kpxe 
7: 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: snponly.efi 
9: 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: snponly.efi 
11: 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: ipxe-arm64.efi 
16: 54: 10.0.0.3 60: HTTPClient file: $loader/snponly.efi | 53: ACK 54: 10.0.0.3 file: $loader/snponly.efi 
iPXE 0: 43.9: 32772 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: $script 
iPXE 7: 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: $script 
iPXE 11: 54: 10.0.0.3 60: PXEClient | 53: ACK 54: 10.0.0.3 file: $script " ''
rogue_stop

# ---- options 66 and 67, and no ProxyDHCP at all: each DHCP server by its example ----

by_options() { # what a client makes of the server that runs now
	run faults --arch 0 --arch 7 --arch 11 --arch 16 --checksum
	is 0 '' ''
	run clients
	is 0 '[0,false,null,"undionly.kpxe"]
[7,false,null,"snponly.efi"]
[11,false,null,"ipxe-arm64.efi"]
[16,false,null,"http://10.0.0.1:8080/loader/snponly.efi"]
[0,true,null,"http://10.0.0.1:8080/boot.ipxe"]' ''
	run jq -r '.fetches[] | select(.kind == "script").result' "$tmp/verdict"
	is 0 'ok
ok' ''
	run ask '60' --mac $busy --arch 7
	is 0 '' ''
	run ask '60' --mac $busy --arch 16 --class HTTPClient:Arch:00016:UNDI:003001
	is 0 '60: HTTPClient' ''
	dhcp_stop
}

example dnsmasq-66-67.conf br0
dnsmasq --keep-in-foreground --user= --pid-file= --no-ping -C "$tmp/dnsmasq-66-67.conf" \
	>"$tmp/dnsmasq" 2>&1 &
dhcp=$!
wait_for listens udp :67
by_options

example dhcpd-66-67.conf br0
sed -i '/^dhcp-leasefile/d' "$tmp/dhcpd-66-67.conf"
isc_start "$tmp/dhcpd-66-67.conf" br0 dhcp_answers
by_options

example kea-66-67.json br0
sed -i '/^dhcp-leasefile/d; s/"eth0"/"br0"/; s/"name": "[^"]*leases4.csv"/"persist": false/' \
	"$tmp/kea-66-67.json"
kea_start "$tmp/kea-66-67.json" dhcp_answers
by_options

web_stop
tftp_stop
end
