# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# configure - the unpacked system becomes this machine.
#
# T is /target, but for tests. Tools of the image run in a chroot of it.

T=${T:-/target}

in_target() { chroot "$T" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }

has() { [ -e "$T/$1" ] || [ -L "$T/$1" ]; } # a path of the image

host_name() {
	local short=${PXEKIT_HOSTNAME%%.*} own='127.0.1.1'
	[ -z "$PXEKIT_ADDRESS" ] || own=${PXEKIT_ADDRESS%/*}
	echo "$short" >"$T/etc/hostname"
	[ "$short" = "$PXEKIT_HOSTNAME" ] || short="$PXEKIT_HOSTNAME $short"
	cat >"$T/etc/hosts" <<END
127.0.0.1	localhost
$own	$short
::1	localhost ip6-localhost ip6-loopback
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
END
}

# Each machine has its own; systemd takes an empty one for a read-only system.
machine_id() {
	tr -d - </proc/sys/kernel/random/uuid >"$T/etc/machine-id"
	rm -f "$T/var/lib/dbus/machine-id" "$T"/etc/ssh/ssh_host_*
	! has usr/bin/ssh-keygen || in_target ssh-keygen -A >/dev/null
}

file_systems() {
	{
		echo "UUID=$root_uuid / ext4 errors=remount-ro 0 1"
		[ -z "$esp_part" ] || echo "UUID=$esp_uuid /boot/efi vfat umask=0077 0 1"
	} >"$T/etc/fstab"
	[ -z "$esp_part" ] || mkdir -p "$T/boot/efi"
}

networkd_file() {
	printf '[Match]\nMACAddress=%s\n\n[Network]\n' "$mac"
	if [ -z "$PXEKIT_ADDRESS" ]; then
		printf 'DHCP=yes\n'
		return
	fi
	printf 'Address=%s\n' "$PXEKIT_ADDRESS"
	[ -z "$PXEKIT_GATEWAY" ] || printf 'Gateway=%s\n' "$PXEKIT_GATEWAY"
	# shellcheck disable=SC2086 # a list
	[ -z "$PXEKIT_DNS" ] || printf 'DNS=%s\n' $PXEKIT_DNS
}

# The name of the interface is not known yet: ifupdown finds it by its address.
ifupdown_file() {
	printf 'auto lo\niface lo inet loopback\n\nauto address/%s=lan\n' "$mac"
	if [ -z "$PXEKIT_ADDRESS" ]; then
		printf 'iface lan inet dhcp\n'
		return
	fi
	case $PXEKIT_ADDRESS in
	*:*) printf 'iface lan inet6 static\n\taddress %s\n' "$PXEKIT_ADDRESS" ;;
	*) printf 'iface lan inet static\n\taddress %s\n' "$PXEKIT_ADDRESS" ;;
	esac
	[ -z "$PXEKIT_GATEWAY" ] || printf '\tgateway %s\n' "$PXEKIT_GATEWAY"
}

# Without a resolver of its own, the image uses what is known now.
name_servers() {
	has lib/systemd/systemd-resolved && return
	[ ! -L "$T/etc/resolv.conf" ] || rm "$T/etc/resolv.conf"
	if [ -n "$PXEKIT_DNS" ]; then
		write_resolv_conf "$PXEKIT_DNS" >"$T/etc/resolv.conf"
	elif [ -e /etc/resolv.conf ]; then
		cat /etc/resolv.conf >"$T/etc/resolv.conf"
	fi
}

network_files() {
	mac=${PXEKIT_MAC:-$(cat "/sys/class/net/$nic/address")}
	if has sbin/ifup || has usr/sbin/ifup; then
		mkdir -p "$T/etc/network"
		ifupdown_file >"$T/etc/network/interfaces"
	elif has lib/systemd/systemd-networkd || has usr/lib/systemd/systemd-networkd; then
		networkd_file >"$T/etc/systemd/network/10-pxekit.network"
		enable_unit systemd-networkd.service
	else
		fail 'the image has neither ifupdown nor systemd-networkd'
	fi
	name_servers
}

enable_unit() { # name
	local dir=lib/systemd/system
	has $dir/"$1" || dir=etc/systemd/system
	mkdir -p "$T/etc/systemd/system/multi-user.target.wants"
	ln -sf "/$dir/$1" "$T/etc/systemd/system/multi-user.target.wants/$1"
}

# The hash of the password, which is given once for each attempt: it is asked for when it
# is needed, so that a machine that dies before gets it when it begins again.
account_password() { # user
	retry 60 fetch_orders "$url/account.conf" || fail "$url/account.conf: no answer"
	PXEKIT_PASSWORD_HASH=
	# shellcheck source=/dev/null # an assignment, made by our server
	. "$RUN/body"
	rm "$RUN/body"
	all_of 'A-Za-z0-9./$=,_+-' "$PXEKIT_PASSWORD_HASH" ||
		fail 'account.conf: it has no password hash'
	printf '%s:%s\n' "$1" "$PXEKIT_PASSWORD_HASH" | in_target chpasswd -e ||
		fail "cannot set the password of $1"
}

# A user without a password cannot answer sudo: keys alone must do.
user_account() {
	local home group shell=/bin/sh
	[ -n "$PXEKIT_USER" ] || return 0
	if ! grep -q "^$PXEKIT_USER:" "$T/etc/passwd"; then
		! has bin/bash || shell=/bin/bash
		in_target useradd -m -s $shell -- "$PXEKIT_USER" ||
			fail "cannot make the user $PXEKIT_USER"
		group=$(sed -n 's/^\(sudo\|wheel\):.*/\1/p' "$T/etc/group" | head -n1)
		[ -z "$group" ] || in_target usermod -a -G "$group" -- "$PXEKIT_USER"
	fi
	home=$(awk -F: -v user="$PXEKIT_USER" '$1 == user { print $6 }' "$T/etc/passwd")
	if [ -n "$PXEKIT_HAS_PASSWORD" ]; then
		account_password "$PXEKIT_USER"
	elif has etc/sudoers.d && [ "$PXEKIT_USER" != root ]; then
		(umask 227 && echo "$PXEKIT_USER ALL=(ALL) NOPASSWD: ALL" >"$T/etc/sudoers.d/pxekit")
	fi
	[ -z "$PXEKIT_SSH_KEYS" ] || authorized_keys "$PXEKIT_USER" "$home"
}

authorized_keys() { # user home
	(umask 077 && mkdir -p "$T$2/.ssh" &&
		printf '%s\n' "$PXEKIT_SSH_KEYS" >"$T$2/.ssh/authorized_keys")
	in_target chown -R "$1:" "$2/.ssh"
}

# Only what the image can do; the rest is said, not refused.
locale_settings() {
	if [ -n "$PXEKIT_LOCALE" ]; then
		make_locale && echo "LANG=$PXEKIT_LOCALE" >"$T/etc/default/locale"
	fi
	if [ -n "$PXEKIT_TIMEZONE" ] && has "usr/share/zoneinfo/$PXEKIT_TIMEZONE"; then
		ln -sf "/usr/share/zoneinfo/$PXEKIT_TIMEZONE" "$T/etc/localtime"
		echo "$PXEKIT_TIMEZONE" >"$T/etc/timezone"
	elif [ -n "$PXEKIT_TIMEZONE" ]; then
		say "the image has no time zone $PXEKIT_TIMEZONE"
	fi
	if [ -n "$PXEKIT_KEYBOARD" ]; then
		printf 'XKBMODEL="pc105"\nXKBLAYOUT="%s"\nXKBVARIANT=""\nXKBOPTIONS=""\nBACKSPACE="guess"\n' \
			"$PXEKIT_KEYBOARD" >"$T/etc/default/keyboard"
		echo "KEYMAP=$PXEKIT_KEYBOARD" >"$T/etc/vconsole.conf"
	fi
}

make_locale() {
	case $PXEKIT_LOCALE in
	C | C.* | POSIX) return 0 ;;
	*.*) has usr/sbin/locale-gen && generate_locale && return ;;
	esac
	say "the image cannot make the locale $PXEKIT_LOCALE"
	return 1
}

generate_locale() {
	echo "$PXEKIT_LOCALE ${PXEKIT_LOCALE#*.}" >>"$T/etc/locale.gen"
	in_target locale-gen >/dev/null
}

# The installed system says itself that it is done: the last report of the job.
first_boot_report() {
	has lib/systemd/systemd || has usr/lib/systemd/systemd ||
		fail 'the image has no systemd: it could not report from its first boot'
	mkdir -p "$T/etc/pxekit" "$T/usr/local/lib/pxekit"
	chmod 700 "$T/etc/pxekit"
	(umask 077 && printf '%s\n' "$url" >"$T/etc/pxekit/report.url")
	cp "$DEPLOY/pxekit-report" "$T/usr/local/lib/pxekit/report"
	cp "$DEPLOY/pxekit-report.service" "$T/etc/systemd/system/"
	chmod 755 "$T/usr/local/lib/pxekit/report"
	enable_unit pxekit-report.service
}

mount_system() {
	mount -t proc proc "$T/proc"
	mount -t sysfs sysfs "$T/sys"
	mount -o bind /dev "$T/dev"
}

umount_system() {
	umount "$T/dev" "$T/sys" "$T/proc"
}

step_configure() {
	mount_system || fail "cannot mount into $T"
	host_name
	machine_id
	file_systems
	network_files
	[ -z "$PXEKIT_SSH_KEYS" ] || authorized_keys root /root
	user_account
	locale_settings
	first_boot_report
	umount_system || fail "cannot unmount from $T"
}
