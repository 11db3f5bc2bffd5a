#!/bin/sh
# installer.sh - what the installer of a Linux distribution runs for pxekit:
#   start          reports that the installer runs
#   disk HOW       asks which disk may be wiped, and tells the installer as HOW (preseed,
#                  autoinstall or kickstart) takes it; no disk, no installation
#   progress STEP  reports how far it is
#   finish TARGET  the system is in TARGET: keys, first boot, and the report of that
#   failed WHY     reports the end
#
# Only what busybox, dash and bash have in common; HTTP by curl, wget or nc.
#
# A template: every value stands in single quotes, see pxekit-templates(5).
URL='{{url}}'
MIN_DISK='{{min-disk}}'
ACCOUNT='{{user}}'
HAS_PASSWORD='{{#password-hash}}yes{{/password-hash}}'
SSH_KEYS='{{#ssh-key}}{{.}}
{{/ssh-key}}'
COMMANDS='{{#command}}{{.}}
{{/command}}'
RUN=${RUN:-/tmp/pxekit.d} SYS=${SYS:-/sys} DEV=${DEV:-/dev} PAUSE=${PAUSE:-2}
STEPS='start disk base packages configure'
mkdir -p "$RUN"

retry() { # times command...
	left=$1
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep "$PAUSE"
	done
}

fetch() { # name file
	if command -v curl >/dev/null; then
		curl -fsS -m 60 -o "$2" "$URL/$1"
	else
		wget -q -O "$2" "$URL/$1"
	fi
}

# ---- reports ----

number() { # of a step
	n=0
	for one in $STEPS; do
		n=$((n + 1))
		[ "$one" != "$1" ] || break
	done
	echo $n
}

# What is no plain word becomes a blank.
words() {
	printf '%s' "$1" | tr -c 'A-Za-z0-9._/-' ' ' | cut -c1-250 | sed 's/ *$//; s/  */%20/g'
}

report() { # state step percent text
	fetch "report?state=$1&step=$2&n=$(number "$2")&of=6&percent=$3&text=$(words "$4")" \
		/dev/null
}

# Nothing may be wiped: say so, and let no installer go on by itself.
give_up() { # why
	echo "pxekit: $1" >&2
	retry 30 report failed "$step" 0 "$1"
	[ "$how" = preseed ] || exit 1
	sleep 60
	reboot
	while :; do sleep 3600; done
}

percent() { # of a step
	case $1 in
	start) echo 0 ;;
	disk) echo 5 ;;
	base) echo 10 ;;
	packages) echo 60 ;;
	*) echo 90 ;;
	esac
}

progress() { # step
	retry 5 report installing "$1" "$(percent "$1")" "$1"
	return 0
}

# Debian's installer has folders for who wants to know where it is.
hook() { # folder step
	mkdir -p "/usr/lib/$1"
	printf '#!/bin/sh\nsh /tmp/pxekit progress %s\n' "$2" >"/usr/lib/$1/05pxekit"
	chmod 755 "/usr/lib/$1/05pxekit"
}

start() { # how
	if [ "$how" = preseed ]; then
		hook base-installer.d base
		hook pre-pkgsel.d packages
	fi
	progress start
}

# ---- the disk ----

by_nc() {
	rest=${URL#http://}
	host=${rest%%/*} port=80
	case $host in
	*:*) port=${host##*:} host=${host%:*} ;;
	esac
	{
		printf 'POST /%s/disks HTTP/1.0\r\nHost: %s\r\nContent-Length: %s\r\n\r\n' \
			"${rest#*/}" "$host" "$(wc -c <"$RUN/disks")"
		cat "$RUN/disks"
	} | nc "$host" "$port" >"$RUN/answer" || return 1
	code=$(sed -n '1s|^HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$RUN/answer")
	sed '1,/^.\{0,1\}$/d' "$RUN/answer" >"$RUN/body"
}

# Succeeds when the server has decided, either way.
ask_gate() {
	code=000
	if command -v curl >/dev/null; then
		code=$(curl -sS -m 60 -o "$RUN/body" -w '%{http_code}' \
			-H 'Content-Type: text/plain' --data-binary "@$RUN/disks" "$URL/disks")
	else
		by_nc
	fi
	case $code in
	200 | 400 | 403 | 404 | 409 | 413) return 0 ;;
	esac
	return 1
}

said() {
	head -n1 "$RUN/body" | tr -cd ' -~' | cut -c1-200
}

# Exactly one line, exactly one name of our own list, large enough.
named_disk() {
	disk=$(cat "$RUN/body")
	octets=$(awk -F '\t' -v name="$disk" '$1 == name { print $2 }' "$RUN/disks")
	[ -n "$octets" ] || give_up "the server named a disk that is not here: $(said)"
	[ "$octets" -ge "${MIN_DISK:-0}" ] || give_up "$disk is too small"
}

tell_preseed() {
	debconf-set partman-auto/disk "/dev/$disk" &&
		debconf-set grub-installer/bootdev "/dev/$disk"
}

tell_autoinstall() {
	sed -i "s|/dev/pxekit-names-it|/dev/$disk|" "${ANSWERS:-/autoinstall.yaml}" &&
		grep -q "/dev/$disk" "${ANSWERS:-/autoinstall.yaml}"
}

tell_kickstart() {
	{
		echo "ignoredisk --only-use=$disk"
		echo "clearpart --all --initlabel --drives=$disk"
		echo "bootloader --boot-drive=$disk"
	} >"${ANSWERS:-/tmp/pxekit-disk.ks}"
}

some_disks() {
	list_disks >"$RUN/disks"
	[ -s "$RUN/disks" ]
}

disk() { # how
	retry 15 fetch list-disks.sh "$RUN/list-disks.sh" || give_up 'no list-disks.sh'
	# shellcheck source=/dev/null # of our server
	. "$RUN/list-disks.sh"
	retry 10 some_disks
	retry 60 ask_gate || give_up 'the server did not say which disk may be wiped'
	[ "$code" = 200 ] || give_up "no disk may be wiped: $(said)"
	named_disk
	"tell_$how" || give_up "the installer does not take the name of its disk"
	progress disk
}

# ---- the installed system ----

in_target() { chroot "$T" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

authorized_keys() { # user home
	(umask 077 && mkdir -p "$T$2/.ssh" &&
		printf '%s' "$SSH_KEYS" >"$T$2/.ssh/authorized_keys") &&
		in_target chown -R "$1:" "$2/.ssh"
}

# Who has no password cannot answer sudo: keys alone must do.
account() {
	home=$(awk -F: -v user="$ACCOUNT" '$1 == user { print $6 }' "$T/etc/passwd")
	if [ -n "$home" ] && [ -n "$SSH_KEYS" ]; then
		authorized_keys "$ACCOUNT" "$home" || return 1
	fi
	if [ -z "$HAS_PASSWORD" ] && [ -d "$T/etc/sudoers.d" ]; then
		(umask 227 && echo "$ACCOUNT ALL=(ALL) NOPASSWD: ALL" >"$T/etc/sudoers.d/pxekit")
	fi
}

reporter() {
	units=$T/etc/systemd/system lib=$T/usr/local/lib/pxekit
	mkdir -p "$T/etc/pxekit" "$lib" "$units/multi-user.target.wants"
	chmod 700 "$T/etc/pxekit"
	retry 15 fetch firstboot.sh "$lib/report" &&
		retry 15 fetch firstboot.unit "$units/pxekit-report.service" || return 1
	[ -z "$COMMANDS" ] || (umask 077 && printf '%s' "$COMMANDS" >"$lib/commands")
	chmod 755 "$lib/report"
	ln -sf /etc/systemd/system/pxekit-report.service "$units/multi-user.target.wants/"
	(umask 077 && printf '%s\n' "$URL" >"$T/etc/pxekit/report.url")
}

# Where SELinux decides, a file without a label is nobody's.
label() {
	[ ! -e "$T/usr/sbin/restorecon" ] ||
		in_target restorecon -R /etc/pxekit /etc/systemd/system /usr/local/lib/pxekit \
			/root/.ssh 2>/dev/null || :
}

# From the last report on, this machine boots its own disk.
finish() { # target
	T=$1 step=configure
	[ -z "$SSH_KEYS" ] || authorized_keys root /root || give_up 'no keys for root'
	[ -z "$ACCOUNT" ] || account || give_up "no keys for $ACCOUNT"
	reporter || give_up 'the reporter of the first boot cannot be had'
	label
	sync
	retry 300 report configuring configure 90 'installed, not yet started'
}

step=${1:-} how=${2:-}
case $step in
start | disk | progress | finish) "$step" "$how" ;;
failed) retry 30 report failed installer 0 "$how" ;;
*)
	echo 'installer.sh: start, disk, progress, finish or failed?' >&2
	exit 2
	;;
esac
