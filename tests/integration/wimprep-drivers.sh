#!/bin/sh
# wimprep drivers: index, match and show, on a folder and on a disc with hard links.
# Rows: X-02 N-03 S0-14
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/drivers.inc"
command -v wimprep >/dev/null || skip 'wimprep is not built'
export XDG_CACHE_HOME="$tmp/cache"

virtio "$tmp/virtio"
genisoimage -quiet -r -iso-level 4 -cache-inodes -o "$tmp/virtio.iso" "$tmp/virtio" ||
	skip 'genisoimage is not here'

# All that is on it, but autorun.inf; the same from the folder.
columns() { # SOURCE COLUMNS [OPTION...]
	columns_source=$1 columns_of=$2
	shift 2
	wimprep drivers index "$@" "$columns_source" | cut -f"$columns_of" | sort
}
columns "$tmp/virtio" 1-11 >"$tmp/folder"
columns "$tmp/virtio.iso" 1-11 >"$tmp/disc"
run cmp "$tmp/folder" "$tmp/disc"
is 0 '' ''
columns "$tmp/virtio.iso" 3 | uniq >"$tmp/infs"
(cd "$tmp/virtio" && find ./* -name '*.inf' ! -name autorun.inf | cut -c3- | sort) >"$tmp/want"
run sh -c 'grep -v "^inf$" "$1" | diff - "$2"' - "$tmp/infs" "$tmp/want"
is 0 '' ''

run columns "$tmp/virtio.iso" 1-11 --os=2k25 --arch=amd64
is 0 "PCI\\VEN_1AF4&DEV_1041	compatible	NetKVM/2k16/amd64/netkvm.inf	Net	2k16	10.0.14393	amd64	100.2k16.3	2025-07-09	netkvm.sys,netkvmp.exe	NETKVM.cat
$(columns "$tmp/virtio.iso" 1-11 --os=2k25 --arch=amd64 | tail -n +2)" ''
run columns "$tmp/virtio.iso" 5 --os=2k19 --arch=amd64
is 0 "$(columns "$tmp/virtio.iso" 5 --os=2k19 --arch=amd64 | grep -v -e 2k25 -e w11 -e w8)" ''
run sh -c 'wimprep drivers index --json "$1" | jq -r ".[] | select(.inf == \"NetKVM/2k25/amd64/netkvm.inf\" and .kind == \"hardware\") | .id, .files[], .catalogue, .os, .arch, .version"' - "$tmp/virtio.iso"
is 0 'PCI\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01
netkvm.sys
netkvmp.exe
NETKVM.cat
2k25
amd64
100.2k25.3' ''

# The best package for a device: of the target's folder, then of its kin.
match() { # OS ID
	wimprep drivers match --os="$1" --arch=amd64 --id="$2" "$tmp/virtio.iso" |
		cut -f1,4 | sed -n 2,3p
}
run match 2k25 'PCI\VEN_1AF4&DEV_1048'
is 0 '00ff1100	vioscsi/2k25/amd64/vioscsi.inf
00ff1100	amd64/2k25/vioscsi.inf' ''
run match w11 'pci\ven_1af4&dev_1041'
is 0 '00ff1100	NetKVM/w11/amd64/netkvm.inf
00ff1100	NetKVM/2k25/amd64/netkvm.inf' ''
run match 2k22 'PCI\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01'
is 0 '00ff0000	NetKVM/2k22/amd64/netkvm.inf
00ff0000	NetKVM/w10/amd64/netkvm.inf' ''
run match 2k16 'PCI\VEN_1AF4&DEV_1041&SUBSYS_00001AF4&REV_01'
is 0 '00ff1103	NetKVM/2k16/amd64/netkvm.inf' ''
run wimprep drivers match --arch=arm64 --id='PCI\VEN_1AF4&DEV_1048' "$tmp/virtio.iso"
is 1 'rank	id	kind	inf	class	os	from	arch	version	date	files	catalogue	source' \
	'wimprep: no package drives PCI\VEN_1AF4&DEV_1048'
run sh -c 'wimprep drivers match --json --id=X "$1" | jq length' - "$tmp/virtio.iso"
is 0 0 'wimprep: no package drives X'

# Some packages are only for a device that says more.
mkdir "$tmp/narrow"
inf "$tmp/narrow/n.inf" Net 9999 NTamd64 1.0 n.sys
sed -i 's/, PCI.VEN_1AF4&DEV_9999$//' "$tmp/narrow/n.inf"
run sh -c 'wimprep drivers match --id="PCI\\VEN_1AF4&DEV_9999" "$1" >/dev/null' - "$tmp/narrow"
is 1 '' 'wimprep: no package drives PCI\VEN_1AF4&DEV_9999
wimprep: n.inf: would fit a device that says PCI\VEN_1AF4&DEV_9999&SUBSYS_11001AF4&REV_01'

# A whole package, and what is missing of another.
run wimprep drivers show --os=2k25 "$tmp/virtio.iso" NetKVM/2k25/amd64/netkvm.inf
is 0 "NetKVM/2k25/amd64/netkvm.inf
  source     $tmp/virtio.iso
  class      Net 
  provider   Makers, Inc.
  version    100.2k25.3 of 2025-07-09
  folder of  2k25
  catalogue  NETKVM.cat, $(wc -c <"$tmp/virtio/NetKVM/2k25/amd64/netkvm.cat") octets
  file       netkvm.sys, $(wc -c <"$tmp/virtio/NetKVM/2k25/amd64/netkvm.sys") octets, to the driver store
  file       netkvmp.exe, $(wc -c <"$tmp/virtio/NetKVM/2k25/amd64/netkvmp.exe") octets, to the driver store
  for        amd64 from 10.0.16299
  device     Device 1041
               PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01
               PCI\\VEN_1AF4&DEV_1041 (compatible)" ''
run sh -c 'wimprep drivers show --json "$1" viostor | jq -r ".[].whole" | sort | uniq -c' - "$tmp/virtio.iso"
is 0 '      8 true' ''
rm "$tmp/narrow/n.sys"
run sh -c 'wimprep drivers show "$1" | grep missing' - "$tmp/narrow/n.inf"
is 0 '  file       n.sys, missing, to the driver store' ''
run sh -c 'wimprep drivers show --json "$1" n >"$2"' - "$tmp/narrow" "$tmp/json"
is 1 '' ''
run jq -r '.[0].files[] | select(.size == null) | .path' "$tmp/json"
is 0 'n.sys' ''
run wimprep drivers show "$tmp/narrow" other
is 1 '' "wimprep: $tmp/narrow: has no driver package other"

# An INF that cannot be read is named with its line; the others are listed.
printf '[Version]\nSignature="$Windows NT$"\n[Manufacturer\n' >"$tmp/narrow/bad.inf"
run sh -c 'wimprep drivers index "$1" | wc -l' - "$tmp/narrow"
is 0 2 "wimprep: $tmp/narrow/bad.inf:3: a section's name has no ']'"
run sh -c 'wimprep drivers index "$1" >/dev/null' - "$tmp/narrow"
is 1 '' "wimprep: $tmp/narrow/bad.inf:3: a section's name has no ']'"
rm "$tmp/narrow/bad.inf"

# What is remembered gives way to what has changed; damage does no harm.
again() {
	wimprep drivers index ${1:+"$1"} "$tmp/narrow" | sed -n 's/^PCI[^\t]*\t.*\tNet\t.*\t\([0-9.]*\)\t2025.*/\1/p'
}
touch -d '1 hour ago' "$tmp/narrow/n.inf"
run again ''
is 0 1.0 ''
sed -i 's/ 1\.0$/ 2.0/' "$tmp/narrow/n.inf"
run again ''
is 0 2.0 ''
touch -d '2 hours ago' "$tmp/narrow/n.inf"
again '' >/dev/null # remembers the time
sed -i 's/ 2\.0$/ 3.0/' "$tmp/narrow/n.inf"
touch -d '2 hours ago' "$tmp/narrow/n.inf"
run again --no-cache
is 0 3.0 ''
for cached in "$tmp"/cache/pxekit/drivers/*; do
	sed -i 's/SCSIAdapter/Keyboard/; s/\tNet\t/\tNot\t/' "$cached"
done
run again ''
is 0 3.0 ''
columns "$tmp/virtio.iso" 1-11 >"$tmp/disc"
run cmp "$tmp/folder" "$tmp/disc"
is 0 '' ''

# A disc as Microsoft's: all is in its UDF part, and only a note in the other.
echo 'This disc wants a reader of UDF.' >"$tmp/virtio/README.TXT"
genisoimage -quiet -udf -J -r -cache-inodes -o "$tmp/udf.iso" "$tmp/virtio" 2>/dev/null
rm "$tmp/virtio/README.TXT"
python3 "$srcdir/tests/integration/msdisc.py" "$tmp/udf.iso"
columns "$tmp/udf.iso" 1-11 >"$tmp/disc"
run cmp "$tmp/folder" "$tmp/disc"
is 0 '' ''
head -c 500000 "$tmp/udf.iso" >"$tmp/udfshort.iso"
run sh -c 'wimprep drivers index "$1" >/dev/null 2>"$2"; echo $?; grep -c "udfshort.iso: " "$2"' - "$tmp/udfshort.iso" "$tmp/said"
is 0 '3
1' ''

# Several at once, with a cache that none of them finds.
rm -r "$tmp/cache"
for k in 1 2 3 4 5 6; do
	columns "$tmp/virtio.iso" 1-11 >"$tmp/many$k" &
done
wait
run sh -c 'for f; do cmp "$f" "$0" || exit; done' "$tmp/folder" "$tmp"/many?
is 0 '' ''
run sh -c 'ls "$1" | grep -cv "^[0-9a-f]\{32\}$"' - "$tmp/cache/pxekit/drivers"
is 1 0 ''
mkdir "$tmp/closed" && chmod 500 "$tmp/closed"
XDG_CACHE_HOME="$tmp/closed/x" columns "$tmp/virtio.iso" 1-11 >"$tmp/disc"
run cmp "$tmp/folder" "$tmp/disc"
is 0 '' ''

# Driver packs by what SMBIOS says of a machine: two products, and who fits none.
inf "$tmp/packs/dell/net/n1.inf" Net 0001 NTamd64.10.0...16299 1.0 n1.sys
inf "$tmp/packs/hp/net/n2.inf" Net 0001 NTamd64.10.0...16299 2.0 n2.sys
cat >"$tmp/packs.conf" <<END
driver-pack optiplex { manufacturer = "Dell*" product = "OptiPlex 7?[14]0*" folder = "$tmp/packs/dell" }
driver-pack elite { product = "HP EliteDesk*" folder = "$tmp/packs/hp" }
driver-pack dell { manufacturer = "dell*" folder = "$tmp/packs/other" }
END
PXEKIT_CONF=$tmp/packs.conf
export PXEKIT_CONF
matches() { # MANUFACTURER PRODUCT
	wimprep drivers match --id='PCI\VEN_1AF4&DEV_0001' --manufacturer="$1" --product="$2" |
		sed 1d | cut -f4,9
}
run matches 'Dell Inc.' 'OptiPlex 7010'
is 0 'net/n1.inf	1.0' ''
run matches 'Hewlett-Packard' 'HP EliteDesk 800 G1'
is 0 'net/n2.inf	2.0' ''
run wimprep drivers match --id=X --manufacturer=ACME --product=Road
is 1 '' "wimprep: pxekit.conf has no driver-pack for manufacturer 'ACME', product 'Road'"
run wimprep drivers pack --manufacturer='Dell Inc.' --product='Latitude'
is 0 "pack	manufacturer	product	folder
dell	dell*	-	$tmp/packs/other" ''
run sh -c 'wimprep drivers pack --json | jq -r ".[].pack"'
is 0 'optiplex
elite
dell' ''
run sh -c 'wimprep drivers pack --json --pack elite | jq -c .'
is 0 "[{\"pack\":\"elite\",\"manufacturer\":\"\",\"product\":\"HP EliteDesk*\",\"folder\":\"$tmp/packs/hp\"}]" ''
run wimprep drivers match --pack=elite --product=X --id=X
is 2 '' 'wimprep: --pack names one, --manufacturer and --product look for it: give either'
run wimprep drivers match --pack=none --id=X
is 2 '' 'wimprep: pxekit.conf has no driver-pack none'
unset PXEKIT_CONF

# Refused, and why.
run wimprep drivers index "$tmp/none"
is 3 '' "wimprep: $tmp/none: No such file or directory"
run wimprep drivers index ''
is 3 '' "wimprep: : No such file or directory"
head -c 100000 /dev/zero >"$tmp/zeros"
run wimprep drivers index "$tmp/zeros"
is 3 '' "wimprep: $tmp/zeros: is no disc image: Unrecognized archive format"
head -c 200000 "$tmp/virtio.iso" >"$tmp/short.iso"
run sh -c 'wimprep drivers index "$1" >/dev/null 2>"$2" || grep -c "short.iso: " "$2"' - "$tmp/short.iso" "$tmp/said"
is 0 1 ''
run wimprep drivers
is 2 '' "wimprep: drivers wants index, match, show or pack
Try 'wimprep drivers --help' for more information."
run wimprep drivers list
is 2 '' "wimprep: drivers list: no such verb
Try 'wimprep drivers --help' for more information."
run wimprep drivers match "$tmp/virtio"
is 2 '' "wimprep: match wants --id and a folder or a disc image
Try 'wimprep drivers --help' for more information."
run wimprep drivers index --os=2k99 "$tmp/virtio"
is 2 '' "wimprep: '2k99' is no Windows: 2k25, 2k22, 2k19, 2k16, w11, w10, ..."
run wimprep drivers index --arch=vax "$tmp/virtio"
is 2 '' "wimprep: 'vax' is none of x86, amd64, arm64, arm, ia64"

# An INF that wants to be read for hours.
mkdir "$tmp/long"
{
	printf '[Version]\nSignature="$Windows NT$"\nCatalogFile=a.cat\n[Manufacturer]\nm=M,NTamd64\n'
	printf '[M.NTamd64]\nd=I,PCI\\A\n[I]\n'
	yes CopyFiles=C | head -n 200000
	echo '[C]'
	seq -f 'f%g.sys' 16000
} >"$tmp/long/a.inf"
run wimprep drivers index --no-cache "$tmp/long"
sed -i 1d "$tmp/out"
sed -i 's/a.inf:[0-9]*:/a.inf:N:/' "$tmp/err"
is 1 '' "wimprep: $tmp/long/a.inf:N: names files too often"

end
