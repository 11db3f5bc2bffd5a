#!/bin/sh
# The texts of real driver packages: what each needs, for whom it is, and that a build takes
# all of it.  They are their publisher's and lie beside the tree, not in it; where they do
# not, texts of our own with the same names are read.
# Rows: N-03 S0-14
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/wimprep.inc"
site
infs=$srcdir/../shared/data/inf lists=$srcdir/tests/integration/inf-files.tsv
if [ ! -e "$infs" ]; then
	infs=$tmp/own lists=$tmp/own.tsv
	driver "$infs" vioscsi SCSIAdapter 1048
	driver "$infs" viostor SCSIAdapter 1042
	driver "$infs" netkvm Net 1041
	printf '%s\t%s\t%s.cat\t%s.sys\t%s\n' vioscsi SCSIAdapter vioscsi vioscsi 1048 \
		viostor SCSIAdapter viostor viostor 1042 netkvm Net netkvm netkvm 1041 >"$lists"
fi

# Each package as it would lie on the disc: its INF, and the files of the list.
tab=$(printf '\t')
package() { # INF CATALOGUE FILES
	mkdir -p "$tmp/disc/$1/2k25/amd64"
	cp "$infs/$1.inf" "$tmp/disc/$1/2k25/amd64/"
	for file in "$2" $(echo "$3" | tr , ' '); do
		echo "$1's $file" >"$tmp/disc/$1/2k25/amd64/$file"
	done
}
grep -v '^#' "$lists" >"$tmp/rows"
while IFS=$tab read -r inf class catalogue files ids; do
	package "$inf" "$catalogue" "$files"
done <"$tmp/rows"
n_infs=$(find "$infs" -name '*.inf' | wc -l)
run wc -l "$tmp/rows"
is 0 "$n_infs $tmp/rows" ''

while IFS=$tab read -r inf class catalogue files ids; do
	wimprep drivers show --json --os=2k25 --arch=amd64 "$tmp/disc" "$inf" >"$tmp/show"
	run jq -r '.[] | .class, .whole, (.files | map(select(.kind == "catalogue").path) | join(",")),
		(.files | map(select(.kind == "file").path) | join(",")),
		(.devices | map(.ids[]) | map(sub("^PCI.VEN_1AF4&DEV_"; "")) | join(" "))' "$tmp/show"
	what="$inf: is whole"
	is 0 "$class
true
$catalogue
$files
$ids" ''
	for file in "$catalogue" $(echo "$files" | tr , ' '); do
		mv "$tmp/disc/$inf/2k25/amd64/$file" "$tmp/away"
		wimprep drivers show --json "$tmp/disc" "$inf" >"$tmp/show"
		run jq -r '.[] | .whole, (.files[] | select(.size == null).path)' "$tmp/show"
		what="$inf: $file is missed"
		is 0 "false
$file" ''
		mv "$tmp/away" "$tmp/disc/$inf/2k25/amd64/$file"
	done
done <"$tmp/rows"

media "$tmp/boot.wim"
program "$tmp/curl.exe"
run wimprep build -d "$tmp/disc" --platform=kvm -o "$tmp/new.wim" --index=2 --curl="$tmp/curl.exe" "$tmp/boot.wim"
what='a build takes the three of kvm'
said=$(cat "$tmp/out")
echo "${said##*drivers: }" >"$tmp/out"
is 0 'vioscsi, viostor, netkvm' ''
names "$tmp/new.wim" 2 | sed -n 's,^/pxekit/drivers/,,p' | grep '\.' | sort >"$tmp/in"
run sed 's,.*/,,' "$tmp/in"
is 0 "$(
	echo list.txt
	grep -E '^(vioscsi|viostor|netkvm)' "$tmp/rows" | while IFS=$tab read -r inf class catalogue files ids; do
		# shellcheck disable=SC2046 # a list
		printf '%s\n' "$inf.inf" "$catalogue" $(echo "$files" | tr , ' ')
	done | sort
)" ''
content "$tmp/new.wim" 2 "/pxekit/drivers/$(grep 'netkvm.inf$' "$tmp/in")" >"$tmp/netkvm.inf"
run cmp "$infs/netkvm.inf" "$tmp/netkvm.inf"
is 0 '' ''

end
