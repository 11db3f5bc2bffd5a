#!/bin/sh
# wimprep build: what goes in, what stays, what is refused; wimlib-imagex reads it all again.
# Rows: X-02 S0-14 S0-15 S0-16 S0-38 S0-44 S1-17 S1-19 S1-24
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99
none='has no curl.exe, and there is no install.wim beside it to take it from: --install=FILE or --curl=FILE'

# built CODE: wimprep build's status, its warnings left out.
built() {
	wimprep build "$@" 2>/dev/null
}
state() { # file: what changes when it is written
	stat -c '%i %Y %s' "$1"
}

# ---- in its place ----

media boot.wim
cp boot.wim pristine.wim
virtio virtio 2k25 2k19
run wimprep build -n -d virtio boot.wim
is 0 "boot.wim: would be prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" \
	"wimprep: boot.wim: $none"
run cmp boot.wim pristine.wim
is 0 '' ''
run test -e .boot.wim.wimprep
is 1 '' ''
run wimprep build -d virtio boot.wim
is 0 "boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" \
	"wimprep: boot.wim: $none"
run cmp boot.wim.orig pristine.wim
is 0 '' ''
wimprep diff pristine.wim boot.wim >differs
run cat differs
is 0 "2 + /pxekit/
2 + /pxekit/drivers/
2 + /pxekit/drivers/list.txt
$(for d in netkvm vioscsi viostor; do
	echo "2 + /pxekit/drivers/$d/"
	for e in cat inf sys; do echo "2 + /pxekit/drivers/$d/$d.$e"; done
done)
2 + /pxekit/wimprep.txt
2 ~ /Windows/System32/startnet.cmd
2 + /Windows/System32/winpeshl.ini" ''

# Another reader: all is there, whole, and the marker's sums are right.
run sh -c 'wimlib-imagex verify boot.wim --quiet 2>/dev/null'
is 0 '' ''
wimlib-imagex apply boot.wim 2 applied >/dev/null 2>&1
run sh -c 'cd applied && sha1sum --quiet -c pxekit/wimprep.txt'
is 0 '' ''
run cmp applied/pxekit/drivers/vioscsi/vioscsi.sys virtio/vioscsi/2k25/amd64/vioscsi.sys
is 0 '' ''
rm -rf applied
wimlib-imagex info boot.wim | sed -n 's/^Boot Index: *//p' >index
run cat index
is 0 2 ''

# Each driver has its line in the list that startnet.cmd reads; line ends are cmd's.
content boot.wim 2 /pxekit/drivers/list.txt | tr -d '\r' >list
run cat list
is 0 'X:\pxekit\drivers\vioscsi\vioscsi.inf
X:\pxekit\drivers\viostor\viostor.inf
X:\pxekit\drivers\netkvm\netkvm.inf' ''
for file in startnet.cmd winpeshl.ini; do
	content boot.wim 2 /Windows/System32/$file >text
	sed 's/$/\r/' "$srcdir/tools/wimprep/templates/$file" >want
	run cmp text want
	is 0 '' ''
done

# ---- again: nothing is written, whether the last run is remembered or not ----

before=$(state boot.wim)
run wimprep build -d virtio boot.wim
is 0 "boot.wim: unchanged" ''
rm .boot.wim.wimprep/record
run built -d virtio boot.wim
is 0 "boot.wim: unchanged" ''
touch virtio/vioscsi/2k25/amd64/vioscsi.sys
run built -d virtio boot.wim
is 0 "boot.wim: unchanged" ''
run state boot.wim
is 0 "$before" ''
run ls -A .boot.wim.wimprep
is 0 'lock
record' ''

# The same elsewhere is the same to the last octet.
run built -d virtio -o other.wim pristine.wim
is 0 "other.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
run cmp other.wim boot.wim
is 0 '' ''
# All that without one of root's capabilities, as any user has it.
bare=''
[ "$(id -u)" != 0 ] || bare='setpriv --bounding-set=-all'
# shellcheck disable=SC2086 # a command and its option, or nothing
run $bare wimprep build -d virtio -o user.wim pristine.wim
: >err
is 0 "user.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
run cmp user.wim boot.wim
is 0 '' ''
# What was remembered is enough: no warning, for nothing was read.
run wimprep build -d virtio -o other.wim pristine.wim
is 0 'other.wim: unchanged' ''

# A driver, a template and the media themselves are noticed.
echo newer >>virtio/vioscsi/2k25/amd64/vioscsi.sys
run built -d virtio boot.wim
is 0 "boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
content boot.wim 2 /pxekit/drivers/vioscsi/vioscsi.sys | tail -n 1 >line
run cat line
is 0 newer ''
echo 'rem of this site' >>"$PXEKIT_TEMPLATES/wimprep/startnet.cmd"
built -d virtio boot.wim >/dev/null
content boot.wim 2 /Windows/System32/startnet.cmd | tail -n 1 | tr -d '\r' >line
run cat line
is 0 'rem of this site' ''
run cmp boot.wim.orig pristine.wim
is 0 '' ''
# So is where the site says that jobs are.
{
	cat "$PXEKIT_CONF"
	echo 'url = "http://10.0.0.1"'
} >url.conf
run built --config=url.conf -d virtio boot.wim
is 0 "boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
sed -i s/10.0.0.1/10.0.0.2/ url.conf
run built --config=url.conf -d virtio boot.wim
is 0 "boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
content boot.wim 2 /pxekit/server.txt | tr -d '\r' >line
run cat line
is 0 http://10.0.0.2 ''
media release.wim 26200
cp release.wim boot.wim
run built -d virtio boot.wim
is 0 "boot.wim: prepared: image 2, build 26200, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
run cmp boot.wim.orig release.wim
is 0 '' ''

# Without its original, a prepared one is prepared anew, and then no more.
rm boot.wim.orig
built -d virtio boot.wim >/dev/null
run built -d virtio boot.wim
is 0 "boot.wim: unchanged" ''
run wimprep build -o pristine.wim pristine.wim
is 2 '' "wimprep: pristine.wim: is what is read; without --output it is replaced, and its original kept"

# ---- which drivers ----

run built -d virtio --os=2k19 -o o.wim pristine.wim
is 0 "o.wim: prepared: image 2, build 17763, amd64, 2k19; drivers: vioscsi, viostor, netkvm" ''
content o.wim 2 /pxekit/drivers/vioscsi/vioscsi.sys | tail -n 1 >line
run grep -c 2k19 line
is 0 1 ''
media old.wim 17763
built -d virtio -o o.wim old.wim >out.txt
run grep -c '17763, amd64, 2k19;' out.txt
is 0 1 ''
driver nic e1 Net 1234
run built -d virtio -d nic -o o.wim pristine.wim
is 0 "o.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm, e1" ''
content o.wim 2 /pxekit/drivers/list.txt | tr -d '\r' | tail -n 1 >line
run cat line
is 0 'X:\pxekit\drivers\2\e1\e1.inf' ''
run wimprep build -n --curl="$srcdir/man/wimprep.1" -d virtio -o o.wim pristine.wim
is 3 '' "wimprep: $srcdir/man/wimprep.1: its curl.exe is not a Windows program"
program curl.exe
run wimprep build --curl=curl.exe --platform=kvm --driver=viostor -d virtio -o o.wim pristine.wim
is 0 "o.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: viostor" \
	"wimprep: pristine.wim: platform kvm may want the driver vioscsi, which is not among those named
wimprep: pristine.wim: platform kvm may want the driver netkvm, which is not among those named"
run built --platform=kvm -d nic -o p.wim pristine.wim
is 3 '' ''
run wimprep build -d virtio --driver=balloon -o p.wim pristine.wim
code2=$code
run test $code2 = 3 -a ! -e p.wim
is 0 '' ''

# A package that is not whole is named, with what it lacks.
refused() { # text...: the last run failed, said all of these, and wrote nothing
	what="refused: $*"
	[ $code = 3 ] && [ ! -e p.wim ] && [ ! -s out ] || code=9
	for text; do
		grep -qF -- "$text" err || code=9
	done
	[ $code = 9 ] || { code=0 && : >err; }
	is 0 '' ''
}
rm -rf bad && virtio bad && rm bad/viostor/2k25/amd64/viostor.sys
run wimprep build --curl=curl.exe -d bad -o p.wim pristine.wim
refused viostor.sys
rm -rf bad && virtio bad && rm bad/NetKVM/2k25/amd64/netkvm.cat
run wimprep build --curl=curl.exe -d bad -o p.wim pristine.wim
refused netkvm.cat
rm -rf bad && virtio bad 2k25
media ancient.wim 14393
run wimprep build --curl=curl.exe -d bad -o p.wim ancient.wim
refused vioscsi
run wimprep build -d nowhere -o p.wim pristine.wim
refused nowhere 'No such file'

# ---- names in another case; one image; none that boots ----

tree lower windows system32
wimlib-imagex capture lower lower.wim --compress=LZX >/dev/null 2>&1
describe lower.wim 1 26100
run built -d virtio -o o.wim lower.wim
is 0 "o.wim: prepared: image 1, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
names o.wim 1 | grep -ic '^/windows$' >count
names o.wim 1 | grep -i '/startnet.cmd$' >>count
run cat count
is 0 '1
/windows/system32/startnet.cmd' ''
wimlib-imagex info o.wim | sed -n 's/^Boot Index: *//p' >index
run cat index
is 0 1 ''
media plain.wim 26100
wimlib-imagex info plain.wim --boot 0 >/dev/null 2>&1 || wimlib-imagex info plain.wim 0 --boot >/dev/null
run wimprep build -o p.wim plain.wim
refused 'plain.wim: has no boot index, and 2 images; say which shall boot: --index=N'
run built --index=1 -o o.wim plain.wim
is 0 "o.wim: prepared: image 1, build 26100, amd64, 2k25; drivers: none" ''
run wimprep build --index=3 -o p.wim plain.wim
refused 'plain.wim: has no image 3, the last is 2'

# Both images of a stock boot.wim; the first that is named boots.
run built --index=2 --index=1 -d virtio -o both.wim plain.wim
is 0 "both.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
for image in 1 2; do
	rm -rf applied
	wimlib-imagex apply both.wim $image applied >/dev/null 2>&1
	run sh -c 'cd applied && sha1sum --quiet -c pxekit/wimprep.txt'
	is 0 '' ''
	wimprep verify --index=$image both.wim >checks
	run grep -cE '^(startnet|winpeshl|prepared) +ok' checks
	is 0 3 ''
done
rm -rf applied
wimlib-imagex info both.wim | sed -n 's/^Boot Index: *//p' >index
run cat index
is 0 2 ''
before=$(state both.wim)
rm .both.wim.wimprep/record
run built --index=2 --index=1 -d virtio -o both.wim plain.wim
is 0 'both.wim: unchanged' ''
run state both.wim
is 0 "$before" ''
built --index=1 --index=2 -d virtio -o both.wim plain.wim >out.txt
wimlib-imagex info both.wim | sed -n 's/^Boot Index: *//p' >index
run cat index
is 0 1 ''
# One that was prepared in one image only is not enough for two.
built --index=2 -d virtio -o both.wim plain.wim >out.txt
run built --index=2 --index=1 -d virtio -o both.wim plain.wim
is 0 "both.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
run wimprep build --index=2 --index=3 -o p.wim plain.wim
refused 'plain.wim: has no image 3, the last is 2'
cp plain.wim odd.wim && wimlib-imagex info odd.wim 1 --image-property WINDOWS/ARCH=12 >/dev/null
run wimprep build --index=2 --index=1 -o p.wim odd.wim
refused 'odd.wim: image 1 is of another architecture than the one that boots'

# ---- what wimboot cannot read ----

wimlib-imagex export pristine.wim all lzms.wim --compress=LZMS >/dev/null 2>&1
run wimprep build -o p.wim lzms.wim
refused 'lzms.wim: is compressed by LZMS' 'wimlib-imagex export'
wimlib-imagex export pristine.wim all solid.esd --solid >/dev/null 2>&1
run wimprep build -o p.wim solid.esd
refused 'solid.esd: is solid (an ESD)' 'wimlib-imagex export'
wimlib-imagex export pristine.wim all pipable.wim --pipable >/dev/null 2>&1
run wimprep build -o p.wim pipable.wim
refused 'pipable.wim: is pipable' --not-pipable
wimlib-imagex export pristine.wim all chunk.wim --compress=LZX --chunk-size=64K >/dev/null 2>&1
run wimprep build -o p.wim chunk.wim
refused 'chunk.wim: is compressed in chunks of 64 KiB' --chunk-size=32K
head -c 3000000 /dev/urandom >pe/Windows/big
wimlib-imagex capture pe whole.wim --compress=none >/dev/null 2>&1
wimlib-imagex split whole.wim split.swm 1 >/dev/null 2>&1
rm pe/Windows/big
run wimprep build -o p.wim split.swm
refused 'split.swm: is part 1 of' 'wimlib-imagex join'
head -c 4000 pristine.wim >cut.wim
run wimprep build -o p.wim cut.wim
refused 'cut.wim: cannot be read: it is cut off'
wimlib-imagex capture pe install.wim --compress=none >/dev/null 2>&1
describe install.wim 1 26100 9 Server
run wimprep build -o p.wim install.wim
refused 'install.wim: image 1 is a Windows Server, not Windows PE'
wimlib-imagex capture pe unknown.wim --compress=none >/dev/null 2>&1
run wimprep build -o p.wim unknown.wim
refused 'does not say which Windows it is; say it with --os'

# An encrypted ESD says so in its XML.
python3 - pristine.wim encrypted.esd <<'END'
import struct, sys
wim = bytearray(open(sys.argv[1], "rb").read())
size, offset = struct.unpack("<QQ", wim[0x48:0x58])
xml = wim[offset:offset + (size & (1 << 56) - 1)].decode("utf-16")
xml = xml.replace("</WIM>", "<ESD><ENCRYPTED><KEY></KEY></ENCRYPTED></ESD></WIM>").encode("utf-16")
wim[0x48:0x60] = struct.pack("<QQQ", len(xml) | size >> 56 << 56, len(wim), len(xml))
open(sys.argv[2], "wb").write(wim + xml)
END
run wimprep build -o p.wim encrypted.esd
refused 'encrypted.esd: cannot be read: it is an encrypted ESD'

# One whose XML grows when it is read, with a control in it for the terminal.
python3 - pristine.wim bomb.wim <<'END'
import struct, sys
wim = bytearray(open(sys.argv[1], "rb").read())
entities = "".join('<!ENTITY a%d "%s">' % (i, "&a%d;" % (i - 1) * 10 if i else "\x1b[31m") for i in range(10))
xml = "<!DOCTYPE WIM [%s]><WIM><IMAGE INDEX=\"1\"><NAME>&a9;</NAME></IMAGE></WIM>" % entities
xml = xml.encode("utf-16")
size = struct.unpack("<Q", wim[0x48:0x50])[0]
wim[0x48:0x60] = struct.pack("<QQQ", len(xml) | size >> 56 << 56, len(wim), len(xml))
open(sys.argv[2], "wb").write(wim + xml)
END
run wimprep build -o p.wim bomb.wim
is 3 '' 'wimprep: bomb.wim: cannot be read: The XML data of the WIM is invalid'

# ---- curl.exe out of the same media ----

mkdir media && cp pristine.wim media/Boot.wim
program pe/Windows/System32/Curl.exe 'curl of the media'
wimlib-imagex capture pe media/Install.wim edition1 --compress=none >/dev/null 2>&1
describe media/Install.wim 1 26100 9 Client
run wimprep build -d virtio media/Boot.wim
is 0 "media/Boot.wim: prepared: image 2, build 26100, amd64, w11; drivers: vioscsi, viostor, netkvm" ''
content media/Boot.wim 2 /Windows/System32/curl.exe >curl
run cmp curl pe/Windows/System32/Curl.exe
is 0 '' ''
wimlib-imagex export media/Install.wim all install.esd --solid >/dev/null 2>&1
run wimprep build --install=install.esd -o o.wim pristine.wim
is 0 "o.wim: prepared: image 2, build 26100, amd64, w11; drivers: none" ''
content o.wim 2 /Windows/System32/curl.exe >curl
run cmp curl pe/Windows/System32/Curl.exe
is 0 '' ''
rm install.wim install.esd
mkdir split && cp pristine.wim split/boot.wim
head -c 3000000 /dev/urandom >pe/Windows/Big && head -c 2000000 /dev/urandom >pe/Windows/Also
wimlib-imagex capture pe whole.wim edition1 --compress=none >/dev/null 2>&1
describe whole.wim 1 26100 9 Server
wimlib-imagex split whole.wim split/install.swm 2 >/dev/null 2>&1
run test -e split/install2.swm
is 0 '' ''
run wimprep build split/boot.wim
is 0 "split/boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: none" ''
content split/boot.wim 2 /Windows/System32/curl.exe >curl
run cmp curl pe/Windows/System32/Curl.exe
is 0 '' ''
wimlib-imagex capture pe curly.wim --compress=none >/dev/null 2>&1
describe curly.wim 1 26100
run wimprep build -o o.wim curly.wim
is 0 "o.wim: prepared: image 1, build 26100, amd64, 2k25; drivers: none" ''

# ---- out of an ISO; options ----

mkdir iso && cp -r virtio iso/
genisoimage -quiet -r -iso-level 4 -o virtio.iso virtio 2>/dev/null
run built -d virtio.iso -o from-iso.wim pristine.wim
is 0 "from-iso.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
run built -d virtio -o from-dir.wim pristine.wim
run cmp from-iso.wim from-dir.wim
is 0 '' ''
genisoimage -quiet -udf -r -o virtio.iso virtio 2>/dev/null
run built -d virtio.iso -o from-udf.wim pristine.wim
run cmp from-udf.wim from-dir.wim
is 0 '' ''

# ---- driver packs: two products, and one that has none ----

{
	cat "$PXEKIT_CONF"
	printf 'driver-pack virtual { manufacturer = "QEMU" folder = "%s" }\n' "$tmp/virtio"
	printf 'driver-pack desk { product = "Desk [12]00" folder = "%s" }\n' "$tmp/desk"
} >packs.conf
mkdir desk && cp -r virtio/viostor/2k25/amd64 desk/viostor
run built --config=packs.conf --manufacturer=qemu --product='Standard PC' -o pack.wim pristine.wim
is 0 "pack.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: vioscsi, viostor, netkvm" ''
run cmp pack.wim from-dir.wim
is 0 '' ''
run built --config=packs.conf --manufacturer=ACME --product='Desk 200' -o pack.wim pristine.wim
is 0 "pack.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: viostor" ''
run built --config=packs.conf --pack=desk -o desk.wim pristine.wim
run cmp pack.wim desk.wim
is 0 '' ''
run wimprep build --config=packs.conf --manufacturer=ACME --product='Desk 300' pristine.wim
is 1 '' "wimprep: pxekit.conf has no driver-pack for manufacturer 'ACME', product 'Desk 300'"

run wimprep build
is 2 '' "wimprep: build wants one boot.wim, or --image
Try 'wimprep build --help' for more information."
run wimprep build --os=win95 boot.wim
is 2 '' "wimprep: there is no Windows win95"
run wimprep build --platform=amiga boot.wim
is 2 '' "wimprep: there is no platform amiga"

end
