#!/bin/sh
# wimprep build --ready: a folder that a machine boots from, of a file and of an image.
# Rows: S2-12 S0-38
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99
virtio virtio
mkdir -p disc/sources disc/boot tftp
media disc/sources/boot.wim
program curl.exe
echo "tftp = \"$tmp/tftp\"" >>"$PXEKIT_CONF"
build='wimprep build --curl=curl.exe -d virtio'

run $build --ready=made disc/sources/boot.wim
is 3 '' "wimprep: $tmp/tftp/wimboot: wimboot is wanted there (imgctl loader add FILE): No such file or directory"
[ ! -e made ]
run echo $?
is 0 0 ''
echo wimboot >tftp/wimboot
for wrong in --output=x --dry-run; do
	run $build $wrong --ready=made disc/sources/boot.wim
	: >err.kept
	sed -n 1p err >err.kept && mv err.kept err
	is 2 '' 'wimprep: --ready writes boot.wim into its folder: it goes neither with --output nor with --dry-run'
done

# ---- of a file ----
before=$(sha256sum <disc/sources/boot.wim)
run $build --ready=made disc/sources/boot.wim
is 0 'made/boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm
made: is ready' ''
run sh -c 'cd made && find . -type f ! -path "./.*" | sort'
is 0 './BCD
./SHA256SUMS
./boot.ipxe
./boot.sdi
./boot.stl
./boot.wim
./bootmgfw.efi
./bootmgfw_EX.efi
./bootmgr.exe
./efi/BCD
./fonts/wgl4_boot.ttf
./wimboot' ''
run sh -c 'cd made && sha256sum --quiet -c SHA256SUMS && wc -l <SHA256SUMS'
is 0 11 ''
run cat made/BCD made/efi/BCD made/boot.sdi made/bootmgfw.efi
is 0 "regf PCATregf EFI\$SDI0001 PCATMZ bootmgfw" ''
run wimlib-imagex verify made/boot.wim
what='the other reader takes its boot.wim'
: >out
: >err
is 0 '' ''
run sha256sum disc/sources/boot.wim
what='the boot.wim of the media is as it was'
is 0 "${before%-}disc/sources/boot.wim" ''
run wimprep verify made/boot.wim
what='and ours, too'
: >out
is 0 '' ''

# Again: nothing is written.
stamps() {
	find made -type f -exec stat -c '%n %i %Y %Z' {} + | sort
}
stamps >before
run $build --ready=made disc/sources/boot.wim
is 0 'made/boot.wim: unchanged
made: unchanged' ''
stamps >after
run cmp before after
is 0 '' ''

# What was damaged or taken away comes back, and the sums are those of what is there.
rm made/BCD && echo other >made/wimboot
run $build --ready=made disc/sources/boot.wim
is 0 'made/boot.wim: unchanged
made: is ready' ''
run sh -c 'cd made && sha256sum --quiet -c SHA256SUMS && cat wimboot'
is 0 wimboot ''

# A boot.wim without a BCD takes the media's; without one there, too, it is refused.
wimlib-imagex update disc/sources/boot.wim 2 --command 'delete --recursive /Windows/Boot/DVD' >/dev/null 2>&1
run $build --ready=made2 disc/sources/boot.wim
what='no BCD anywhere'
: >out
is 3 '' 'wimprep: disc/sources/boot.wim: has no Windows/Boot/DVD/PCAT/BCD, and there is no boot/bcd beside it: take it from the media'
printf 'of the disc' >disc/boot/BCD && printf 'its sdi' >disc/boot/Boot.sdi
run $build --ready=made2 disc/sources/boot.wim
what='the BCD of the media'
: >out
is 0 '' ''
run cat made2/BCD made2/boot.sdi
is 0 'of the discits sdi' ''

# ---- of an image ----
cp -r disc media
wimlib-imagex capture pe media/sources/install.wim --compress=none >/dev/null 2>&1
run imgctl import media --name ws --version 1
what='an image'
: >out
: >err
is 0 '' ''
run $build --image=ws --ready=made3
: >err
is 0 'ws@1+d1: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm
made3: is ready' ''
run stat -c %i made3/boot.wim
is 0 "$(stat -c %i site/images/ws/1+d1/boot.wim)" ''
run cat made3/BCD
is 0 'of the disc' ''
run $build --image=ws --ready=made3
: >err
is 0 'ws@1+d1: unchanged
made3: unchanged' ''

end
