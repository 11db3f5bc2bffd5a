#!/bin/sh
# wimprep netboot: what Microsoft's own boot manager asks for. Its store is read by another
# reader of hives and compared element by element, and a machine fetches the tree by TFTP,
# with the boot manager's names.
# Rows: N-01
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${NETBOOT_INSIDE:-}" != yes ]; then
	NETBOOT_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/wimprep.inc"
. "$srcdir/tests/integration/tftpd-lite.inc"
command -v reglookup >/dev/null || {
	[ -z "${CI-}" ] || exit 99
	skip 'there is no reglookup'
}
site
cd "$tmp" || exit 99
{
	echo 'url = "http://10.0.0.1:8080"'
	echo "tftp = \"$root\""
	echo 'network lab { interface = boot0 subnet = 10.0.0.0/24 url = "http://10.0.0.1" }'
} >>"$PXEKIT_CONF"

# ---- an image as imported, and as prepared ----
mkdir -p site/images/ws/1/sources
media site/images/ws/1/sources/boot.wim
(
	cd site/images/ws/1 || exit
	printf '# pxekit-image: 1\n# name: ws\n# version: 1\n# kind: wim\n# arch: x86_64\n'
	sha256sum sources/boot.wim
) >manifest
mv manifest site/images/ws/1/MANIFEST
ln -s 1 site/images/ws/current
program curl.exe
run wimprep netboot -n ws
is 0 'bootmgfw.efi
Boot/boot.stl
EFI/Microsoft/Boot/boot.stl
Boot/Fonts/wgl4_boot.ttf
windows/ws/1/boot.wim
windows/ws/1/boot.sdi
Boot/BCD' "wimprep: $tmp/site/images/ws/1/sources/boot.wim: does not know where jobs are: prepare it with wimprep build, and with a url in pxekit.conf"
run ls -A "$root"
is 0 '' ''
virtio virtio
wimprep build --image=ws --curl=curl.exe -d virtio --current >/dev/null || exit 99
made=site/images/ws/1+d1/sources/boot.wim
run content $made 2 /pxekit/server.txt
tr -d '\r' <"$tmp/out" >"$tmp/lines"
mv "$tmp/lines" "$tmp/out"
is 0 'http://10.0.0.1:8080
http://10.0.0.1' ''

run wimprep netboot ws
is 0 'bootmgfw.efi
Boot/boot.stl
EFI/Microsoft/Boot/boot.stl
Boot/Fonts/wgl4_boot.ttf
windows/ws/1+d1/boot.wim
windows/ws/1+d1/boot.sdi
Boot/BCD' ''
run cat "$root/bootmgfw.efi" "$root/Boot/Fonts/wgl4_boot.ttf" "$root/windows/ws/1+d1/boot.sdi"
is 0 "MZ bootmgfwfont\$SDI0001 EFI" ''
run cmp $made "$root/windows/ws/1+d1/boot.wim"
is 0 '' ''
run sh -c "find '$root' -name '.*' -o -name '*.new' -o -type f ! -perm -444"
is 0 '' ''

# ---- the store, as another reader sees it ----
run sh -c "reglookup '$root/Boot/BCD' 2>/dev/null | grep -v -e ',KEY,' -e BINARY -e ^PATH | sed 's/,\$//'"
mgr='{9dea862c-5cdd-4e70-acc1-f32b344d4795}' ram='{ae5534e0-a924-466c-b836-758539a3ee3a}'
pe='{b0c4a3de-6f07-4c8d-9b61-70786b697401}'
is 0 "/Description/KeyName,SZ,BCD00000000
/Description/System,DWORD,0x00000001
/Description/TreatAsSystem,DWORD,0x00000001
/Objects/$mgr/Description/Type,DWORD,0x10100002
/Objects/$mgr/Elements/12000004/Element,SZ,Windows Boot Manager
/Objects/$mgr/Elements/12000005/Element,SZ,en-US
/Objects/$mgr/Elements/23000003/Element,SZ,$pe
/Objects/$mgr/Elements/24000001/Element,MULTI_SZ,$pe
/Objects/$ram/Description/Type,DWORD,0x30000000
/Objects/$ram/Elements/12000004/Element,SZ,Ramdisk Options
/Objects/$ram/Elements/32000004/Element,SZ,\\windows\\ws\\1+d1\\boot.sdi
/Objects/$pe/Description/Type,DWORD,0x10200003
/Objects/$pe/Elements/12000002/Element,SZ,\\Windows\\System32\\boot\\winload.efi
/Objects/$pe/Elements/12000004/Element,SZ,Windows PE of ws@1+d1
/Objects/$pe/Elements/12000005/Element,SZ,en-US
/Objects/$pe/Elements/22000002/Element,SZ,\\Windows" ''

# What is binary, in hex; and as the fields of a device element follow each other.
cat >elements.py <<'END'
import re, struct, subprocess, sys
out = subprocess.run(["reglookup", sys.argv[1]], capture_output=True, text=True).stdout
def octets(text):
    return re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), text.encode())
def u32(*n):
    return struct.pack("<%dI" % len(n), *n)
boot = u32(5, 0, 72, 0) + bytes(56)          # type, flags, length, -
path = "\\windows\\ws\\1+d1\\boot.wim".encode("utf-16-le") + bytes(2)
file = u32(1, 12 + len(boot) + len(path), 5) + boot + path
ram = u32(3) + bytes(20) + file
options = bytes.fromhex("e03455ae24a96c46b836758539a3ee3a")
want = {"25000004": bytes(8), "26000010": b"\1", "26000022": b"\1",
        "31000003": bytes(16) + boot,
        "11000001": options + u32(0, 1, 16 + len(ram), 0) + ram}
want["21000001"] = want["11000001"]
for m in re.finditer(r"Elements/(\w+)/Element,BINARY,(.*),", out):
    print(m[1], octets(m[2]) == want[m[1]] or octets(m[2]).hex())
END
run python3 elements.py "$root/Boot/BCD"
is 0 '25000004 True
31000003 True
11000001 True
21000001 True
26000010 True
26000022 True' ''
# Windows takes no hive whose keys have no security.
run sh -c "reglookup -s '$root/Boot/BCD' 2>/dev/null | grep ',KEY,' | cut -d, -f5,6 | sort -u"
is 0 'S-1-5-32-544,S-1-5-18' ''

# ---- again: the large file is not copied, what is there stays ----
echo ours >"$root/bootmgfw.efi"
run wimprep netboot --mac=02-00-00-00-00-07 --mac=020000000008 --network=lab ws
is 0 'windows/ws/1+d1/boot.wim
windows/ws/1+d1/boot.sdi
@mac/02-00-00-00-00-07/Boot/BCD
@mac/02-00-00-00-00-08/Boot/BCD
@net/lab/Boot/BCD' ''
run stat -c %i "$root/windows/ws/1+d1/boot.wim"
is 0 "$(stat -c %i $made)" ''
run cat "$root/bootmgfw.efi"
is 0 ours ''
run wimprep netboot --mac=02-00-00-00-00-07 ws@1
is 0 'windows/ws/1/boot.wim
windows/ws/1/boot.sdi
@mac/02-00-00-00-00-07/Boot/BCD' "wimprep: $tmp/site/images/ws/1/sources/boot.wim: does not know where jobs are: prepare it with wimprep build, and with a url in pxekit.conf"

# ---- refusals ----
run wimprep netboot
is 2 '' "wimprep: netboot wants one image
Try 'wimprep netboot --help' for more information."
run wimprep netboot --mac=02-00 ws
is 2 '' "wimprep: --mac '02-00': is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex digits)"
run wimprep netboot --network=none ws
is 2 '' 'wimprep: --network none: pxekit.conf has no such network'
run sh -c "wimprep netboot none 2>&1 | grep -c 'none'"
is 0 1 ''

# ---- by TFTP, as the boot manager asks: backslashes, and not always these letters ----
$PEER ip link set nic0 address 02:00:00:00:00:07
$PEER ip addr add 10.0.0.2/24 dev nic0
chmod -R a+rX "$root" site
cp "$PXEKIT_CONF" "$tmp/pxekit.conf"
start --ignore-case
PATH=$PATH:$builddir/tests/integration
fetch() { # NAME
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER tftp_client -s -b 1456 -w 4 10.0.0.1 69 "$1" 2>"$tmp/told" >"$tmp/got" || cat "$tmp/told"
	cmp "$tmp/got" "$root/$2"
}
run fetch bootmgfw.efi bootmgfw.efi
is 0 '' ''
run fetch '\Boot\BCD' @mac/02-00-00-00-00-07/Boot/BCD
is 0 '' ''
run fetch '\boot\fonts\WGL4_Boot.TTF' Boot/Fonts/wgl4_boot.ttf
is 0 '' ''
# What that store names is what it gets.
for element in 32000004 11000001; do
	path=$(reglookup "$root/@mac/02-00-00-00-00-07/Boot/BCD" 2>/dev/null |
		sed -n "s/%00//g; s/^.*$element\/Element.*\(\\\\windows.*\),$/\1/p")
	run fetch "$path" "$(printf %s "$path" | sed 's/^.//; y/\\/\//')"
	what="$path"
	is 0 '' ''
done
run sh -c "cmp '$tmp/got' site/images/ws/1/sources/boot.wim"
is 0 '' ''
# Another one gets what all get, and by HTTP Boot the same tree is below /loader.
run sh -c "tftp_client 127.0.0.1 69 '\\Boot\\BCD' 2>/dev/null | cmp - '$root/Boot/BCD'"
is 0 '' ''
run stop
is 0 '' ''
end
