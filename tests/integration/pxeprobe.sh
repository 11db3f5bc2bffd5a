#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S2-24 S2-25 S2-26 N-11
# The face of pxeprobe, and a site with which nothing is wrong.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"

# ---- the command line ----

try="Try 'pxeprobe --help'."
run pxeprobe
is 2 '' "pxeprobe: no --interface is given
$try"
run pxeprobe --interface lo what
is 2 '' "pxeprobe: 'what': an argument that means nothing here
$try"
run pxeprobe --interface none0
is 2 '' 'pxeprobe: none0: No such device'
run pxeprobe --interface none0 --plugin
is 3 'PXE UNKNOWN - none0: No such device' ''
run pxeprobe --interface lo --arch 65536
is 2 '' "pxeprobe: arch '65536': not a number from 0 to 65535"
run pxeprobe --interface lo --mac 52
is 2 '' "pxeprobe: '52': is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex digits)"
run pxeprobe --interface lo --json --script
is 2 '' 'pxeprobe: --script goes with neither --json nor --plugin'
help_of() {
	pxeprobe "$@" --help | head -n 1
}
run help_of
is 0 'Usage: pxeprobe --interface=NAME [options]' ''
run help_of load
is 0 'Usage: pxeprobe load --interface=NAME --clients=N [options]' ''
names() {
	pxeprobe --list-faults | grep -c '^[a-z0-9-]*$'
}
run test "$(names)" -ge 30
is 0 '' ''

# ---- a site with which nothing is wrong ----

net_make
site_fill
dhcp_start
tftp_start
web_start
proxy_start

run faults
is 0 '' ''
shape='[.fine, .mac, .interface.name, .interface.carrier, (.clients | length), (.faults | length)]'
run jq -c "$shape" "$tmp/verdict"
is 0 '[true,"52:54:00:00:00:01","nic0",true,2,0]' ''
run jq -c '.clients[] | [.arch, .ipxe, .server, .file, .local]' "$tmp/verdict"
is 0 '[7,false,"10.0.0.1","snponly.efi",false]
[7,true,"10.0.0.1","http://10.0.0.1:8080/boot.ipxe",false]' ''
run jq -c '.clients[0].answers | map([.kind, .from, .port, .followed, .file]) | sort[]' "$tmp/verdict"
is 0 '["dhcp","10.0.0.1",67,false,null]
["proxy","10.0.0.1",67,true,"snponly.efi"]' ''
run jq -c '.fetches[] | [.kind, (.url | split("?")[0]), .result, .transferred]' "$tmp/verdict"
is 0 '["loader","tftp://10.0.0.1/snponly.efi","ok",true]
["script","http://10.0.0.1:8080/boot.ipxe","ok",true]
["script","http://10.0.0.1:8080/boot/52-54-00-00-00-01.ipxe","ok",true]
["file","http://10.0.0.1:8080/deploy/vmlinuz","ok",false]
["file","http://10.0.0.1:8080/deploy/initrd.gz","ok",false]
["manifest","http://10.0.0.1:8080/images/tiny/1/MANIFEST","ok",true]
["file","http://10.0.0.1:8080/images/tiny/1/rootfs.tar.gz","ok",false]' ''
run jq -r '.fetches[0].sha256' "$tmp/verdict"
is 0 "$(sha256sum <"$site/tftp/snponly.efi" | cut -d ' ' -f 1)" ''

last_line() {
	probe "$@" >"$tmp/text"
	code=$?
	tail -n 1 "$tmp/text"
	return $code
}
run last_line --arch 0 --arch 16 --checksum
is 0 'verdict: fine' ''
run grep -c '^    http://10.0.0.1:8080/images/tiny/1/rootfs.tar.gz: 8 octets in .* ms, sha256' "$tmp/text"
is 0 1 ''
run grep -c '^    http://10.0.0.1:8080/loader/snponly.efi: 200000 octets in .* KiB/s), sha256' "$tmp/text"
is 0 1 ''
plugin() {
	probe --plugin "$@" | sed 's/=[0-9]*ms/=Nms/'
}
run plugin
is 0 'PXE OK | offer=Nms faults=0' ''

# The script of this machine, as it would run it.
script() {
	probe --script | grep -c '^kernel .*/vmlinuz\|^#!ipxe\|^# http://10.0.0.1:8080/boot'
}
run script
is 0 5 ''

# It looked, and took nothing: no lease, no report, the job is where it was.
run test ! -s "$tmp/leases"
is 0 '' ''
run grep -c '"event":"report"' "$tmp/web.events"
is 1 0 ''
run grep -c 'DHCPREQUEST' "$tmp/dnsmasq"
is 1 0 ''

# A machine that is to boot from its disk: said, and no fault.
idle=52:54:00:00:00:02
jobctl allow $idle >/dev/null
run faults --mac $idle --arch 0 --arch 7 --arch 16
is 0 '' ''
run jq -r '.notes[] | "\(.name): \(.detail)"' "$tmp/verdict"
is 0 'local-boot: x86 BIOS (0), x64 UEFI (7), x64 UEFI HTTP (16), iPXE' ''

# An interface without an address hears all the same.
$PEER ip addr flush dev nic0
run faults
is 0 '' ''
run jq -r '.notes[].name' "$tmp/verdict"
is 0 'no-address' ''

end
