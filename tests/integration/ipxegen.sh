#!/bin/sh
# ipxegen: one text, or a folder of them; what a machine gets follows from its plan.
# Rows: S0-10 S0-11 S0-12 S0-38 S3-01 S3-06 S4-07 S2-14
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES
site
{
	echo 'url = "http://10.77.0.2:8080"'
	echo "templates = \"$tmp/mine\""
	cat "$tmp/pxekit.conf"
} >"$tmp/conf" && mv "$tmp/conf" "$tmp/pxekit.conf"

contains() { # WHAT LINE FILE
	grep -qxF -e "$2" "$3"
	same "$1" 0 $?
}
quietly() {
	run "$@"
	: >"$tmp/out"
}

# ---- wrong use ----
try="Try 'ipxegen --help'."
one='ipxegen: wants one of --mac, an artefact, --all, --diff, --list, --check'
run ipxegen
is 2 '' "$one
$try"
run ipxegen --mac 52:54:00:00:00:01 --all -o "$tmp/tree"
is 2 '' "$one
$try"
run ipxegen --all
is 2 '' "ipxegen: --all and --output belong together
$try"
run ipxegen nonsense
is 2 '' "ipxegen: 'nonsense' is no artefact (see --list)"
run ipxegen --network moon boot.ipxe
is 2 '' "ipxegen: 'moon' is no network of pxekit.conf"
run ipxegen --config "$tmp/nonesuch" boot.ipxe
same 'a configuration that is not there' 2 "$code"
for mac in 52:54:00:00:00 52:54:00:00:00:0g ff:ff:ff:ff:ff:ff 01:00:5e:00:00:01 5254000000011 '52:54-00:00:00:01' ''; do
	run ipxegen --mac "$mac"
	same "'$mac' is no MAC" '2 0' "$code $(wc -c <"$tmp/out")"
done
run ipxegen --mac 52:54:00:00:00:01
is 3 '' "ipxegen: $tmp/site.key: No such file or directory"
run ipxegen --check
is 0 '' ''
run ipxegen --list --json
same '--list --json names all' "$(printf "%s\n" "$srcdir"/tools/ipxegen/templates/* | wc -l)" "$(json length)"

# ---- the entry script is the same for all, and asks under every name ----
run ipxegen boot.ipxe
cp "$tmp/out" "$tmp/entry"
# shellcheck disable=SC2016 # iPXE's own
contains 'the entry script chains to the machine'"'"'s' 'chain --autofree --replace --timeout 20000 ${pxekit-base}/boot/${netX/mac:hexhyp}.ipxe?uuid=${uuid}&arch=${buildarch}&platform=${platform}&serial=${serial:uristring}&manufacturer=${manufacturer:uristring}&product=${product:uristring}&asset=${asset:uristring} ||' "$tmp/entry"
contains 'knows our address' 'set pxekit-base http://10.77.0.2:8080' "$tmp/entry"
contains 'and falls to the local disk' 'sanboot --no-describe --drive 0x80 ||' "$tmp/entry"

# ---- the script is the plan's ----
quietly jobctl add --mac 52:54:00:00:00:01 --image debian12 --hostname one --profile base --network lab
quietly jobctl add --mac 52:54:00:00:00:02 --image debian12 --hostname two --profile base --network lab
quietly jobctl add --mac 52:54:00:00:00:03 --image debian12 --hostname three --network office
quietly jobctl cancel 3
run ipxegen --mac 52:54:00:00:00:01
cp "$tmp/out" "$tmp/one"
contains 'a job: install' 'set pxekit-image debian12@1.0.0' "$tmp/one"
contains 'with the console of its platform' 'set pxekit-console console=ttyS0' "$tmp/one"
for mac in 52:54:00:00:00:01 52-54-00-00-00-01 5254.0000.0001 525400000001; do
	run ipxegen --mac "$mac"
	cmp -s "$tmp/out" "$tmp/one"
	same "$mac is the same machine" '0 0' "$code $?"
done
run ipxegen --mac 52:54:00:00:00:03
contains 'no job, policy jobs: local boot' 'set pxekit-why it is known and has nothing to do' "$tmp/out"
run ipxegen --mac 52:54:00:00:00:03 --network lab
contains 'no job, policy known: the menu' 'item local Boot from the local disk' "$tmp/out"
run ipxegen --mac 52:54:00:00:00:09 --network lab
is 1 '' "ipxegen: script: nobody has decided about it, and the network's policy says so"
run ipxegen --mac 52:54:00:00:00:09 --network office
contains 'unknown, network says local: local boot' "set pxekit-why nobody has decided about it, and the network's policy says so" "$tmp/out"
run ipxegen --mac 52:54:00:00:00:03 deploy.conf
is 1 '' 'ipxegen: deploy.conf: deploy.conf is of a job, and there is none'
run ipxegen --mac 52:54:00:00:00:01 linux.ipxe
is 1 '' 'ipxegen: linux.ipxe: linux.ipxe is not for images of kind rootfs'

# ---- two machines, one profile: nothing else differs ----
neutral() {
	sed -e 's/52[:-]54[:-]00[:-]00[:-]00[:-]0./MAC/g' -e 's,/j/[0-9]*-[0-9a-f]*,/j/TOKEN,g' \
		-e "s/HOSTNAME='.*'/HOSTNAME/" -e "s/^PXEKIT_JOB='.'/JOB/" -e 's/^set pxekit-job .$/JOB/' "$1"
}
for what in install.ipxe deploy.conf; do
	ipxegen --mac 52:54:00:00:00:01 $what >"$tmp/a"
	ipxegen --mac 52:54:00:00:00:02 $what >"$tmp/b"
	neutral "$tmp/a" >"$tmp/na"
	neutral "$tmp/b" >"$tmp/nb"
	cmp -s "$tmp/a" "$tmp/b"
	same "$what: each machine has its own" 1 $?
	cmp -s "$tmp/na" "$tmp/nb"
	same "$what: but nothing more" 0 $?
done

# ---- sh reads deploy.conf ----
quietly jobctl add --mac 52:54:00:00:00:04 --image debian12 --hostname four --profile base --network lab \
	--address 10.77.0.9/24 --gateway 10.77.0.1 --dns 10.77.0.1 --dns 10.77.0.2 --user ann \
	--arguments "quiet 'a b'" --ssh-key "ssh-ed25519 AAAA it's \"\$HOME\" \`id\`"
ipxegen --mac 52:54:00:00:00:04 deploy.conf >"$tmp/deploy.conf"
# shellcheck disable=SC1091,SC2016,SC2086
got=$(. "$tmp/deploy.conf" && printf '%s|' "$PXEKIT_HOSTNAME" "$PXEKIT_MAC" "$PXEKIT_ADDRESS" "$PXEKIT_GATEWAY" \
	$PXEKIT_DNS "$PXEKIT_USER" "$PXEKIT_SSH_KEYS" "$PXEKIT_LOCALE" "$PXEKIT_MIN_DISK" "$PXEKIT_IMAGE_URL" "$PXEKIT_CONSOLE")
# shellcheck disable=SC2016
same 'deploy.conf says it all' 'four|52:54:00:00:00:04|10.77.0.9/24|10.77.0.1|10.77.0.1|10.77.0.2|ann|ssh-ed25519 AAAA it'"'"'s "$HOME" `id`
|de_AT.UTF-8|1073741824|http://10.77.0.2:8080/images/debian12/1.0.0/rootfs.tar.gz|console=ttyS0|' "$got"
# shellcheck disable=SC1091
same 'with the checksum of the image' "$(sha256sum <"$tmp/images/debian12/1.0.0/rootfs.tar.gz" | cut -d' ' -f1)" \
	"$(. "$tmp/deploy.conf" && echo "$PXEKIT_IMAGE_SHA256")"

# ---- GRUB and PXELINUX say the same ----
ipxegen --mac 52:54:00:00:00:04 grub.cfg >"$tmp/grub.cfg"
run grub-script-check "$tmp/grub.cfg"
is 0 '' ''
contains 'GRUB installs' "set default='install'" "$tmp/grub.cfg"
grep -qF "linux '(http,10.77.0.2:8080)/deploy/vmlinuz' 'pxekit.url=http://10.77.0.2:8080/j/" "$tmp/grub.cfg"
same 'GRUB loads the environment' 0 $?
ipxegen --mac 52:54:00:00:00:03 grub.cfg >"$tmp/grub.cfg"
run grub-script-check "$tmp/grub.cfg"
is 0 '' ''
contains 'GRUB boots locally without a job' "set default='local'" "$tmp/grub.cfg"
ipxegen --mac 52:54:00:00:00:04 pxelinux.cfg >"$tmp/pxelinux"
contains 'PXELINUX installs' '	KERNEL http://10.77.0.2:8080/deploy/vmlinuz' "$tmp/pxelinux"

# ---- templates of the admin come first, and are told where they err ----
mkdir "$tmp/mine"
printf '#!ipxe\nset s {{site}}\necho mine ${s}\n' >"$tmp/mine/local.ipxe"
run ipxegen local.ipxe
# shellcheck disable=SC2016
is 0 '#!ipxe
set s pxekit
echo mine ${s}' ''
printf '#!ipxe\n\necho {{site}}\n' >"$tmp/mine/local.ipxe"
run ipxegen local.ipxe
is 3 '' "ipxegen: local.ipxe: $tmp/mine/local.ipxe:3: {{site}}: a value must stand in a line: set NAME {{...}}"
run ipxegen --check
is 2 '' "ipxegen: $tmp/mine/local.ipxe:3: {{site}}: a value must stand in a line: set NAME {{...}}"
rm "$tmp/mine/local.ipxe"
printf 'A={{token}}\n' >"$tmp/mine/deploy.conf"
run ipxegen --check
is 2 '' "ipxegen: $tmp/mine/deploy.conf:1: {{token}}: a value must stand inside single quotes"
rm "$tmp/mine/deploy.conf"
mkdir "$tmp/mine/local.ipxe"
run ipxegen local.ipxe
is 3 '' "ipxegen: local.ipxe: $tmp/mine/local.ipxe: Is a directory"
rmdir "$tmp/mine/local.ipxe"

# ---- pxekit-templates(5) documents every name, and no other ----
sed -n '/^.Ss Names/,/^.Ss Languages/s/^\.It Li //p' "$srcdir/man/pxekit-templates.5" | tr -d ' ' |
	tr ',' '\n' | sort >"$tmp/documented"
{
	sed -n 's/.*\(say[a-z_]*\|add\)(c, "\([^"]*\)".*/\2/p' "$srcdir/lib/render/context.c" \
		"$srcdir/lib/render/context_answers.c" "$srcdir/lib/render/context_menu.c"
	sed -n 's/^	{ "\([^"]*\)", \(NULL\|"\).*/\1/p' "$srcdir/lib/core/setting.c"
	sed -n 's/.*say[a-z_]*(a[a-z]*, "\([^"]*\)".*/\1/p' "$srcdir/lib/core/winanswer.c"
} | sort -u >"$tmp/known"
run diff "$tmp/documented" "$tmp/known"
is 0 '' ''
sed 's,.*,{{#&}}{{/&}},' "$tmp/documented" >"$tmp/mine/boot.ipxe"
run ipxegen boot.ipxe
is 0 '' ''
rm "$tmp/mine/boot.ipxe"

# ---- a folder ----
run ipxegen --all -o "$tmp/tree" --dry-run
same 'a dry run says what it would add' '0 19' "$code $(grep -c '^add ' "$tmp/out")"
[ -e "$tmp/tree" ]
same 'and makes nothing' 1 $?
run ipxegen --diff "$tmp/tree"
same '--diff says the same, and no' 1 "$code"
run ipxegen --all -o "$tmp/tree"
is 0 '' ''
run ipxegen --all -o "$tmp/tree2"
is 0 '' ''
run diff -r "$tmp/tree" "$tmp/tree2"
is 0 '' ''
(cd "$tmp/tree" && find . -type f | sed 's,/j/[^/]*/,/j/TOKEN/,' | sort | uniq -c | sed 's/^ *//') >"$tmp/out"
is 0 "1 ./.ipxegen
1 ./.ipxegen.lock
1 ./boot.ipxe
1 ./boot/52-54-00-00-00-01.ipxe
1 ./boot/52-54-00-00-00-02.ipxe
1 ./boot/52-54-00-00-00-03.ipxe
1 ./boot/52-54-00-00-00-04.ipxe
1 ./grub/grub.cfg
1 ./grub/grub.cfg-01-52-54-00-00-00-01
1 ./grub/grub.cfg-01-52-54-00-00-00-02
1 ./grub/grub.cfg-01-52-54-00-00-00-04
3 ./j/TOKEN/deploy.conf
3 ./j/TOKEN/install.ipxe
1 ./pxelinux.cfg/01-52-54-00-00-00-01
1 ./pxelinux.cfg/01-52-54-00-00-00-02
1 ./pxelinux.cfg/01-52-54-00-00-00-04
1 ./pxelinux.cfg/default" ''
cmp -s "$tmp/tree/boot/52-54-00-00-00-01.ipxe" "$tmp/one"
same 'the folder holds what --mac prints' 0 $?
same 'tokens cannot be listed' '711 600' "$(cd "$tmp/tree" && stat -c %a j .ipxegen | paste -sd ' ')"
run sh -c "cd '$tmp/tree' && sha256sum --strict --quiet -c .ipxegen && wc -l <.ipxegen"
is 0 19 ''
run ipxegen --diff "$tmp/tree"
is 0 '' ''
inodes() {
	find "$tmp/tree" -type f ! -name '.ipxegen*' -exec stat -c '%i %n' {} + | sort
}
before=$(inodes)
run ipxegen --all -o "$tmp/tree"
is 0 '' ''
same 'nothing changed, nothing is written' "$before" "$(inodes)"
token=$(sed -n 's,^set pxekit-url .*/j/,,p' "$tmp/one")
[ -f "$tmp/tree/j/$token/deploy.conf" ]
same 'the script leads to its files' 0 $?
quietly jobctl cancel 1
run ipxegen --diff "$tmp/tree"
is 1 "replace boot/52-54-00-00-00-01.ipxe
remove grub/grub.cfg-01-52-54-00-00-00-01
remove j/$token/deploy.conf
remove j/$token/install.ipxe
remove pxelinux.cfg/01-52-54-00-00-00-01" ''
echo 'somebody else' >"$tmp/tree/j/README"
run ipxegen --all -o "$tmp/tree"
is 0 '' ''
[ -e "$tmp/tree/j/$token" ]
same 'what is stale goes away with its folder' 1 $?
same 'what is not ours stays' 'somebody else' "$(cat "$tmp/tree/j/README")"
same 'all else stays as it was' 14 "$(inodes | grep -cxF "$before")"
echo "$before" >"$tmp/before"
changed=$(inodes | grep -vxF -f "$tmp/before" | sed 's,^[0-9]* .*/,,' | sort | tr '\n' ' ')
same 'only the changed files are new' '52-54-00-00-00-01.ipxe README ' "$changed"

# ---- files that are not ours ----
mkdir "$tmp/www"
echo 'my own' >"$tmp/www/boot.ipxe"
run ipxegen --all -o "$tmp/www"
is 3 '' "ipxegen: $tmp/www/boot.ipxe: is not of our making; nothing was written"
same 'a foreign file stays' 'my own' "$(cat "$tmp/www/boot.ipxe")"
printf '%064d  %s\n' 0 ../jobs.db 0 /etc/passwd 0 x/../../jobs.db >"$tmp/tree/.ipxegen.more"
cat "$tmp/tree/.ipxegen.more" >>"$tmp/tree/.ipxegen"
run ipxegen --all -o "$tmp/tree"
is 0 '' ''
[ -e "$tmp/jobs.db" ]
same 'nothing outside is ever removed' 0 $?

# ---- two at once ----
run flock "$tmp/tree/.ipxegen.lock" ipxegen --all -o "$tmp/tree"
is 75 '' "ipxegen: $tmp/tree: Resource temporarily unavailable"

# ---- one image is broken: the rest is published, and it is said ----
echo nonsense >>"$tmp/images/debian12/1.0.0/MANIFEST"
run ipxegen --all -o "$tmp/tree"
same 'a broken image is a failure' 3 "$code"
[ -e "$tmp/tree/boot/52-54-00-00-00-02.ipxe" ]
same 'its machines have no script' 1 $?
[ -e "$tmp/tree/boot/52-54-00-00-00-03.ipxe" ]
same 'the others have' 0 $?

# ---- the database may be read-only, and busy writers do not matter ----
run ipxegen --mac 52:54:00:00:00:03
same 'still read' 0 "$code"
run ipxegen --config /dev/null --mac 52:54:00:00:00:03
same 'without any configuration it says what is missing' 3 "$code"

# ---- each kind of image has a script, with its lines for BIOS and UEFI ----
kind() { # NAME KIND FILE...
	kind_dir=$tmp/images/$1/1
	mkdir -p "$kind_dir"
	printf '# pxekit-image: 1\n# name: %s\n# version: 1\n# kind: %s\n# arch: x86_64\n' "$1" "$2" >"$kind_dir/MANIFEST"
	ln -s 1 "$tmp/images/$1/current"
	shift 2
	for kind_file; do
		echo "octets of $kind_file" >"$kind_dir/$kind_file"
		(cd "$kind_dir" && sha256sum "$kind_file") >>"$kind_dir/MANIFEST"
	done
}
# kernel(s), initrds, discs and reports of $tmp/out, and the lines between them that decide.
lines() {
	sed -n '/^:again/,$p' "$tmp/out" | grep -E '^(kernel|initrd|san(hook|boot)|boot|goto start|goto local|iseq .{platform}|imgfetch|:efi)' |
		sed -e 's, --timeout [0-9]*,,' -e 's,{pxekit-,{,g'
}
kind memtest efi boot.efi vmlinuz
kind shell efi boot.efi
kind disc iso image.iso
kind live linux vmlinuz initrd.img image.iso
last=10
for image in memtest shell disc live; do
	last=$((last + 1))
	quietly jobctl add --mac 52:54:00:00:00:$last --image $image --network lab --arguments 'a b'
	run ipxegen --mac 52:54:00:00:00:$last
	cp "$tmp/out" "$tmp/$image.ipxe"
	contains "$image: a script" "set pxekit-files http://10.77.0.2:8080/images/$image/1" "$tmp/out"
	lines >"$tmp/$image.lines"
done
# shellcheck disable=SC2016 # iPXE's own
begin='imgfetch --name report ${url}/report?state=booting&step=script ||'
# shellcheck disable=SC2016
done='imgfetch --name report ${url}/report?state=done&step=start || goto failed'
# shellcheck disable=SC2016
up='imgfetch --name report ${url}/report?state=failed&step=script&text=iPXE%20could%20not%20'
# shellcheck disable=SC2016
disk='iseq ${platform} efi && goto firmware ||
sanboot --no-describe --drive 0x80 ||'
# shellcheck disable=SC2016
run cat "$tmp/memtest.lines"
# shellcheck disable=SC2016
is 0 "$begin"'
iseq ${platform} efi && goto efi ||
kernel --name program ${files}/${kernel:uristring} ${arguments} ${console} || goto failed
goto start
:efi
kernel --name program ${files}/${program:uristring} ${arguments} ${console} || goto failed
'"$done
boot ||
goto local
${up}start%20the%20program ||
$disk" ''
run cat "$tmp/shell.lines"
# shellcheck disable=SC2016
is 0 "$begin"'
iseq ${platform} efi && goto efi ||
imgfetch --name report ${url}/report?state=failed&step=script&text=The%20image%20is%20a%20program%20for%20UEFI%20and%20the%20firmware%20is%20a%20BIOS ||
goto local
:efi
kernel --name program ${files}/${program:uristring} ${arguments} ${console} || goto failed
'"$done
boot ||
goto local
${up}start%20the%20program ||
$disk" ''
run cat "$tmp/disc.lines"
# shellcheck disable=SC2016
is 0 "$begin"'
sanhook --no-describe --drive 0x80 ${files}/${disc:uristring} || goto failed
'"${done%failed}unhook
sanboot --no-describe --drive 0x80 ||
goto local
${up}show%20the%20disc ||
$disk" ''
run cat "$tmp/live.lines"
# shellcheck disable=SC2016
is 0 "$begin"'
kernel --name vmlinuz ${files}/${kernel:uristring} initrd=initrd pxekit.url=${url} BOOTIF=01-${netX/mac:hexhyp} ${static} ${answers} ${arguments} ${console} || goto failed
initrd --name initrd ${files}/${initrd:uristring} || goto failed
boot || goto failed
'"${up}start%20the%20kernel ||
$disk" ''
contains 'memtest: its program' 'set pxekit-program boot.efi' "$tmp/memtest.ipxe"
contains 'memtest: and its kernel for BIOS' 'set pxekit-kernel vmlinuz' "$tmp/memtest.ipxe"
contains 'a disc: the whole of it' 'set pxekit-disc image.iso' "$tmp/disc.ipxe"

end
