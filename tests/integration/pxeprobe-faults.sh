#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: N-11 S2-06 S2-24 S2-25 S2-26 S3-10
# Each classic fault is made for real, and named.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"

# fault NAME DETAIL [ARG]...: this one and no other.
fault() {
	fault_name=$1 fault_detail=$2
	shift 2
	run faults "$@"
	is 1 "$fault_name" ''
	run detail "$fault_name"
	is 0 "$fault_detail" ''
}

net_make
site_fill
loader=tftp://10.0.0.1/snponly.efi
entry=http://10.0.0.1:8080/boot.ipxe

# ---- the interface ----

$PEER ip link set nic0 down
fault interface-down nic0
$PEER ip link set nic0 up
ip link set boot0 down
no_link() { # the kernel's word for it comes a moment later
	$PEER ip link show nic0 | grep -q NO-CARRIER
}
wait_for no_link
fault no-carrier nic0
ip link set boot0 up
wrong_interface() {
	pxeprobe --interface lo --json | jq -r '.faults[].name'
}
run wrong_interface
is 0 wrong-interface ''

# ---- who answers ----

up_again() {
	$PEER ip link show nic0 | grep -q ' state UP '
}
wait_for up_again
fault no-answer nic0

proxy_start
tftp_start
web_start
fault no-dhcp nic0
proxy_stop >/dev/null

dhcp_start
fault no-proxy 'x64 UEFI (7)'
critical() {
	probe --plugin | sed 's/ |.*//'
	probe --plugin >/dev/null
}
run critical
is 2 'PXE CRITICAL - no-proxy: x64 UEFI (7)' ''

proxy_start
rogue_start --dhcp-range=10.0.0.0,proxy --dhcp-boot=other.efi \
	--pxe-service=x86PC,other,other --pxe-service=X86-64_EFI,other,other
# Which of the two is followed, and what comes of it, is the faster one's business.
first_fault() {
	faults >"$tmp/names"
	head -n 1 "$tmp/names"
}
run first_fault
is 0 two-proxies ''
sorted() {
	detail "$1" | tr -d , | tr ' ' '\n' | sort
}
run sorted two-proxies
is 0 '10.0.0.1
10.0.0.3' ''
rogue_stop

rogue_start --dhcp-range=10.0.0.200,10.0.0.210,1h
run faults
is 1 'two-dhcp' ''
run sorted two-dhcp
is 0 '10.0.0.1
10.0.0.3' ''
rogue_stop

$ROGUE ip addr flush dev eth0
$ROGUE ip addr add 192.168.7.1/24 dev eth0
rogue_start --dhcp-range=192.168.7.50,192.168.7.50,1h
run faults
is 1 'two-dhcp
other-subnet' ''
run detail other-subnet
is 0 '192.168.7.1 offers 192.168.7.50' ''
rogue_stop
$ROGUE ip addr flush dev eth0
$ROGUE ip addr add 10.0.0.3/24 dev eth0

# ---- the DHCP server says what it should not ----

dhcp_stop
rogue_start --dhcp-range=10.0.0.200,10.0.0.210,1h --dhcp-option-force=60,PXEClient
fault dhcp-says-pxeclient 10.0.0.3 --timeout=1500
rogue_stop

# With pxeproxy on the same host the client is sent to the right place.
dhcp_start --dhcp-option-force=60,PXEClient
run faults
is 0 '' ''
run jq -c '.clients[] | [.asked_4011, .file]' "$tmp/verdict"
is 0 '["10.0.0.1","snponly.efi"]
["10.0.0.1","http://10.0.0.1:8080/boot.ipxe"]' ''
dhcp_stop

dhcp_start --dhcp-boot=pxelinux.0,,10.0.0.77
fault pxe-options-from-dhcp '10.0.0.1 names pxelinux.0'
proxy_stop >/dev/null

# Alone it is the one that names the file, and its next server is not there.
dhcp_stop
ip addr add 10.0.0.4/24 dev br0
dhcp_start --dhcp-boot=snponly.efi,,10.0.0.77
run faults --timeout=1500
is 1 'next-server-unreachable
loader-loop' ''
run detail next-server-unreachable
is 0 'tftp://10.0.0.77/snponly.efi (no answer from UDP port 69)' ''

# ---- the loader and the script ----

dhcp_stop
dhcp_start --dhcp-boot=snponly.efi,,10.0.0.1
fault loader-loop snponly.efi

dhcp_stop
dhcp_start
proxy_start
tftp_stop
fault next-server-unreachable "$loader (no answer from UDP port 69)" --timeout=1500

# A server that repeats the same OACK for ever.
printf '\0\6blksize\0''0\0' >"$tmp/oack"
socat UDP4-RECVFROM:69,fork SYSTEM:"cat $tmp/oack" &
oack=$!
wait_for listens udp :69
fault transfer-cut "$loader (nothing after 0 octets)" --timeout=1500
kill $oack
wait $oack
tftp_start

mv "$site/tftp/snponly.efi" "$site/tftp/away"
fault file-missing "$loader (no such file)"
mv "$site/tftp/away" "$site/tftp/snponly.efi"

mv "$site/deploy/initrd.gz" "$site/deploy/away"
fault file-missing 'http://10.0.0.1:8080/deploy/initrd.gz (HTTP 404)'
mv "$site/deploy/away" "$site/deploy/initrd.gz"

web_stop
fault script-unreachable "$entry (Couldn't connect to server)"

# Another web server, without this script; then with something else in its place.
mkdir "$tmp/www"
busybox httpd -f -p 10.0.0.1:8080 -h "$tmp/www" &
other=$!
wait_for listens tcp 10.0.0.1:8080
fault script-missing "$entry (HTTP 404)"
echo '<html>It works!</html>' >"$tmp/www/boot.ipxe"
fault not-a-script "$entry"
cp "$site/tftp/snponly.efi" "$tmp/www/boot.ipxe"
fault loader-loop "$entry"
kill $other
wait $other
web_start

# ---- the image ----

image=http://10.0.0.1:8080/images/tiny/1/rootfs.tar.gz
run faults --checksum
is 0 '' ''
echo paYload >"$site/images/tiny/1/rootfs.tar.gz"
run faults
is 0 '' ''
fault checksum-wrong "$image" --checksum
echo half >"$site/images/tiny/1/rootfs.tar.gz"
fault checksum-wrong "$image (5 octets, its manifest says 8)"
echo payload >"$site/images/tiny/1/rootfs.tar.gz"

# ---- port 4011 ----

proxy_stop >/dev/null
rogue_start --dhcp-range=10.0.0.0,proxy --pxe-service=X86-64_EFI,other,snponly.efi,10.0.0.1
run faults
is 1 'loader-loop' ''
run jq -r '.clients[0] | "\(.asked_4011) \(.file) \(.server)"' "$tmp/verdict"
is 0 '10.0.0.3 snponly.efi 10.0.0.1' ''
$ROGUE ip route add blackhole 10.0.0.9
run faults --timeout=1500
is 1 '4011-silent' ''
run detail 4011-silent
is 0 '10.0.0.3' ''
rogue_stop

# ---- too slow for one's own threshold, in KiB a second ----

proxy_start
run faults --slow-rate=1000000000
is 1 'slow-file' ''
proxy_stop >/dev/null

# ---- too late ----

proxy_start
asked() {
	grep -q "DHCPDISCOVER(br0) $busy" "$tmp/dnsmasq"
}
dhcp_stop
dhcp_start --log-dhcp
kill -STOP $proxy
faults --wait=20000 --slow-answer=200 >"$tmp/names" &
slow=$!
wait_for asked
sleep 0.5
kill -CONT $proxy
wait $slow
run cat "$tmp/names"
is 0 slow-answer ''

proxy_stop >/dev/null
web_stop
tftp_stop
dhcp_stop
end
