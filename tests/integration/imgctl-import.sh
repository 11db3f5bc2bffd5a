#!/bin/sh
# imgctl import: every kind of media, every refusal, kill -9, a full disk; imgctl editions.
# Rows: S1-12 S2-11 S2-13 S2-22 S2-30 X-01 S0-44
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/media.inc"

for tool in genisoimage wimlib-imagex python3 zstd; do
	command -v $tool >/dev/null || skip "there is no $tool"
done
cd "$tmp" || exit 99
unset PXEKIT_CONF SOURCE_DATE_EPOCH
mkdir images
img() { imgctl --images images "$@"; }
sum() { sha256sum <"$1" | cut -c 1-64; }

# Exit status 3, nothing on standard output, and a sentence that holds the text.
refused() { # text
	grep -qF -- "$1" "$tmp/err" && : >"$tmp/err"
	is 3 '' ''
}
# The most memory that a command had, in KiB, into the file peak.
peak() {
	python3 -c 'import os, resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
open("peak", "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)' "$@"
}
# What is in the catalogue, without its list and what hidden folders hold.
catalogue() {
	find images -mindepth 1 ! -path images/INDEX | sort
}

# ---- Windows ----
media_windows win
mkdir 'a disc Ü'
disc='a disc Ü/Windows Server.iso'
media_disc "$disc" win || exit 99

# What libarchive would have made of it: the reason for reading UDF.
run sh -c 'isoinfo -f -i "$1"' sh "$disc"
is 0 '/README.TXT;1' ''

editions='INDEX NAME                                              BUILD ARCH  TYPE       EDITION          LANGUAGE     SIZE
    1 Windows Server 2025 Standard                      26100 amd64 ServerCore ServerStandard   en-US    200.0 kB
    2 Windows Server 2025 Standard (Desktop Experience) 26100 amd64 Server     ServerStandard   en-US    200.0 kB
    3 Windows Server 2025 Datacenter                    26100 amd64 ServerCore ServerDatacenter en-US    200.0 kB
    4 Windows Server 2025 Datacenter (Desktop Experien> 26100 amd64 Server     ServerDatacenter en-US    200.0 kB'
run imgctl editions "$disc"
cut -c 1-30 "$tmp/out" >"$tmp/names" && mv "$tmp/names" "$tmp/out"
is 0 "$(echo "$editions" | cut -c 1-30)" ''
run imgctl --json editions win/sources/Install.wim
jq -r '.editions[] | [.index, .name, .build, .arch, .type, .edition, .language, .size > 200000] | join(",")' \
	"$tmp/out" >"$tmp/rows" && mv "$tmp/rows" "$tmp/out"
is 0 '1,Windows Server 2025 Standard,26100,amd64,ServerCore,ServerStandard,en-US,true
2,Windows Server 2025 Standard (Desktop Experience),26100,amd64,Server,ServerStandard,en-US,true
3,Windows Server 2025 Datacenter,26100,amd64,ServerCore,ServerDatacenter,en-US,true
4,Windows Server 2025 Datacenter (Desktop Experience),26100,amd64,Server,ServerDatacenter,en-US,true' ''

run img import --dry-run "$disc" --name ws2025
grep -c 'from sources/Install.wim$' "$tmp/out" >"$tmp/count" && mv "$tmp/count" "$tmp/out"
is 0 1 ''
run catalogue
is 0 '' ''

# The sum of the disc is checked while its files are taken out of it, in one go.
run img import "$disc" --name ws2025 --sha256 "$(sum "$disc" | tr a-f A-F)"
is 0 'ws2025@26100.1742' ''
run catalogue
is 0 "images/ws2025
images/ws2025/26100.1742
images/ws2025/26100.1742/MANIFEST
images/ws2025/26100.1742/boot
images/ws2025/26100.1742/boot.wim
images/ws2025/26100.1742/boot/bcd
images/ws2025/26100.1742/boot/boot.sdi
images/ws2025/26100.1742/bootmgr
images/ws2025/26100.1742/efi
images/ws2025/26100.1742/efi/boot
images/ws2025/26100.1742/efi/boot/bootx64.efi
images/ws2025/26100.1742/efi/microsoft
images/ws2025/26100.1742/efi/microsoft/boot
images/ws2025/26100.1742/efi/microsoft/boot/bcd
images/ws2025/26100.1742/install.wim
images/ws2025/current" ''
run cmp win/sources/Install.wim images/ws2025/current/install.wim
is 0 '' ''
run cmp win/sources/boot.wim images/ws2025/current/boot.wim
is 0 '' ''
run sh -c 'cd images/ws2025/current && sha256sum --quiet --strict -c MANIFEST'
is 0 '' ''
run wimlib-imagex verify images/ws2025/current/install.wim --quiet
: >"$tmp/out" 2>"$tmp/err" # it warns that there is no integrity table
is 0 '' ''
run sh -c 'imgctl --images images editions ws2025 | sed -n 4p | cut -c 1-36'
is 0 '    3 Windows Server 2025 Datacenter' ''
run find images \( -type f ! -perm 644 -o -type d ! -perm 755 \)
is 0 '' ''

run img menu ws2025
sed 's/[0-9.]* kB$/N kB/' "$tmp/out" >menu && mv menu "$tmp/out"
is 0 'ws2025@26100.1742
    Windows, installed; BIOS, UEFI; x86_64; N kB
    Windows Server 2025 Standard and others
    1. Windows Server 2025 Standard
    2. Windows Server 2025 Standard (Desktop Experience)
    3. Windows Server 2025 Datacenter
    4. Windows Server 2025 Datacenter (Desktop Experience)
    jobctl add --mac MAC --image ws2025 --edition NUMBER' ''

# The next version does not become current by itself, and none is ever changed.
run img import win --name ws2025 --version 2.0.0-rc1
is 0 'ws2025@2.0.0-rc1' ''
run readlink images/ws2025/current
is 0 '26100.1742' ''
run diff -r images/ws2025/current/install.wim images/ws2025/2.0.0-rc1/install.wim
is 0 '' ''
run img import "$disc" --name ws2025
is 2 '' 'imgctl: ws2025@26100.1742 exists: a version never changes, choose another by --version'
for name in '' '../x' 'a b' .hidden "$(printf '%064d' 0)"; do
	run img import "$disc" --name "$name"
	: >"$tmp/err"
	is 2 '' ''
done
run img import "$disc" --name x --version current
grep -qF "'current' is no version" "$tmp/err" && : >"$tmp/err"
is 2 '' ''

# ---- WIM, ESD, SWM ----
run img import win/sources/Install.wim --name one --version 1
is 0 'one@1' ''
run ls images/one/1
is 0 'MANIFEST
install.wim' ''
run img import win/sources/boot.wim --name pe
is 0 'pe@26100.1742' ''
run ls images/pe/current
is 0 'MANIFEST
boot.wim' ''
wimlib-imagex export win/sources/Install.wim all solid.esd --solid --quiet
run img import solid.esd --name esd --version 1 --json
jq -r '.name, .editions, .files[0].name, .files[0].sha256' "$tmp/out" >"$tmp/j" && mv "$tmp/j" "$tmp/out"
is 0 "esd
4
install.esd
$(sum solid.esd)" ''
wimlib-imagex split win/sources/Install.wim part.swm 0.1 --quiet >split.log
parts=$(find . -maxdepth 1 -name 'part*.swm' | wc -l)
run test "$parts" -ge 2
is 0 '' ''
run img import part.swm --name swm --version 1
is 0 'swm@1' ''
run sh -c 'ls images/swm/1/*.swm | wc -l'
is 0 "$parts" ''
run wimlib-imagex verify images/swm/1/install.swm --ref 'images/swm/1/install*.swm' --quiet
: >"$tmp/out" 2>"$tmp/err"
is 0 '' ''
run img import part2.swm --name swm --version 2
refused "part2.swm: is part 2 of $parts: name part 1"
mv part2.swm aside
run img import part.swm --name swm --version 2
refused 'part2.swm: No such file or directory'
mv aside part2.swm

# ---- Linux ----
mkdir -p deb/.disk deb/install.amd ubu/casper fed/images/pxeboot none
echo 'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST' >deb/.disk/info
media_kernel deb/install.amd/vmlinuz && media_initrd deb/install.amd/initrd.gz
media_kernel ubu/casper/vmlinuz && media_initrd ubu/casper/initrd
media_kernel fed/images/pxeboot/vmlinuz && media_initrd fed/images/pxeboot/initrd.img
printf '[general]\nversion = 40\n' >fed/.treeinfo
echo nothing >none/file
for d in deb ubu fed none; do
	genisoimage -quiet -R -J -V "$d" -o $d.iso $d 2>/dev/null || exit 99
done
sha256sum deb.iso ubu.iso >SUMS
sha256sum --tag fed.iso >>SUMS
run img import deb.iso --name debian --sums SUMS
is 0 'debian@12.5.0' ''
run ls images/debian/current
is 0 'MANIFEST
image.iso
initrd.gz
vmlinuz' ''
for pair in deb.iso:image.iso deb/install.amd/vmlinuz:vmlinuz deb/install.amd/initrd.gz:initrd.gz; do
	run cmp "${pair%:*}" "images/debian/current/${pair#*:}"
	is 0 '' ''
done
run img import fed.iso --name fedora --sums SUMS
is 0 'fedora@40' ''
run img import ubu.iso --name ubuntu --sums SUMS --version 24.04
is 0 'ubuntu@24.04' ''
SOURCE_DATE_EPOCH=86400 run img import ubu --name ubuntu
is 0 'ubuntu@19700102' ''
run img import deb.iso --name unattended --answers preseed --version 1
is 0 'unattended@1' ''
run grep answers images/unattended/1/MANIFEST
is 0 '# answers: preseed' ''
run img import none.iso --name rescue --answers kickstart
is 2 '' "imgctl: none.iso: is of kind iso: --answers is for linux"
run img import deb.iso --name rescue --answers autoyast
is 2 '' "imgctl: --answers 'autoyast': is not preseed, autoinstall, kickstart or cloud-init
Try 'imgctl import --help' for more information."
run img import none.iso --name rescue --version 1
is 0 'rescue@1' ''
run grep -h -e '# kind' -e '^# comment' images/debian/current/MANIFEST images/rescue/1/MANIFEST
is 0 '# kind: linux
# comment: Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST
# kind: iso
# comment: none' ''
run img import none.iso --name other --sums SUMS
is 2 '' 'imgctl: SUMS: has no SHA-256 of none.iso'
run img import none.iso --name other --kind linux
refused 'none.iso: is of kind iso, not linux'

# ---- kernel and initrd, programs, tarballs ----
run img import deb/install.amd/initrd.gz deb/install.amd/vmlinuz --name pair --version 1
is 0 'pair@1' ''
run ls images/pair/1
is 0 'MANIFEST
initrd.gz
vmlinuz' ''
run img import deb/install.amd/initrd.gz --name pair --version 2
refused 'is an initrd: name its kernel, too'
if [ -e /boot/memtest86+x64.efi ] && [ -e /boot/memtest86+x64.bin ]; then
	run img import /boot/memtest86+x64.efi /boot/memtest86+x64.bin --name memtest --version 6
	is 0 'memtest@6' ''
	run sh -c 'ls images/memtest/6; grep kind images/memtest/6/MANIFEST'
	is 0 'MANIFEST
boot.efi
vmlinuz
# kind: efi' ''
fi
mkdir -p root/etc root/usr/bin && echo box >root/etc/hostname && ln -s usr/bin root/bin
printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0 a program for ARM' >root/usr/bin/program
tar -C root -cf rootfs.tar . && zstd -q rootfs.tar && gzip -kn rootfs.tar && xz -k rootfs.tar
for suffix in '' .zst .gz .xz; do
	run img import "rootfs.tar$suffix" --name box --version "1$suffix" --comment "box * of ${suffix:-tar}"
	is 0 "box@1$suffix" ''
done
run sed -n -e '/arch/p' -e '/min-disk/p' -e '/comment/p' -e '$s/.* //p' images/box/1.zst/MANIFEST
is 0 "# arch: aarch64
# min-disk: $(($(stat -c %s rootfs.tar) * 2 + 536870912))
# comment: box * of .zst
rootfs.tar.zst" ''
for comment in "$(printf 'two\nlines')" "$(printf '%0256d' 0)"; do
	run img import rootfs.tar --name box --version 2 --comment "$comment"
	sed -n 1p "$tmp/err" >first && mv first "$tmp/err"
	is 2 '' 'imgctl: --comment: is not one line of at most 255 octets'
done
# What would take more than 32 MiB to be unpacked is refused; that much stays below 64.
xz -9 -c rootfs.tar >nine.tar.xz
run img import nine.tar.xz --name box --version 9
refused 'nine.tar.xz: wants 64 MiB of memory to be unpacked, and 32 is the most here and on the machines: pack it anew, like: xz -dc FILE'
zstd -q --long=27 -c <rootfs.tar >long.tar.zst
run img import long.tar.zst --name box --version 9
refused 'long.tar.zst: wants 128 MiB of memory to be unpacked'
mkdir -p full/etc full/usr/bin && head -c 100000000 /dev/urandom >full/usr/bin/large
tar -C full -c . | zstd -q -1 --long=25 -c >full.tar.zst
rm -r full
run peak imgctl --images images import full.tar.zst --name full --version 1
what='an import with the largest window takes less than 64 MiB'
: >err # who waits for a second sees how far it is
is 0 'full@1' ''
run [ "$(cat peak)" -lt 65536 ]
is 0 '' ''
tar -C none -czf none.tar.gz file
run img import none.tar.gz --name box --version 2
refused 'none.tar.gz: holds no root file system'
run img import none.tar.gz --name box --version 2 --kind rootfs
is 0 'box@2' ''

# ---- hostile archives ----
python3 - <<'END'
import gzip, io, tarfile
def tar(name, *members):
    with tarfile.open(name, "w:gz") as t:
        for path, link, kind in members:
            m = tarfile.TarInfo(path)
            m.type, m.linkname = kind, link
            t.addfile(m, io.BytesIO())
F, S, L = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
tar("up.tgz", ("etc/a", "", F), ("usr/../../b", "", F))
tar("abs.tgz", ("etc/a", "", F), ("/etc/b", "", F))
tar("through.tgz", ("usr/x", "/etc", S), ("./usr//x/passwd", "", F))
tar("hard.tgz", ("etc/a", "../../etc/shadow", L))
tar("two.tgz", ("usr/x", "/etc", S), ("usr/y", "usr/x", L), ("usr/y/passwd", "", F))
# Some tars stop at a block of zeros, and some read on.
tar("good.tgz", ("etc/a", "", F))
with gzip.open("after.tgz", "wb") as out:
    out.write(gzip.open("good.tgz").read(512) + bytes(512) + gzip.open("up.tgz").read())
END
for bad in up abs through hard two after; do
	run img import $bad.tgz --name bad --version 1
	grep -q 'would leave the folder\|written through a symbolic link' "$tmp/err" && : >"$tmp/err"
	is 3 '' ''
done
mkdir -p leads/sources && ln -s /etc/passwd leads/sources/boot.wim
run img import leads --name bad
refused 'leads: has neither sources/boot.wim nor a kernel'

# Folders that lead to the same folders, 28 levels deep: 4^28 ways to the last.
run python3 "$srcdir/tests/integration/udf_ladder.py" ladder ladder.iso
is 0 '' ''
run img import ladder.iso --name bad --version 1
is 3 '' 'imgctl: ladder.iso: has more than 200000 folders'

# ---- truncated, damaged, not what it says ----
size=$(stat -c %s "$disc")
for cut in 300000 $((size / 2)) $((size - 307200)); do
	head -c "$cut" "$disc" >short.iso
	run img import short.iso --name short
	grep -q 'truncated' "$tmp/err" && : >"$tmp/err"
	is 3 '' ''
done
head -c $(($(stat -c %s deb.iso) - 200000)) deb.iso >short.iso
run img import short.iso --name short
refused 'short.iso: is truncated'
head -c 150000 win/sources/Install.wim >short.wim
run img import short.wim --name short
refused 'short.wim: is truncated'
head -c $(($(stat -c %s rootfs.tar.gz) / 2)) rootfs.tar.gz >short.tar.gz
run img import short.tar.gz --name short --kind rootfs
: >"$tmp/err"
is 3 '' ''
: >empty
run img import empty --name short
is 3 '' 'imgctl: empty: is empty'
head -c 5000 /dev/urandom >noise
run img import noise --name short
: >"$tmp/err"
is 3 '' ''
run img import nowhere --name short
is 3 '' 'imgctl: nowhere: No such file or directory'
run img import "$disc" --name short --sha256 "$(sum deb.iso)"
refused 'wrong checksum'
run img import deb.iso --name short --sha256 "$(sum "$disc")"
refused 'wrong checksum'
run img import deb.iso --name short --sha256 12
: >"$tmp/err"
is 2 '' ''
run ls -d images/short images/bad
: >"$tmp/err"
is 2 '' ''

# ---- large: beyond 4 GiB in UDF, and 20 GB with holes ----
mkdir -p big/sources
cp win/sources/boot.wim big/sources/
truncate -s 4600M big/sources/install.swm
python3 - big/sources/install.swm win/sources/Install.wim <<'END'
import sys
# A WIM whose XML lies far behind: the header says where.
small = open(sys.argv[2], "rb").read()
with open(sys.argv[1], "r+b") as f:
    head = bytearray(small[:208])
    at = int.from_bytes(head[0x50:0x58], "little")
    size = int.from_bytes(head[0x48:0x4F], "little")
    end = 4600 * 1048576 - size
    head[0x50:0x58] = end.to_bytes(8, "little")
    f.write(head)
    f.seek(end)
    f.write(small[at : at + size])
END
mv big/sources/install.swm big/sources/install.wim
if [ -n "${PXEKIT_FULL:-}" ]; then
	media_disc big.iso big -allow-limited-size || exit 99
	run imgctl editions big.iso
	sed -n '$=' "$tmp/out" >"$tmp/n" && mv "$tmp/n" "$tmp/out"
	is 0 5 ''
	run sh -c 'imgctl --images images import big.iso --name big 2>/dev/null'
	is 0 'big@26100.1742' ''
	run cmp big/sources/install.wim images/big/current/install.wim
	is 0 '' ''
	rm -rf big.iso images/big
fi
run sh -c 'imgctl --images images import big/sources/install.wim --name big 2>/dev/null'
what='more than 4 GiB, with holes'
is 0 'big@26100.1742' ''
run stat -c %s images/big/current/install.wim
is 0 $((4600 * 1048576)) ''
run sh -c '[ "$(stat -c %b images/big/26100.1742/install.wim)" -lt 100000 ]'
what='the holes stay holes'
is 0 '' ''
rm -r images/big
if [ -n "${PXEKIT_FULL:-}" ]; then
	truncate -s 20G big/sources/install.wim
fi
run imgctl editions big
sed -n '$=' "$tmp/out" >"$tmp/n" && mv "$tmp/n" "$tmp/out"
is 0 5 ''

end
