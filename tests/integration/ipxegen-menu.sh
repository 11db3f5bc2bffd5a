#!/bin/sh
# The menus of iPXE, GRUB and PXELINUX: an entry of each kind, for BIOS and UEFI; what is
# current now; what is not there is left out.
# Rows: S3-05 S3-06 S3-13
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES
site

# made NAME VERSION KIND FILE...
made() {
	folder=$tmp/images/$1/$2
	mkdir -p "$folder"
	printf '# pxekit-image: 1\n# name: %s\n# version: %s\n# kind: %s\n' "$1" "$2" "$3" >"$tmp/MANIFEST"
	name=$1 version=$2
	shift 3
	for file; do
		mkdir -p "$(dirname "$folder/$file")"
		echo "$name $version $file" >"$folder/$file"
		(cd "$folder" && sha256sum "$file") >>"$tmp/MANIFEST"
	done
	mv "$tmp/MANIFEST" "$folder/MANIFEST"
	ln -sfn "$version" "$tmp/images/$name/current"
}
made live 1 linux vmlinuz initrd.img
made bare 1 linux vmlinuz
made winpe 1 wim sources/boot.wim
made memtest 1 efi boot.efi vmlinuz
made tool 1 efi boot.efi
made disc 1 iso image.iso
{
	echo 'url = "http://10.77.0.2:8080"'
	cat "$tmp/pxekit.conf"
	cat <<-'END'
		menu live { title = "A live system" image = live arguments = "quiet splash" }
		menu bare { image = bare@1 }
		menu winpe { image = winpe }
		menu memtest { image = memtest }
		menu tool { image = tool }
		menu disc { title = "The disc" image = disc firmware = bios }
		menu local { title = "Named like an item of ours" image = disc firmware = uefi }
		menu xyz { url = "http://boot.example/menu.ipxe" }
	END
} >"$tmp/conf" && mv "$tmp/conf" "$tmp/pxekit.conf"
run ipxegen --check
is 0 '' ''
run jobctl add --mac 52:54:00:00:00:01 --image debian12 --network lab
run jobctl cancel 1
menu() {
	run ipxegen --mac 52:54:00:00:00:01
	cp "$tmp/out" "$tmp/menu.ipxe"
}
menu

# A little of iPXE: enough to run the menu with one choice.  Prints what is shown, and what
# is loaded and started.
cat >"$tmp/ipxe.awk" <<'AWK'
function expand(word,   at, name, out) {
	out = ""
	while ((at = index(word, "${")) > 0) {
		out = out substr(word, 1, at - 1)
		word = substr(word, at + 2)
		at = index(word, "}")
		name = substr(word, 1, at - 1)
		word = substr(word, at + 1)
		if (name ~ /:uristring$/) {
			sub(/:uristring$/, "", name)
			name = set[name]
			gsub(/ /, "%20", name)
			out = out name
		} else
			out = out (name == "netX/mac:hexhyp" ? "52-54-00-00-00-01" : set[name])
	}
	return out word
}
function command(text,   n, word, i, all) { # whether it went well
	n = split(text, word, /[ \t]+/)
	all = ""
	for (i = 1; i <= n; i++) {
		word[i] = expand(word[i])
		all = all (i > 1 ? " " : "") word[i]
	}
	if (word[1] == "set" && word[2] ~ /:hex$/)
		return hexed(word[2], word[3])
	if (word[1] == "set")
		return (set[word[2]] = substr(all, length(word[1] word[2]) + 3)) == "" || 1
	if (word[1] == "clear") {
		delete set[word[2]]
		return 1
	}
	if (word[1] == "iseq")
		return word[2] == word[3]
	if (word[1] == "isset")
		return word[2] != ""
	if (word[1] == "choose") {
		set["pxekit-choice"] = choice
		return !chosen++
	}
	if (word[1] == "goto") {
		if (!(word[2] in label))
			return 0
		pc = label[word[2]]
		return 1
	}
	sub(/ +$/, "", all)
	if (word[1] ~ /^(item|kernel|initrd|sanboot|chain|boot|exit)$/)
		print all
	if (word[1] ~ /^(sanboot|chain|boot|exit)$/)
		exit
	return 1
}
function hexed(name, value,   out, i) {
	sub(/:hex$/, "", name)
	gsub(/:/, "", value)
	out = ""
	for (i = 1; i < length(value); i += 2)
		out = out sprintf("%c", 16 * (index("0123456789abcdef", substr(value, i, 1)) - 1) \
			+ index("0123456789abcdef", substr(value, i + 1, 1)) - 1)
	set[name] = out
	return 1
}
{ line[NR] = $0 }
/^:/ { label[substr($0, 2)] = NR }
END {
	set["platform"] = platform
	for (pc = 1; pc <= NR && steps++ < 10000; pc++) {
		text = line[pc]
		sub(/^[ \t]+/, "", text)
		if (text == "" || text ~ /^[:#]/)
			continue
		n = split(text, part, / (\|\||&&) ?/)
		gsub(/[^|&]+/, " ", text)
		split(text, operator, " ")
		good = command(part[1])
		for (i = 2; i <= n; i++)
			if (operator[i - 1] == "||" && !good)
				good = part[i] == "" ? 1 : command(part[i])
			else if (operator[i - 1] == "&&" && good)
				good = command(part[i])
		if (!good) {
			print "failed: " line[pc]
			exit
		}
	}
}
AWK
choose() { # PLATFORM CHOICE
	what="$1: $2"
	awk -v platform="$1" -v choice="$2" -f "$tmp/ipxe.awk" "$tmp/menu.ipxe" >"$tmp/played" 2>"$tmp/err"
	code=$?
	grep -v '^item' "$tmp/played" >"$tmp/out"
}

# ---- what is offered ----
choose pcbios local
is 0 'sanboot --no-describe --drive 0x80' ''
same 'BIOS: what it can start' 'local
entry-live A live system
entry-bare bare
entry-winpe winpe
entry-memtest memtest
entry-disc The disc
entry-xyz xyz' "$(sed -n 's/^item //p' "$tmp/played" | grep -v '^again\|^shell' | sed 's/^local .*/local/')"
choose efi local
is 0 'exit 1' ''
same 'UEFI: what it can start' 'local
entry-live A live system
entry-bare bare
entry-winpe winpe
entry-memtest memtest
entry-tool tool
entry-local Named like an item of ours
entry-xyz xyz' "$(sed -n 's/^item //p' "$tmp/played" | grep -v '^again\|^shell' | sed 's/^local .*/local/')"

# ---- how each kind is started ----
base=http://10.77.0.2:8080
for platform in pcbios efi; do
	choose $platform entry-live
	is 0 "kernel --name vmlinuz --timeout 60000 $base/images/live/1/vmlinuz initrd=initrd BOOTIF=01-52-54-00-00-00-01  quiet splash console=ttyS0
initrd --name initrd --timeout 60000 $base/images/live/1/initrd.img
boot" ''
	choose $platform entry-bare
	is 0 "kernel --name vmlinuz --timeout 60000 $base/images/bare/1/vmlinuz BOOTIF=01-52-54-00-00-00-01   console=ttyS0
boot" ''
	choose $platform entry-winpe
	is 0 "kernel --name wimboot --timeout 60000 $base/loader/wimboot wimboot
initrd --name boot.wim --timeout 60000 $base/images/winpe/1/sources/boot.wim boot.wim
boot" ''
	choose $platform entry-xyz
	is 0 'chain --autofree --replace --timeout 20000 http://boot.example/menu.ipxe' ''
done
choose pcbios entry-memtest
is 0 "kernel --name program --timeout 60000 $base/images/memtest/1/vmlinuz  console=ttyS0
boot" ''
choose efi entry-memtest
is 0 "kernel --name program --timeout 60000 $base/images/memtest/1/boot.efi  console=ttyS0
boot" ''
choose pcbios entry-disc
is 0 "sanboot --no-describe --drive 0x80 $base/images/disc/1/image.iso" ''
choose efi entry-local
is 0 "sanboot --no-describe --drive 0x80 $base/images/disc/1/image.iso" ''

# ---- GRUB and PXELINUX ----
run ipxegen --mac 52:54:00:00:00:01 grub.cfg
cp "$tmp/out" "$tmp/grub.cfg"
run grub-script-check "$tmp/grub.cfg"
is 0 '' ''
# Its menu as a shell runs it, for one platform.
grub() { # PLATFORM
	{
		# shellcheck disable=SC2016 # the shell that reads it
		printf '%s\n' "grub_platform=$1" 'insmod() { :; }' \
			'linux() { printf "  linux"; printf " %s" "$@"; echo; }' \
			'initrd() { echo "  initrd $*"; }' 'chainloader() { echo "  chainloader $*"; }'
		sed -n '/--id .entry-/,/^\t}$/p; /^if \[ "\$grub_platform" = [a-z]* \]; then$/p; /^fi$/p' "$tmp/grub.cfg" |
			sed "s/^\\tmenuentry \\('.*'\\) --id.*/echo \\1/; /^\\t}\$/d"
	} | sh 2>&1
}
same 'GRUB, BIOS' "A live system
  linux (http,10.77.0.2:8080)/images/live/1/vmlinuz BOOTIF=01-52-54-00-00-00-01 quiet splash console=ttyS0
  initrd (http,10.77.0.2:8080)/images/live/1/initrd.img
bare
  linux (http,10.77.0.2:8080)/images/bare/1/vmlinuz BOOTIF=01-52-54-00-00-00-01 console=ttyS0
memtest
  linux (http,10.77.0.2:8080)/images/memtest/1/vmlinuz BOOTIF=01-52-54-00-00-00-01 console=ttyS0" "$(grub pc)"
same 'GRUB, UEFI' "A live system
  linux (http,10.77.0.2:8080)/images/live/1/vmlinuz BOOTIF=01-52-54-00-00-00-01 quiet splash console=ttyS0
  initrd (http,10.77.0.2:8080)/images/live/1/initrd.img
bare
  linux (http,10.77.0.2:8080)/images/bare/1/vmlinuz BOOTIF=01-52-54-00-00-00-01 console=ttyS0
memtest
  chainloader (http,10.77.0.2:8080)/images/memtest/1/boot.efi
tool
  chainloader (http,10.77.0.2:8080)/images/tool/1/boot.efi" "$(grub efi)"
run ipxegen --mac 52:54:00:00:00:01 pxelinux.cfg
same 'PXELINUX' "LABEL entry-live
	MENU LABEL A live system
	KERNEL $base/images/live/1/vmlinuz
	INITRD $base/images/live/1/initrd.img
	APPEND quiet splash console=ttyS0
	IPAPPEND 2
LABEL entry-bare
	MENU LABEL bare
	KERNEL $base/images/bare/1/vmlinuz
	APPEND  console=ttyS0
	IPAPPEND 2
LABEL entry-memtest
	MENU LABEL memtest
	KERNEL $base/images/memtest/1/vmlinuz
	APPEND  console=ttyS0
	IPAPPEND 2" "$(sed -n '/^LABEL entry/,/IPAPPEND/p' "$tmp/out")"

# ---- what is taken if nobody chooses ----
taken() { # the default of each of the three
	sed -n 's/^set pxekit-default \(entry.*\)/iPXE \1/p' "$tmp/menu.ipxe"
	ipxegen --mac 52:54:00:00:00:01 grub.cfg | sed -n 's/^set default=/GRUB /p'
	ipxegen --mac 52:54:00:00:00:01 pxelinux.cfg | awk '/^LABEL/ { label = $2 }
		/MENU DEFAULT/ { print "PXELINUX", label }'
}
run taken
is 0 "GRUB 'local'
PXELINUX local" ''
sed -i 's/menu bare {/& default = yes/' "$tmp/pxekit.conf"
menu
run taken
is 0 "iPXE entry-bare
GRUB 'entry-bare'
PXELINUX entry-bare" ''

# ---- what is for some machines only is in no menu of nobody in particular ----
printf 'machine none { mac = { "00:00" } }\nmenu live2 { image = live machines = { none } }\n' \
	>>"$tmp/pxekit.conf"
run sh -c "ipxegen grub.cfg | grep -c entry-live"
is 0 2 ''

# ---- a job of the same kind, unlike the menu, says where it may report ----
run jobctl add --mac 52:54:00:00:00:02 --image live --network lab
run ipxegen --mac 52:54:00:00:00:02
cp "$tmp/out" "$tmp/menu.ipxe"
url=$(sed -n 's/^set pxekit-url //p' "$tmp/out")
choose efi -
sed -n 's/^kernel [^/]*//p' "$tmp/played" >"$tmp/cmdline"
line=$(sed -n 's,^curl -fsS "$(\(.*\) /proc/cmdline)/report?state=done"$,\1,p' "$srcdir/man/imgctl.1" | sed 's/\\e/\\/g')
run sh -c "$line \"\$1\"" sh "$tmp/cmdline"
what='the line of imgctl(1) finds the address'
is 0 "$url" ''

# ---- the next boot has what is current now; a version that is named stays ----
made live 2 linux vmlinuz initrd.img
made bare 2 linux vmlinuz
menu
choose efi entry-live
same 'the new version of what is current' "$base/images/live/2/initrd.img" "$(sed -n 's/^initrd .* //p' "$tmp/out")"
choose efi entry-bare
same 'the old one of what is named' 1 "$(grep -c "$base/images/bare/1/vmlinuz" "$tmp/out")"

# ---- what cannot be started is left out, and named ----
rm -r "$tmp/images/tool"
sed -i 's/^menu winpe .*/menu winpe { image = debian12 }/' "$tmp/pxekit.conf"
menu
choose efi local
same 'what is not there is not offered' '0 5' \
	"$(grep -c 'item entry-tool\|item entry-winpe' "$tmp/played") $(grep -c 'item entry' "$tmp/played")"
run ipxegen --check
is 2 '' "ipxegen: menu winpe: image debian12@1.0.0 is installed by a job, not started from a menu
ipxegen: menu tool: $tmp/images has no image tool (see imgctl list)"

# ---- what networks give to machines they never saw ----
sed -i '/^menu /d; s/^network lab {/& default-job = nothing/; s/^network office {/& default-job = "rescue@2"/' "$tmp/pxekit.conf"
run ipxegen --check
is 2 '' "ipxegen: network lab: default-job: --image nothing: $tmp/images has no image nothing (see imgctl list)"
sed -i 's/default-job = nothing/default-job = debian12/' "$tmp/pxekit.conf"
run ipxegen --check
is 0 '' ''
run ls ':memory:'
is 2 '' "ls: cannot access ':memory:': No such file or directory"

end
