#!/bin/sh
# Every manual page is good mdoc, and says every long option that its program's --help says.
# Rows: S0-05 S4-20
set -u
. "${srcdir:-.}/tests/sh.inc"

for page in "$srcdir"/man/*.[1-8]; do
	run mandoc -Tlint -Wwarning "$page"
	is 0 '' ''
done

# Prints the options of its --help that the page does not name.
undocumented() { # page command...
	page=$1
	shift
	mandoc -Tascii "$page" | sed "s/.$(printf '\b')//g" >"$tmp/page"
	"$@" --help | grep -oE -- '^ +(-[A-Za-z], )?--[a-z][a-z-]*' | grep -oE -- '--.*' | sort -u |
		while read -r option; do
			grep -qE -- "$option([^a-z-]|\$)" "$tmp/page" || echo "$option"
		done
}

for tool in bootweb imgctl ipxegen jobctl pxeproxy tftpd-lite wimprep; do
	run ls "$srcdir"/man/"$tool".[18]
	: >"$tmp/out"
	is 0 '' ''
	run undocumented "$srcdir"/man/"$tool".[18] "$tool"
	is 0 '' ''
done
for script in fetch-ipxe mkdeployenv mkrootfs samba-share; do
	run undocumented "$srcdir/man/$script.1" "$srcdir/scripts/$script"
	is 0 '' ''
done
for tool in imgctl ipxegen jobctl wimprep; do
	for verb in $($tool --help | sed -n '/^Verbs:/,/^$/p' | awk 'NF > 1 { print $1 }'); do
		run undocumented "$srcdir/man/$tool.1" "$tool" "$verb"
		is 0 '' ''
	done
done

# Each platform has its recipe and its row; Hyper-V's network cards and loader are named.
for name in $(sed -n '/^const struct platform platforms/,/^};/s/^\t{ "\([a-z0-9-]*\)",.*/\1/p' "$srcdir/lib/core/platform.c"); do
	run grep -lwe "$name" "$srcdir/man/pxekit-windows.7" "$srcdir/man/pxekit.conf.5"
	is 0 "$srcdir/man/pxekit-windows.7
$srcdir/man/pxekit.conf.5" ''
done
run sh -c "sed -n '/^.Ss Hyper-V/,/^.Ss VMware/p' '$srcdir/man/pxekit-windows.7' | grep -oE 'SNP|snponly.efi|legacy network adapter|-Generation 2' | sort -u"
is 0 '-Generation 2
SNP
legacy network adapter
snponly.efi' ''

end
