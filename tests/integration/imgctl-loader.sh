#!/bin/sh
# imgctl loader: first files with hash, architecture and signer, and what a route lacks.
# Real ones of Debian (ipxe, shim-signed, grub-efi-amd64-signed), and small ones that are
# signed here; sbverify is the other reader.
# Rows: S2-22
set -u
. "${srcdir:-.}/tests/sh.inc"

for file in /usr/lib/ipxe/snponly.efi /usr/lib/shim/shimx64.efi.signed \
	/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed; do
	[ -e "$file" ] || {
		[ -n "${CI-}" ] || skip "needs $file (see scripts/packages)"
		echo "Bail out! needs $file"
		exit 99
	}
done
command -v sbsign >/dev/null || [ -n "${CI-}" ] || skip 'needs sbsign'

cat >"$tmp/conf" <<END
database = "$tmp/jobs.db"
images = "$tmp/images"
tftp = "$tmp/tftp"
END
PXEKIT_CONF=$tmp/conf LC_ALL=C.UTF-8
export PXEKIT_CONF LC_ALL
tftp=$tmp/tftp
shim=/usr/lib/shim/shimx64.efi.signed
grub=/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed

# ---- nothing is there, and Debian's own are found ----

run sh -c 'imgctl loader check ipxe; echo $?'
is 0 'ipxe, BIOS: not ready
  undionly.kpxe: is missing; imgctl loader add --name undionly.kpxe /usr/lib/ipxe/undionly.kpxe
ipxe, UEFI x86-64: not ready
  snponly.efi: is missing; imgctl loader add --name snponly.efi /usr/lib/ipxe/snponly.efi
ipxe, UEFI ARM64: not ready
  ipxe-arm64.efi: is missing; it is not in Debian 12: build it of iPXE, bin-arm64-efi/snponly.efi
1' ''
run imgctl loader add -n
is 0 'dry run: undionly.kpxe: BIOS
dry run: snponly.efi: EFI x86_64, not signed' ''
run test -e "$tftp"
is 1 '' ''
run imgctl loader add
is 0 'undionly.kpxe: BIOS
snponly.efi: EFI x86_64, not signed' ''
run imgctl loader add
is 0 'undionly.kpxe: BIOS, as before
snponly.efi: EFI x86_64, not signed, as before' ''
run cmp /usr/lib/ipxe/snponly.efi "$tftp/snponly.efi"
is 0 '' ''
run sh -c "cd '$tftp' && sha256sum -c --quiet MANIFEST && stat -c %a MANIFEST snponly.efi"
is 0 '644
644' ''
run sh -c 'imgctl loader check; echo $?'
is 0 "ipxe, BIOS: ready
ipxe, UEFI x86-64: ready
  snponly.efi: is not signed: Secure Boot must be off
ipxe, UEFI ARM64: not ready
  ipxe-arm64.efi: is missing; it is not in Debian 12: build it of iPXE, bin-arm64-efi/snponly.efi
ipxe-shim, UEFI x86-64: not ready (not in use)
  x64-sb/ipxe-shim.efi: is missing; it is in the signed releases of iPXE
  x64-sb/ipxe.efi: is missing; it is in the signed releases of iPXE
ipxe-shim, UEFI ARM64: not ready (not in use)
  arm64-sb/ipxe-shim.efi: is missing; it is in the signed releases of iPXE
  arm64-sb/ipxe.efi: is missing; it is in the signed releases of iPXE
bootmgfw, BIOS: not ready (not in use)
  pxeboot.n12: is missing; it is in Windows\\Boot\\PXE of a boot.wim
  bootmgr.exe: is missing; it is in Windows\\Boot\\PXE of a boot.wim
bootmgfw, UEFI x86-64: not ready (not in use)
  bootmgfw.efi: is missing; it is laid out by wimprep netboot
  Boot/BCD: is missing; it is laid out by wimprep netboot
shim-grub, UEFI x86-64: not ready (not in use)
  grub/shimx64.efi: is missing; imgctl loader add --name grub/shimx64.efi $shim
  grub/grubx64.efi: is missing; imgctl loader add --name grub/grubx64.efi $grub
shim-grub, UEFI ARM64: not ready (not in use)
  grub/shimaa64.efi: is missing; it comes with shim-signed and grub-efi-arm64-signed
  grub/grubaa64.efi: is missing; it comes with shim-signed and grub-efi-arm64-signed
http, UEFI x86-64: ready (not in use)
  snponly.efi: is not signed: Secure Boot must be off
http, UEFI ARM64: not ready (not in use)
  ipxe-arm64.efi: is missing; it is not in Debian 12: build it of iPXE, bin-arm64-efi/snponly.efi
0" ''

# ---- signed by Microsoft and by Debian, and sbverify agrees ----

run imgctl loader add "$shim" "$grub"
n=$((n + 1))
if grep -q '^grub/shimx64.efi: EFI x86_64, .*Microsoft Corporation UEFI CA 2011' "$tmp/out" &&
	grep -q '^grub/grubx64.efi: EFI x86_64, .*(Debian Secure Boot CA)$' "$tmp/out"; then
	echo "ok $n - each goes where its route wants it"
else
	echo "not ok $n - each goes where its route wants it"
	sed 's/^/# /' "$tmp/out" "$tmp/err"
fi
for name in shimx64.efi grubx64.efi; do
	sbverify --list "$tftp/grub/$name" 2>/dev/null |
		sed -n '/issuers:/{n;s/.*CN=//p}' >"$tmp/issuers"
	imgctl --json loader show grub/$name >"$tmp/json"
	run jq -r '.signatures[].issuer' "$tmp/json"
	is 0 "$(cat "$tmp/issuers")" ''
	imgctl --json loader show grub/$name >"$tmp/json"
	run jq -r '[.state, .arch, (.signatures | all(.fits))] | @csv' "$tmp/json"
	is 0 '"good","x86_64",true' ''
done
imgctl --json loader show grub/shimx64.efi >"$tmp/json"
run jq -r '[.signatures[].microsoft_ca] | sort | .[0]' "$tmp/json"
is 0 2011 ''
run sh -c 'imgctl loader check shim-grub | sed -n 1p'
is 0 'shim-grub, UEFI x86-64: ready (not in use)' ''

# ---- those of other signers ----

cat >"$tmp/program.py" <<'END'
import struct, sys
path, machine = sys.argv[1], int(sys.argv[2], 0)
opt = bytearray(240)
struct.pack_into('<H', opt, 0, 0x20b)
struct.pack_into('<II', opt, 32, 0x1000, 512)
struct.pack_into('<II', opt, 56, 0x2000, 512)
struct.pack_into('<H', opt, 68, 10)
struct.pack_into('<I', opt, 108, 16)
head = b'MZ' + bytes(58) + struct.pack('<I', 0x80) + bytes(64)
head += b'PE\0\0' + struct.pack('<HHIIIHH', machine, 1, 0, 0, 0, len(opt), 0x22) + opt
head += b'.text\0\0\0' + struct.pack('<IIIIIIHHI', 512, 4096, 512, 512, 0, 0, 0, 0, 0x60000020)
open(path, 'wb').write(head.ljust(512, b'\0') + bytes(512))
END
# key NAME CN: a key whose certificate the CA of that name signed
key() {
	openssl req -new -x509 -newkey rsa:2048 -nodes -keyout "$tmp/$1.ca.key" -days 9000 \
		-subj "/CN=$2" -out "$tmp/$1.ca" 2>/dev/null
	openssl req -new -newkey rsa:2048 -nodes -keyout "$tmp/$1.key" \
		-subj '/CN=A signer' -out "$tmp/$1.csr" 2>/dev/null
	openssl x509 -req -in "$tmp/$1.csr" -CA "$tmp/$1.ca" -CAkey "$tmp/$1.ca.key" \
		-set_serial 7 -days 9000 -out "$tmp/$1.pem" 2>/dev/null
}
sign() { # KEY FROM TO
	sbsign --key "$tmp/$1.key" --cert "$tmp/$1.pem" --output "$tmp/$3" "$tmp/$2" 2>/dev/null
}
python3 "$tmp/program.py" "$tmp/plain.efi" 0x8664
python3 "$tmp/program.py" "$tmp/arm.efi" 0xaa64
key y2011 'Microsoft Corporation UEFI CA 2011'
key y2023 'Microsoft UEFI CA 2023'
key own 'A CA of our own'
sign y2011 plain.efi only2011.efi
sign y2023 plain.efi only2023.efi
sign y2023 only2011.efi both.efi
sign own plain.efi own.efi

# verdict FILE: what check says of it as the shim of iPXE
verdict() {
	imgctl loader add --name x64-sb/ipxe-shim.efi "$tmp/$1" >/dev/null 2>"$tmp/warned"
	imgctl loader check ipxe-shim | grep '^  x64-sb/ipxe-shim.efi:'
}
sign own plain.efi signed-ipxe.efi
run imgctl loader add --name x64-sb/ipxe.efi "$tmp/signed-ipxe.efi"
is 0 'x64-sb/ipxe.efi: EFI x86_64, A signer (A CA of our own)' ''
run verdict both.efi
is 1 '' ''
run verdict only2011.efi
is 0 "  x64-sb/ipxe-shim.efi: only Microsoft's CA of 2011 vouches for it: firmware that trusts that of 2023 alone refuses it" ''
run verdict only2023.efi
is 0 "  x64-sb/ipxe-shim.efi: only Microsoft's CA of 2023 vouches for it: firmware without it, older machines', refuses it" ''
run verdict own.efi
is 0 '  x64-sb/ipxe-shim.efi: no CA of Microsoft vouches for it (A CA of our own does): firmware must be told to trust it' ''
run verdict plain.efi
is 0 '  x64-sb/ipxe-shim.efi: is not signed: firmware with Secure Boot refuses it' ''
run cat "$tmp/warned"
is 0 'imgctl: x64-sb/ipxe-shim.efi: is not signed, as route ipxe-shim wants it' ''
run verdict arm.efi
is 0 '  x64-sb/ipxe-shim.efi: is not for UEFI x86-64' ''
cp "$tmp/both.efi" "$tmp/spoilt.efi"
printf x | dd of="$tmp/spoilt.efi" bs=1 seek=600 conv=notrunc status=none
run verdict spoilt.efi
is 0 '  x64-sb/ipxe-shim.efi: was changed after it was signed' ''
run cat "$tmp/warned"
is 0 'imgctl: x64-sb/ipxe-shim.efi: was changed after it was signed, firmware with Secure Boot refuses it' ''
run sh -c 'imgctl loader check ipxe-shim >/dev/null'
is 1 '' ''

# ---- what is refused ----

head -c 3000 "$shim" >"$tmp/cut.efi"
run imgctl loader add "$tmp/cut.efi"
is 3 '' "imgctl: $tmp/cut.efi: is cut off, or its table of signatures is damaged"
: >"$tmp/empty"
run imgctl loader add "$tmp/empty"
is 3 '' "imgctl: $tmp/empty: is empty"
truncate -s 40M "$tmp/huge"
run imgctl loader add "$tmp/huge"
is 3 '' "imgctl: $tmp/huge: is larger than a loader may be (32 MiB)"
for name in ../up /etc/x MANIFEST .hidden a//b; do
	run imgctl loader add --name "$name" "$tmp/plain.efi"
	is 2 '' "imgctl: --name $name: is not the name of a file below the folder"
done
run imgctl loader check nowhere
is 2 '' "imgctl: loader check: there is no route 'nowhere'"

# ---- changed behind our back, removed ----

echo more >>"$tftp/undionly.kpxe"
run sh -c 'imgctl loader check ipxe | sed -n 1,2p'
is 0 'ipxe, BIOS: not ready
  undionly.kpxe: was changed since it was registered' ''
run imgctl loader add
is 0 'undionly.kpxe: BIOS
snponly.efi: EFI x86_64, not signed, as before' ''
run imgctl loader rm undionly.kpxe
is 1 '' 'imgctl: undionly.kpxe: route ipxe, which is in use, wants it for BIOS (--force removes it)'
run imgctl loader rm -n x64-sb/ipxe-shim.efi
is 0 'dry run: x64-sb/ipxe-shim.efi: would be removed' ''
run imgctl loader rm x64-sb/ipxe-shim.efi nothing
is 3 'x64-sb/ipxe-shim.efi: removed' 'imgctl: nothing: is not registered'
run test -e "$tftp/x64-sb/ipxe-shim.efi"
is 1 '' ''
cp "$tmp/both.efi" "$tftp/bootmgfw.efi"
imgctl --json loader list >"$tmp/json"
run jq -r '.loaders | map([.name, .state, .form] | join(" ")) | sort | .[]' "$tmp/json"
is 0 'bootmgfw.efi not registered EFI x86_64
grub/grubx64.efi good EFI x86_64
grub/shimx64.efi good EFI x86_64
snponly.efi good EFI x86_64
undionly.kpxe good BIOS
x64-sb/ipxe.efi good EFI x86_64' ''

# ---- Windows wants wimboot ----

mkdir -p "$tmp/images/ws/1"
printf '# pxekit-image: 1\n# name: ws\n# version: 1\n# kind: wim\n%064d  boot.wim\n' 0 \
	>"$tmp/images/ws/1/MANIFEST"
run sh -c 'imgctl loader check ipxe | sed -n 2p'
is 0 '  wimboot: is missing; Windows images need it, which releases of wimboot bring' ''
cp "$tmp/plain.efi" "$tmp/wimboot" # what a BIOS starts as a kernel says so at 0x202
printf HdrS | dd of="$tmp/wimboot" bs=1 seek=514 conv=notrunc status=none
run imgctl loader add "$tmp/wimboot"
is 0 'wimboot: BIOS, EFI x86_64, not signed' ''
run sh -c 'imgctl loader check ipxe | grep -c wimboot'
is 1 0 ''

# ---- several at once, and killed ----

rm -rf "$tftp"
for i in 1 2 3 4 5 6 7 8; do
	imgctl loader add --name "many/$i.efi" "$tmp/both.efi" >/dev/null &
done
wait
run sh -c "cd '$tftp' && sha256sum -c --quiet MANIFEST && grep -c '^[0-9a-f]' MANIFEST"
is 0 8 ''
i=0 broken=0
while [ $i -lt 10 ]; do
	imgctl loader add --name "killed/$i.efi" "$tmp/both.efi" >/dev/null 2>&1 &
	one=$!
	[ $((i % 2)) = 0 ] || head -c $((i * 100000)) /dev/zero | sha256sum >/dev/null
	kill -9 $one 2>/dev/null
	wait $one 2>/dev/null
	(cd "$tftp" && sha256sum -c --quiet MANIFEST) || broken=$((broken + 1))
	i=$((i + 1))
done
run echo "$broken"
is 0 0 ''
run imgctl loader add --name last.efi "$tmp/both.efi"
is 0 'last.efi: EFI x86_64, A signer (Microsoft Corporation UEFI CA 2011), A signer (Microsoft UEFI CA 2023)' ''

end
