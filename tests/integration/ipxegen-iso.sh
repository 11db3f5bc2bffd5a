#!/bin/sh
# ipxegen iso: what is on a medium, for one machine, for any, and one for each row of a CSV
# file or of the queue; that both kinds of firmware would start it shows another reader.
# Rows: S4-01 S4-02 S4-15 S4-16 S4-18 S4-19 X-14
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
TMPDIR=$tmp/shop
export PXEKIT_TEMPLATES TMPDIR
mkdir "$TMPDIR"
PATH=$PATH:/usr/sbin:/sbin
site
{
	echo 'url = "http://10.77.0.2:8080"'
	echo "tftp = \"$tmp/tftp\""
	cat "$tmp/pxekit.conf"
} >"$tmp/conf" && mv "$tmp/conf" "$tmp/pxekit.conf"
try="Try 'ipxegen iso --help' for more information."

# Debian's own runs no script, a newer one does: what tells is its text.
mkdir "$tmp/tftp" "$tmp/new"
cp /usr/lib/ipxe/ipxe.lkrn "$tmp/new/"
{
	cat /usr/lib/ipxe/ipxe.efi
	echo file:autoexec.ipxe
} >"$tmp/new/ipxe.efi"

one='--mac 52:54:00:00:00:01 --address 10.77.1.1/23 --gateway 10.77.0.1'
iso() { # options...
	run ipxegen iso --ipxe "$tmp/new" "$@"
}
script_of() { # medium: by a reader of ISO 9660
	isoinfo -i "$1" -R -x /autoexec.ipxe | sed '/^$/d'
}
uefi_script_of() { # medium: out of the FAT of its second partition
	offset=$(sfdisk -J "$1" | jq '.partitiontable | .partitions[1].start * .sectorsize')
	mtype -i "$1@@$offset" ::/autoexec.ipxe | sed '/^$/d'
}
media_in() { # folder
	find "$1" -type f -printf '%f\n' | sort | tr '\n' ' '
}
plain() { # file
	sed '/^$/d' "$1"
}
# lines FILE: what a script sets, in one line
sets() {
	sed -n "s/^set \(pxekit-[a-z-]* [^\$]*\)\$/\1/p" "$1" | grep -E "^pxekit-($2) " | tr '\n' ' '
}

# ---- wrong use ----
wants="ipxegen: iso: wants one of --generic, --mac, --job, --csv
$try"
run ipxegen iso
is 2 '' "$wants"
run ipxegen iso --generic --mac 52:54:00:00:00:01
is 2 '' "$wants"
run ipxegen iso --generic --address 10.0.0.1/24
is 2 '' "ipxegen: iso: --address is one machine's: it wants --mac
$try"
run ipxegen iso --mac 52:54:00:00:00:01 --gateway 10.0.0.1
is 2 '' "ipxegen: iso: --gateway wants --address
$try"
run ipxegen iso --mac nonsense
is 2 '' "ipxegen: iso: --mac nonsense: is not a MAC (aa:bb:cc:dd:ee:ff, aa-bb-.., aabb.ccdd.eeff or 12 hex digits)
$try"
run ipxegen iso --mac 52:54:00:00:00:01 --address 10.0.0.999/24
same 'an address that is none' "2 ipxegen: iso: --address 10.0.0.999/24: " \
	"$code $(head -n 1 "$tmp/err" | grep -o '^.*/24: ')"
run ipxegen iso --generic --firmware arm
is 2 '' "ipxegen: iso: --firmware wants both, bios or uefi
$try"
run ipxegen iso --generic --base ftp://10.0.0.1
is 2 '' "ipxegen: iso: --base ftp://10.0.0.1: is not a URL of http:// or https://
$try"
run ipxegen iso --csv hosts.csv
is 2 '' "ipxegen: iso: --csv wants --output, the folder for what it makes
$try"
run ipxegen iso --generic --ipxe "$tmp/nowhere"
is 2 '' "ipxegen: iso: $tmp/nowhere/ipxe.lkrn: No such file or directory (of Debian's package ipxe)"
iso --mac 52:54:00:00:00:01 --address fd00::1/64
is 2 '' 'ipxegen: iso: address fd00::1/64: is IPv6, and a medium knows IPv4 only'
iso --job 7 -o "$tmp/job.iso"
same 'a job that there is not' 3 "$code"

# ---- what an old ipxe.efi cannot ----
# shellcheck disable=SC2086 # options
run ipxegen iso $one -o "$tmp/old.iso"
same 'a static address under UEFI wants one that runs scripts' '2 1 1' \
	"$code $(grep -c 'runs no script of a medium.*--firmware bios' "$tmp/err") $(test -e "$tmp/old.iso"; echo $?)"
# shellcheck disable=SC2086 # options
run ipxegen iso $one --firmware bios -o "$tmp/old.iso"
is 0 '' ''
run ipxegen iso --generic -o "$tmp/old.iso"
is 0 '' 'ipxegen: iso: note: /usr/lib/ipxe/ipxe.efi runs no script of a medium: under UEFI it asks DHCP, and goes where that or pxeproxy says'
cp "$tmp/new/ipxe.efi" "$tmp/tftp/"
run ipxegen iso --generic -o "$tmp/tftp.iso"
is 0 '' ''

# ---- one machine ----
# shellcheck disable=SC2086 # options
iso $one --dns 10.77.0.53 --dns fd00::53 --dns 10.77.0.54 --dry-run
cp "$tmp/out" "$tmp/script"
same 'the address, taken to pieces' \
	'pxekit-address 10.77.1.1/23 pxekit-ip 10.77.1.1 pxekit-netmask 255.255.254.0 pxekit-gateway 10.77.0.1 pxekit-server 10.77.0.53 pxekit-server 10.77.0.54 ' \
	"$(sets "$tmp/script" 'address|ip|netmask|gateway|server')"
same 'the card by its MAC' 'pxekit-mac 52:54:00:00:00:01 pxekit-mac 52:54:00:00:00:01 ' \
	"$(sets "$tmp/script" mac)"
same 'and DHCP is not asked' 0 "$(grep -c '^dhcp' "$tmp/script")"
# shellcheck disable=SC2086 # options
iso $one --dns 10.77.0.53 --dns fd00::53 --dns 10.77.0.54 -o "$tmp/one.iso"
is 0 '' ''
same 'less than 5 MB' yes "$([ "$(stat -c %s "$tmp/one.iso")" -lt 5000000 ] && echo yes)"
script_of "$tmp/one.iso" >"$tmp/bios"
uefi_script_of "$tmp/one.iso" >"$tmp/uefi"
plain "$tmp/script" >"$tmp/wanted"
run cmp "$tmp/bios" "$tmp/wanted"
is 0 '' ''
run cmp "$tmp/uefi" "$tmp/wanted"
is 0 '' ''
boots() { # medium
	xorriso -indev "$1" -report_el_torito plain 2>"$tmp/err" |
		sed -n 's/^El Torito boot img : *[0-9]* *\([A-Z]*\) *\([yn]\).*/\1 \2/p' | tr '\n' ' '
}
same 'BIOS and UEFI may start it' 'BIOS y UEFI y ' "$(boots "$tmp/one.iso")"
same 'a stick has the code of a BIOS' 55aa "$(od -An -tx1 -j 510 -N 2 "$tmp/one.iso" | tr -d ' ')"
same 'and the partition that UEFI wants' C12A7328-F81F-11D2-BA4B-00A0C93EC93B \
	"$(sfdisk -J "$tmp/one.iso" | jq -r '.partitiontable.partitions[1].type')"
offset=$(sfdisk -J "$tmp/one.iso" | jq '.partitiontable | .partitions[1].start * .sectorsize')
mcopy -i "$tmp/one.iso@@$offset" ::/EFI/BOOT/BOOTX64.EFI "$tmp/loader.efi"
run cmp "$tmp/loader.efi" "$tmp/new/ipxe.efi"
is 0 '' ''
for firmware in bios uefi; do
	# shellcheck disable=SC2086 # options
	iso $one --firmware $firmware -o "$tmp/$firmware.iso"
	is 0 '' ''
done
same 'by BIOS alone' 'BIOS y ' "$(boots "$tmp/bios.iso")"
same 'by UEFI alone' 'UEFI y ' "$(boots "$tmp/uefi.iso")"

# Later, elsewhere, by another hand: the same octets.
mkdir "$tmp/elsewhere"
# shellcheck disable=SC2086 # options
run env TZ=Asia/Tokyo TMPDIR="$tmp/elsewhere" sh -c "umask 077; sleep 2; ipxegen iso --ipxe '$tmp/new' $one --dns 10.77.0.53 --dns 10.77.0.54 -o '$tmp/again.iso'"
is 0 '' ''
run cmp "$tmp/one.iso" "$tmp/again.iso"
is 0 '' ''
same 'and nothing is left behind' '' "$(find "$TMPDIR" "$tmp/elsewhere" -name 'ipxegen*')"

# ---- any machine ----
iso --generic --dry-run --base http://boot.example
same 'asks DHCP by each card' 1 "$(grep -c "^dhcp \${pxekit-card}" "$tmp/out")"
same 'at that address' 'pxekit-base http://boot.example ' "$(sets "$tmp/out" base)"
same 'for no MAC' '' "$(sets "$tmp/out" mac)"

# ---- many ----
iso --csv "$srcdir/examples/hosts.csv" -o "$tmp/many"
is 0 '4 written, 0 refused' ''
same 'each by its name' 'db01.iso kiosk.iso web01.iso web02.iso ' "$(media_in "$tmp/many")"
script_of "$tmp/many/db01.iso" >"$tmp/script"
same 'with all its cards' \
	'pxekit-mac 52:54:00:12:34:58 pxekit-mac 52:54:00:12:34:59 pxekit-mac 52:54:00:12:34:58 pxekit-mac 52:54:00:12:34:59 ' \
	"$(sets "$tmp/script" mac)"
script_of "$tmp/many/web02.iso" >"$tmp/script"
same 'and all name servers' 'pxekit-server 192.0.2.53 pxekit-server 198.51.100.53 ' \
	"$(sets "$tmp/script" server)"
script_of "$tmp/many/kiosk.iso" >"$tmp/script"
same 'by DHCP where there is no address' 1 "$(grep -c '^dhcp' "$tmp/script")"
iso --mac 52:54:00:12:34:56 --address 192.0.2.11/24 --gateway 192.0.2.1 --dns 192.0.2.53 \
	-o "$tmp/single.iso"
run cmp "$tmp/single.iso" "$tmp/many/web01.iso"
is 0 '' ''

# Bad rows are told, the others are made.
{
	printf 'mac,hostname,address,gateway\n'
	printf '52:54:00:00:01:01,good,10.0.0.1/24,\n'
	printf '52:54:00:00:01:02,../../up,10.0.0.2/24,\n'
	printf '52:54:00:00:01:03,a/b,10.0.0.3/24,\n'
	printf '52:54:00:00:01:04,bell\007,10.0.0.4/24,\n'
	printf '52:54:00:00:01:05,GOOD,10.0.0.5/24,\n'
	printf '52:54:00:00:01:01,twin,10.0.0.6/24,\n'
	printf '52:54:00:00:01:07,same,10.0.0.1/24,\n'
	printf ',nocard,10.0.0.8/24,\n'
	printf '52:54:00:00:01:09,short,10.0.0.9/24\n'
	printf '52:54:00:00:01:0a,six,fd00::1/64,\n'
	printf '52:54:00:00:01:0b,"open,10.0.0.9/24,\n'
	printf '52:54:00:00:01:0c",10.0.0.12/24,10.0.0.254,\n'
	printf '52:54:00:00:01:0d,far,10.0.0.13/24,10.0.0.254\n'
} >"$tmp/bad.csv"
iso --csv "$tmp/bad.csv" -o "$tmp/some"
same 'the others are made' '3 2 written, 10 refused far.iso good.iso ' \
	"$code $(cat "$tmp/out") $(media_in "$tmp/some")"
sed "s|^ipxegen: iso: $tmp/bad.csv:||" "$tmp/err" >"$tmp/told"
same 'the lines' '3 4 5 6 7 8 9 10 11 12 ' "$(cut -d: -f1 "$tmp/told" | tr '\n' ' ')"
same 'a path is no name' '1' "$(grep -c '^3: hostname ../../up: ' "$tmp/told")"
same 'a control character is shown as octal' '1' "$(grep -c '^5: hostname bell\\007: ' "$tmp/told")"
same 'a name twice' '6: hostname GOOD: line 2 has it already' "$(grep ^6: "$tmp/told")"
same 'a card twice' '7: mac 52:54:00:00:01:01: line 2 has it already' "$(grep ^7: "$tmp/told")"
same 'an address twice' '8: address 10.0.0.1: line 2 has it already' "$(grep ^8: "$tmp/told")"
same 'no card' '9: has no mac: a medium finds its card by it' "$(grep ^9: "$tmp/told")"
same 'nothing was written elsewhere' '' "$(find "$tmp" -name 'up*' -o -name 'b.iso')"
printf 'mac,adress\n' >"$tmp/typo.csv"
iso --csv "$tmp/typo.csv" -o "$tmp/none"
is 2 '' "ipxegen: iso: $tmp/typo.csv:1: column adress: is no option of a job"
: >"$tmp/empty.csv"
iso --csv "$tmp/empty.csv" -o "$tmp/none"
is 2 '' "ipxegen: iso: $tmp/empty.csv: is empty"
iso --csv "$srcdir/examples/hosts.csv" -o "$tmp/bad.csv"
same 'a folder that is a file' 3 "$code"
iso --csv "$srcdir/examples/hosts.csv" -n
same 'a dry run' '0 write ./web01.iso dry run: 4 written, 0 refused' \
	"$code $(sed -n '1p;$p' "$tmp/out" | tr '\n' ' ' | sed 's/ $//')"

# ---- the queue ----
run jobctl add --mac 52:54:00:00:02:01 --image debian12 --hostname q1 --address 10.77.0.21/24 \
	--gateway 10.77.0.1 --network lab
run jobctl add --mac 52:54:00:00:02:02 --image debian12 --hostname q2 --network lab
jobctl export --format csv >"$tmp/queue.csv"
run sh -c "jobctl export --format csv | ipxegen iso --ipxe '$tmp/new' --csv - -o '$tmp/queue'"
is 0 '2 written, 0 refused' ''
same 'the queue goes in by its names' 'q1.iso q2.iso ' "$(media_in "$tmp/queue")"
iso --job 1 -o "$tmp/job.iso"
is 0 '' ''
run cmp "$tmp/job.iso" "$tmp/queue/q1.iso"
is 0 '' ''

# ---- what goes wrong on the way ----
no_tool() { # name
	mkdir "$tmp/no-$1"
	for tool in mformat mmd mcopy xorriso; do
		[ $tool = "$1" ] || ln -s "$(command -v $tool)" "$tmp/no-$1/$tool"
	done
	run env PATH="$tmp/no-$1" "$builddir/ipxegen" iso --ipxe "$tmp/new" --generic -o "$tmp/never.iso"
}
no_tool xorriso
is 3 '' "ipxegen: iso: xorriso: No such file or directory (of Debian's package xorriso)"
no_tool mformat
is 3 '' "ipxegen: iso: mformat: No such file or directory (of Debian's package mtools)"
mkdir "$tmp/failing"
printf '#!/bin/sh\necho first >&2\nprintf "the disk is \\033[1mfull\\n" >&2\nexit 1\n' >"$tmp/failing/xorriso"
chmod +x "$tmp/failing/xorriso"
run env PATH="$tmp/failing:$PATH" ipxegen iso --ipxe "$tmp/new" --generic -o "$tmp/never.iso"
is 3 '' 'ipxegen: iso: xorriso: the disk is \033[1mfull'
iso --generic -o "$tmp/nowhere/never.iso"
is 3 '' "ipxegen: iso: $tmp/nowhere/never.iso: No such file or directory"

# A signal ends what runs, and takes what was begun along; the old medium stays.
# shellcheck disable=SC2016 # for that shell
printf '#!/bin/sh\necho $$ >"%s/started.new"\nmv "%s/started.new" "%s/started"\nexec sleep 600\n' "$tmp" "$tmp" "$tmp" \
	>"$tmp/failing/xorriso"
echo old >"$tmp/kept.iso"
PATH=$tmp/failing:$PATH ipxegen iso --ipxe "$tmp/new" --generic -o "$tmp/kept.iso" &
pid=$!
until [ -e "$tmp/started" ]; do
	kill -0 $pid || break
done
kill -TERM $pid
wait $pid
same 'SIGTERM ends it' 143 $?
kill -0 "$(cat "$tmp/started")" 2>/dev/null
same 'its child' 1 $?
same 'and nothing is left behind' '' "$(find "$TMPDIR" -name 'ipxegen*')"
same 'but what was there' old "$(cat "$tmp/kept.iso")"

# ---- the template is the administrator's to change ----
mkdir "$tmp/mine"
echo "templates = \"$tmp/mine\"" >>"$tmp/pxekit.conf"
{
	echo '#!ipxe'
	yes 'echo too much' | head -n 1000
} >"$tmp/mine/medium.ipxe"
iso --generic -o "$tmp/never.iso"
is 3 '' 'ipxegen: iso: medium.ipxe: comes to 14007 octets, and a medium has room for 8192'
printf '#!ipxe\nset pw {{password-hash}}\n' >"$tmp/mine/medium.ipxe"
# shellcheck disable=SC2016 # a hash
echo '$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.' >"$tmp/hash"
run jobctl add --mac 52:54:00:00:02:03 --image debian12 --user u --network lab \
	--password-hash-file "$tmp/hash"
iso --job 3 -o "$tmp/never.iso"
is 2 '' 'ipxegen: iso: medium.ipxe: has a secret in it, which a medium must not have'
same 'nothing was made of these' 1 "$(test -e "$tmp/never.iso"; echo $?)"
end
