#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: N-01 X-17 S3-03
# Five machines on five routes, chosen by machine, platform, network and architecture;
# and each style of answer.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH
url=http://10.0.0.1:8080
m=52:54:00:00:01

configuration() {
	cat <<END
url = "$url"
database = "$site/state/jobs.db"
images = "$site/images"
key = "$site/state/site.key"
user = "$(service_user)"
network lab { subnet = "10.0.0.0/24" }
platform sealed { route = ipxe-shim }
machine windows { mac = { "$m:03" } route = bootmgfw }
machine grub { mac = { "$m:04" } route = shim-grub style = binl }
machine web { mac = { "$m:05" } route = http }
machine makers { mac = { "aa:bb:cc" } style = menu }
machine risc { arch = { 27 } route = shim-grub }
machine slow { product = "Slow*" style = auto }
loader riscv { route = shim-grub arch = { 27 } file = "grub/shimriscv64.efi" }
loader arm { arch = { 10 } file = "arm32.efi" style = binl }
END
}
site_make
for i in 01 03 04 05; do
	add $m:$i >/dev/null
done
add aa:bb:cc:00:00:01 >/dev/null
jobctl add --mac $m:02 --image tiny --platform sealed >/dev/null
proxy_start

of() { # mac arch
	ask 'file|60|43.6|43.8|43.9' --mac "$1" --arch "$2"
}
run of $m:01 7
is 0 '43.6: 8
60: PXEClient
file: snponly.efi' ''
run of $m:02 7
is 0 '43.6: 8
60: PXEClient
file: x64-sb/ipxe-shim.efi' ''
run of $m:03 7
is 0 '43.6: 8
60: PXEClient
file: bootmgfw.efi' ''
run of $m:03 0
is 0 '43.6: 8
60: PXEClient
file: pxeboot.n12' ''
run of $m:04 7
is 0 '60: PXEClient' ''
run of $m:05 16
is 0 "60: HTTPClient
file: $url/loader/snponly.efi" ''
run of $m:05 7
is 0 '43.6: 3
43.9: 0
60: PXEClient' ''
event_is 'offer route' $m:05 '"\(.event) \(.rule)"'
run of $m:01 27
is 0 '43.6: 8
60: PXEClient
file: grub/shimriscv64.efi' ''
run of $m:01 10
is 0 '60: PXEClient' ''
run of $m:02 16
is 0 "60: HTTPClient
file: $url/loader/x64-sb/ipxe-shim.efi" ''

# iPXE gets its script on every route.
for i in 01 02 03 04 05; do
	run ask file --mac $m:$i --arch 7 --user-class iPXE
	is 0 "file: $url/boot.ipxe" ''
done

# ---- the second question, where the style leads to one ----

$PEER ip addr add 10.0.0.9/24 dev nic0
pxe() {
	ask "$@" --to 10.0.0.1 --port 4011 --type request --ciaddr 10.0.0.9
}
run pxe 'file|43.6' --mac $m:04 --arch 7
is 0 'file: grub/shimx64.efi' ''
run of aa:bb:cc:00:00:01 7
is 0 '43.6: 3
43.8: 32768
43.9: 32768
60: PXEClient' ''
run pxe 'file|43.71' --mac aa:bb:cc:00:00:01 --arch 7 --item 0x8000
is 0 '43.71: 32768 0
file: snponly.efi' ''
$PEER ip addr flush dev nic0

# ---- a product is known when the machine has told it ----

printf '{"v":1,"time":"%s","event":"script","mac":"%s","product":"%s","source":"t"}\n' \
	"$(date -u +%FT%TZ)" $m:01 'Slow 9000' | jobctl ingest >/dev/null
run ask '43.6' --mac $m:01 --arch 7
is 0 '43.6: 8' ''
asked_again() {
	[ -z "$(ask '43.6|43.8' --mac $m:01 --arch 7)" ]
}
run wait_for asked_again
is 0 '' ''
run proxy_stop
is 0 0 ''

# ---- only port 4011 ----

proxy_start --only-4011
run sh -c "ss -Hlun | awk '{ print \$4 }'; ss -Hl0n | grep -c :67"
is 1 '0.0.0.0:4011
0' ''
$PEER ip addr add 10.0.0.9/24 dev nic0
run pxe file --mac $m:01 --arch 7
is 0 'file: snponly.efi' ''
run ask file --mac $m:01 --arch 7 --wait 100
is 0 'no answer' ''
run proxy_stop
is 0 0 ''

end
