#!/bin/sh
# Answers for the installers of Linux: what each gets, as it asks for it, from a real
# bootweb, read by readers of its language; a hash once; the disk gate; reports to the end.
# Rows: S1-22 S0-42 X-10 S4-04 S1-14
# shellcheck disable=SC2119
set -u
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/bootweb.inc"
for tool in cloud-init yamllint debconf-set-selections python3 curl; do
	command -v $tool >/dev/null || { missing=$tool; break; }
done
[ -z "${missing:-}" ] || { echo "1..0 # SKIP $missing is not installed"; exit 0; }

site_begin
image() { # NAME ANSWERS
	mkdir -p "$site/images/$1/1"
	for file in vmlinuz initrd.gz image.iso; do
		echo "$file of $1" >"$site/images/$1/1/$file"
	done
	{
		printf '# pxekit-image: 1\n# name: %s\n# version: 1\n# kind: linux\n' "$1"
		printf '# answers: %s\n# arch: x86_64\n# min-disk: 1073741824\n' "$2"
		cd "$site/images/$1/1" && sha256sum -- *
	} >"$tmp/manifest"
	mv "$tmp/manifest" "$site/images/$1/1/MANIFEST"
	ln -s 1 "$site/images/$1/current"
}
image bookworm preseed
image ubuntu autoinstall
image rocky kickstart
image cloud cloud-init

# shellcheck disable=SC2016 # no expansions: crypt's own
hash='$6$saltsaltsalt$abcdefghijklmnopqrstuvwxyz0123456789./ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmn'
printf '%s\n' "$hash" >"$tmp/hash"
key1='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 it'\''s "me": {{v}} #1 \ $(id) %end'
key2='ssh-ed25519 AAAAC3NzaC1lZDI1NTE6 - ümläut: [x, &y] *z !t'
command1='echo "it'\''s: $HOME" > /root/one; # done'
nth=0
job() { # IMAGE [OPTION...]
	nth=$((nth + 1))
	name=$1
	shift
	admin add --mac 52:54:00:00:00:0$nth --image "$name" --hostname web$nth.corp.example \
		--user bob --password-hash-file "$tmp/hash" --ssh-key "$key1" --ssh-key "$key2" \
		--locale de_AT.UTF-8 --timezone Europe/Vienna --keyboard de --package htop \
		--package vim --command "$command1" "$@"
}
static='--address 10.0.0.7/24 --gateway 10.0.0.1 --dns 10.0.0.2 --dns 10.0.0.3'
# shellcheck disable=SC2086 # words
{
	job bookworm $static
	job ubuntu $static
	job rocky $static
	job cloud
} >/dev/null
run admin add --mac 52:54:00:00:00:05 --image cloud --address 10.0.0.7/24
is 2 '' "jobctl: --address 10.0.0.7/24: what cloud-init sets up gets its address by DHCP; --arguments may say ip= to the kernel"
serve
keep_taking &
taker=$!
pids="$pids $taker"

wanted=$(HASH=$hash KEY1=$key1 KEY2=$key2 COMMAND=$command1 python3 -c 'import json, os
e = os.environ
print(json.dumps({"hostname": "web%s.corp.example", "user": "bob", "hash": e["HASH"],
	"keys": [e["KEY1"], e["KEY2"]], "locale": "de_AT.UTF-8", "timezone": "Europe/Vienna",
	"keyboard": "de", "packages": ["htop", "vim"], "commands": [e["COMMAND"]],
	"address": "10.0.0.7/24", "gateway": "10.0.0.1", "dns": ["10.0.0.2", "10.0.0.3"],
	"mac": "52:54:00:00:00:0%s", "url": "%s"}))')
judge() { # KIND FILE JOB TOKEN
	# shellcheck disable=SC2059 # the texts have no other %
	run python3 "$srcdir/tests/integration/answers_judge.py" "$1" "$2" "$(printf '%s' "$wanted" |
		sed "s|web%s|web$3|; s|00:0%s|00:0$3|; s|\"%s\"|\"http://10.0.0.1:8080$4\"|")"
	what="$1: $2 says what the job says"
	is 0 '' ''
}
# A file of the token, as its installer asks; the state of the job; what it asked for.
ask() { # TOKEN FILE [curl options]
	path=$1/$2
	shift 2
	run get "$path" --retry 20 --retry-delay 1 -o "$tmp/got" "$@"
}
state() { admin --json show "$1" | jq -r '.job.state + " " + .job.step'; }
becomes() { # JOB STATE
	TRIES=300 until_true sh -c "[ \"\$(jobctl --config '$site/conf' --json show $1 | jq -r .job.state)\" = $2 ]"
}
# The arguments that iPXE would give: what the script sets is put in its place.
kernel_line() { # MAC
	curl -sS "$url/boot/$1.ipxe" | awk '
		/^set pxekit-/ { name = $2; sub(/^set [^ ]* ?/, ""); value[name] = expand($0) }
		/^kernel / { line = $0; sub(/.*initrd=initrd /, "", line); sub(/ \|\| goto.*/, "", line)
			print expand(line) }
		function expand(s, name) {
			while (match(s, /[$][{]pxekit-[a-z]*[}]/)) {
				name = substr(s, RSTART + 2, RLENGTH - 3)
				s = substr(s, 1, RSTART - 1) value[name] substr(s, RSTART + RLENGTH)
			}
			return s
		}' | sed 's/BOOTIF=[^ ]* //; s/   */ /g'
}

# ---- the first GET is the script: it leads to the answers ----
one=$(token_of 52-54-00-00-00-01)
two=$(token_of 52-54-00-00-00-02)
three=$(token_of 52-54-00-00-00-03)
four=$(token_of 52-54-00-00-00-04)
base=http://10.0.0.1:8080
consoles='console=tty0 console=ttyS0,115200'
run kernel_line 52-54-00-00-00-01
is 0 "pxekit.url=$base$one auto=true priority=critical preseed/url=$base$one/preseed.cfg interface=auto hostname=web1.corp.example netcfg/disable_autoconfig=true netcfg/get_ipaddress=10.0.0.7/24 netcfg/confirm_static=true netcfg/get_netmask=255.255.255.0 netcfg/get_gateway=10.0.0.1 netcfg/get_nameservers=\"10.0.0.2 10.0.0.3\" --- $consoles" ''
run kernel_line 52-54-00-00-00-02
is 0 "pxekit.url=$base$two autoinstall ip=dhcp cloud-config-url=/dev/null ds=nocloud;dsmode=net;s=$base$two/ url=$base/images/ubuntu/1/image.iso $consoles" ''
run kernel_line 52-54-00-00-00-03
is 0 "pxekit.url=$base$three ip=dhcp inst.text inst.ks=$base$three/ks.cfg $consoles" ''
run kernel_line 52-54-00-00-00-04
is 0 "pxekit.url=$base$four ds=nocloud;dsmode=net;s=$base$four/ $consoles" ''

# ---- the second GET is the answer file: once, as it holds a hash ----
ask "$one" preseed.cfg
is 0 200 ''
cp "$tmp/got" "$tmp/preseed.cfg"
ask "$one" preseed.cfg
is 0 403 ''
ask "$one" user-data
is 0 404 ''
judge preseed "$tmp/preseed.cfg" 1 "$one"
run debconf-set-selections --checkonly "$tmp/preseed.cfg"
is 0 '' ''

ask "$three" ks.cfg
is 0 200 ''
cp "$tmp/got" "$tmp/ks.cfg"
judge kickstart "$tmp/ks.cfg" 3 "$three"
ask "$three" ks.cfg
is 0 403 ''

# As cloud-init asks.
for token in "$two" "$four"; do
	for file in meta-data user-data vendor-data; do
		ask "$token" $file
		is 0 200 ''
		cp "$tmp/got" "$tmp/$file"
	done
	ask "$token" user-data
	is 0 403 ''
	ask "$token" meta-data
	is 0 200 ''
	for file in meta-data user-data vendor-data; do
		run yamllint -s -d '{rules: {key-duplicates: enable, indentation: enable, trailing-spaces: enable}}' "$tmp/$file"
		is 0 '' ''
	done
	run cat "$tmp/meta-data"
	if [ "$token" = "$two" ]; then
		is 0 'instance-id: "pxekit-2-1"
local-hostname: "web2.corp.example"' ''
		judge autoinstall "$tmp/user-data" 2 "$two"
	else
		is 0 'instance-id: "pxekit-4-1"
local-hostname: "web4.corp.example"' ''
		judge cloud-init "$tmp/user-data" 4 "$four"
		run cloud-init schema --config-file "$tmp/user-data"
		is 0 "Valid cloud-config: $tmp/user-data" ''
	fi
done
run grep -c saltsalt "$site/events"
is 1 0 ''

# ---- who said what: refusals are told, releases are on record ----
run saw refused '"rule":"released"' '"file":"user-data"'
is 0 '' ''
run sqlite3 -readonly "$site/db/jobs.db" 'SELECT artefact FROM release ORDER BY artefact'
is 0 'ks.cfg
preseed.cfg
user-data
user-data' ''

# ---- installer.sh, by curl and by nc: the disk that the gate names, and no other ----
mkdir -p "$tmp/sys/block" "$tmp/dev"
disk() { # NAME MIB
	mkdir -p "$tmp/sys/block/$1/device"
	echo $(($2 * 2048)) >"$tmp/sys/block/$1/size"
	echo 0 >"$tmp/sys/block/$1/ro"
	echo "serial-$1" >"$tmp/sys/block/$1/serial"
	: >"$tmp/dev/$1"
}
# The URL in it is the site's; here it is this test's.
installer() { # TOKEN VERB [ARGUMENT...]
	ask "$1" installer.sh
	sed "s|$base|$url|" "$tmp/got" >"$tmp/installer.sh"
	shift
	# shellcheck disable=SC2086 # words
	run env RUN="$tmp/run" SYS="$tmp/sys" DEV="$tmp/dev" PAUSE=0 ANSWERS="$tmp/told" \
		${by:-dash} "$tmp/installer.sh" "$@"
}
installer "$two" start autoinstall
is 0 '' ''
run becomes 2 installing
is 0 '' ''
disk vda 4096
disk vdb 4096
printf 'match: {path: /dev/pxekit-names-it}\n' >"$tmp/told"
installer "$two" disk autoinstall
is 1 '' 'pxekit: no disk may be wiped: 2 of 2 disks fit the rule '\''only'\'', not exactly one'
run cat "$tmp/told"
is 0 'match: {path: /dev/pxekit-names-it}' ''
run becomes 2 failed
is 0 '' ''
rm -r "$tmp/sys/block/vdb"
installer "$three" start kickstart
is 0 '' ''
installer "$three" disk kickstart
is 0 '' ''
run cat "$tmp/told"
is 0 'ignoredisk --only-use=vda
clearpart --all --initlabel --drives=vda
bootloader --boot-drive=vda' ''
run saw disks '"action":"wipe"' '"job":3' 'serial-vda'
is 0 '' ''

# With what Debian's installer has: the commands of busybox, and debconf-set.
mkdir "$tmp/bin"
for applet in sh awk cat cut grep head mkdir nc readlink sed sleep tail tr wc wget; do
	ln -s "$(command -v busybox)" "$tmp/bin/$applet"
done
printf '#!/bin/sh\necho "$@" >>"%s/debconf"\n' "$tmp" >"$tmp/bin/debconf-set"
chmod 755 "$tmp/bin/debconf-set"
by="env PATH=$tmp/bin $(command -v busybox) sh"
installer "$one" disk preseed
is 0 '' ''
run cat "$tmp/debconf"
is 0 'partman-auto/disk /dev/vda
grub-installer/bootdev /dev/vda' ''
run becomes 1 installing
is 0 '' ''
run state 1
is 0 'installing disk' ''

# ---- the ends: the system is on its disk, and up; an installer gives up ----
run get "$one/report?state=configuring&step=configure&n=5&of=6&percent=90"
is 0 'ok
200' ''
run becomes 1 configuring
is 0 '' ''
run get "/boot/52-54-00-00-00-01.ipxe"
grep -q vmlinuz "$tmp/out"
same=$?
echo $same >"$tmp/out"
what='from here on it boots its disk'
is 0 1 ''
run get "$one/report?state=done&step=done&percent=100"
is 0 'ok
200' ''
run becomes 1 done
is 0 '' ''
by=dash
installer "$three" failed 'Anaconda ended with an error: "x" & y'
is 0 '' ''
run becomes 3 failed
is 0 '' ''
run sh -c "jobctl --config '$site/conf' --json show 3 | jq -r .job.text"
is 0 'Anaconda ended with an error x y' ''
: >"$tmp/enough"
wait "$taker"
stop
site_end
