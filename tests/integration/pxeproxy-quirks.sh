#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S3-20
# Quirks of boot ROMs, in the order of pxeproxy(8): what each wants is on the wire.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH
url=http://10.0.0.1:8080

busy=52:54:00:00:00:01 idle=52:54:00:00:00:02
binl=52:54:00:00:00:03 menu=52:54:00:00:00:04 auto=52:54:00:00:00:05
site_make
long=$(printf 'boot/%0100d.efi' 0)
cat >>"$PXEKIT_CONF" <<END
loader uboot { arch = { 22 } file = "uboot.img" }
loader pi { arch = { 41 } file = "bootcode.bin" }
loader long { arch = { 39 } file = "$long" }
machine binl { mac = { "$binl" } style = binl }
machine menu { mac = { "$menu" } style = menu }
machine auto { mac = { "$auto" } style = auto }
END
for mac in $busy $binl $menu $auto b8:27:eb:00:00:01; do
	add "$mac" >/dev/null
done
jobctl allow $idle >/dev/null
proxy_start

# ---- old ROMs: the size, a broadcast, all in the header, no overload ----

old() {
	ask 'options|length|flags|siaddr|sname|file' --mac $busy --arch 0 --max-size "$1"
}
for size in 0 200 300 576; do
	run old $size
	is 0 'file: undionly.kpxe
flags: 8000
length: 300
options: 53 54 60 43
siaddr: 10.0.0.1
sname: 10.0.0.1' ''
done

# ---- option 97 comes back as it was, and stays away if it was not there ----

run ask '97|options' --mac $idle --arch 0 --machine-id 0000102030405060708090a0b0c0d0e0f0
is 0 '97: 0000102030405060708090a0b0c0d0e0f0
options: 53 54 60 97 43' ''

# ---- UEFI: option 54, port 67, and the class that was asked with ----

run ask 'from|54|60' --mac $busy --arch 7
is 0 '54: 10.0.0.1
60: PXEClient
from: 10.0.0.1:67' ''
run ask 'from|54|60|43.6' --mac $busy --arch 16
is 0 '54: 10.0.0.1
60: HTTPClient
from: 10.0.0.1:67' ''

# ---- 9 is x64, too; of a list the first that is known counts ----

for arch in 7 9 200,9 65535,7,0; do
	run ask file --mac $busy --arch $arch
	is 0 'file: snponly.efi' ''
done

# ---- a GUID in the place of the MAC: the machine is told by its UUID ----

run ask file --mac $busy --arch 7 --machine-id 0033221100554477668899aabbccddeeff
is 0 'file: snponly.efi' ''
wait_for told 00112233-4455-6677-8899-aabbccddeeff
jobctl ingest <"$tmp/events" >/dev/null
run ask file --raw "$srcdir/tests/corpus/dhcp/guid-in-chaddr"
is 0 'file: snponly.efi' ''

# ---- HTTP Boot has no word for "local": a URL, and no menu ----

run ask 'file|43.6|43.9' --mac $idle --arch 16
is 0 "file: $url/local-boot" ''

# ---- iPXE: by either sign, never a menu for UEFI, an item with xid 0 ----

for sign in '--user-class iPXE' '--ipxe b1010a'; do
	# shellcheck disable=SC2086 # an option and its value
	run ask file --mac $busy --arch 7 $sign
	is 0 "file: $url/boot.ipxe" ''
done
run ask 'file|43.6|43.9' --mac $idle --arch 7 --user-class iPXE
is 0 "43.6: 8
file: $url/boot.ipxe" ''
$PEER ip addr add 10.0.0.9/24 dev nic0
pxe() {
	ask "$@" --to 10.0.0.1 --port 4011 --type request --ciaddr 10.0.0.9
}
run pxe 'xid|43.71|file' --mac $busy --arch 0 --user-class iPXE --class PXEClient \
	--item 0x8000 --xid 0
is 0 "43.71: 32768 0
file: $url/boot.ipxe
xid: 00000000" ''

# ---- the shim and U-Boot read the header; a longer name is option 67's ----

run ask 'file|67|siaddr' --mac $busy --arch 22 --class U-Boot.armv8
is 0 'file: uboot.img
siaddr: 10.0.0.1' ''
run ask 'file|67' --mac $busy --arch 40 --class HTTPClient
is 0 "67: $url/loader/$long" ''

# ---- a Raspberry Pi says BIOS and wants to read its name in a menu ----

run ask 'file|43.6|43.9|43.9 text' --mac b8:27:eb:00:00:01 --arch 0 \
	--machine-id 0052506934b827eb0000000000000001aa
is 0 '43.6: 3
43.9 text: Raspberry Pi Boot   
43.9: 0
file: bootcode.bin' ''

# ---- who does not take the direct form: port 4011, a menu, or one after the other ----

run ask 'file|43.6|siaddr' --mac $binl --arch 7
is 0 'siaddr: 10.0.0.1' ''
run pxe file --mac $binl --arch 7
is 0 'file: snponly.efi' ''
run ask 'file|43.6|43.8|43.9' --mac $menu --arch 0
is 0 '43.6: 3
43.8: 32768
43.9: 32768' ''
run pxe 'file|43.71' --mac $menu --arch 0 --item 0x8000
is 0 '43.71: 32768 0
file: undionly.kpxe' ''
# Each try that comes a second later is another boot ROM's 4, 12 and 28 s.
style() {
	ask '43.6|file' --mac $auto --arch 7 | tr '\n' ' '
	sleep 0.6 # the quirk is a matter of time: within half a second it is one DISCOVER
}
run style
is 0 '43.6: 8 file: snponly.efi ' ''
run style
is 0 '' ''
run style
is 0 '43.6: 3 ' ''

# ---- UEFI asks port 4011 from port 4011, iPXE from 68: each is answered there ----

for port in 4011 68; do
	run pxe 'from|file' --mac $busy --arch 7 --source-port $port
	is 0 'file: snponly.efi
from: 10.0.0.1:4011' ''
done

run proxy_stop
is 0 0 ''
end
