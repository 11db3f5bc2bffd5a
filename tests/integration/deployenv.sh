#!/bin/sh
# Rows: N-06 S0-38
# The deployment environment's steps, without a machine: what each decides and writes.
# In a network of its own, for the first boot's reporter talks to a server here.
# shellcheck disable=SC2034,SC2154,SC2317 # variables and functions that the steps use
set -u
srcdir=$(cd "${srcdir:-.}" && pwd)
[ "${1-}" = inside ] || exec "$srcdir/scripts/in-netns" "$0" inside
. "$srcdir/tests/sh.inc"

DEPLOY=$srcdir/scripts/deployenv
RUN=$tmp/run CMDLINE=$tmp/cmdline SYS=$tmp/sys DEV=$tmp/dev T=$tmp/target TARGET=$tmp/target
mkdir -p "$RUN" "$SYS/block" "$SYS/class/net" "$DEV" "$T"
for part in lib devices network disks fetch configure loader partition; do
	# shellcheck source=/dev/null # each is checked by itself
	. "$DEPLOY/$part.sh"
done
# What installers use as well.
# shellcheck source=tools/ipxegen/templates/list-disks.sh
. "$srcdir/tools/ipxegen/templates/list-disks.sh"

# A step may end the shell: it gets one of its own.
try() { ("$@"); }
# Nothing waits here.
sleep() { :; }

# --- the kernel command line
echo 'initrd=initrd.gz pxekit.url=http://s/j/T?a=b BOOTIF=01-52-54-00-AB-cd-0f quiet' >"$CMDLINE"
run kernel_arg pxekit.url
is 0 'http://s/j/T?a=b' ''
run kernel_arg pxekit.wait 30
is 0 30 ''

# --- the network card is the one the firmware booted from
for nic in eth0=52:54:00:00:00:01 eth1=52:54:00:ab:cd:0f; do
	mkdir -p "$SYS/class/net/${nic%=*}/device"
	echo "${nic#*=}" >"$SYS/class/net/${nic%=*}/address"
done
run boot_interface
is 0 eth1 ''
echo 'BOOTIF=01-52-54-00-ff-ff-ff' >"$CMDLINE"
run boot_interface
is 1 '' ''
: >"$CMDLINE"
run boot_interface # two cards, and no word which
is 1 '' ''

# --- the list of disks, from a tree like /sys
make_disk() { # name sectors path [ro]
	mkdir -p "$SYS/devices/$3" "$SYS/block/$1"
	ln -s "$SYS/devices/$3" "$SYS/block/$1/device"
	echo "$2" >"$SYS/block/$1/size"
	echo "${4-0}" >"$SYS/block/$1/ro"
	truncate -s $(($2 * 512)) "$DEV/$1"
}
make_disk sda 8192 pci0/0000:00:03.0/virtio0/host0/target0:0:0/0:0:0:0
printf '\0\200\0\011QM 0001  ' >"$SYS/block/sda/device/vpd_pg80"
echo 'QEMU    ' >"$SYS/block/sda/device/vendor"
printf 'QEMU\tHARD\033DISK   \n' >"$SYS/block/sda/device/model"
make_disk sdb 4096 pci0/0000:00:1f.2/ata1/host1/target1:0:0/1:0:0:0
printf 'x' | dd of="$DEV/sdb" bs=1 seek=2097151 conv=notrunc 2>/dev/null
make_disk sdc 4096 pci0/0000:00:14.0/usb1/1-1/host2/target2:0:0/2:0:0:0
printf 'x' | dd of="$DEV/sdc" bs=1 seek=510 conv=notrunc 2>/dev/null
make_disk vda 64 pci0/0000:00:04.0/virtio1
echo V1 >"$SYS/block/vda/serial"
make_disk nvme0n1 4096 pci0/0000:00:05.0/nvme/nvme0
echo N1 >"$SYS/block/nvme0n1/device/serial"
make_disk mmcblk0 4096 platform/mmc_host/mmc0
echo CARD >"$SYS/block/mmcblk0/device/name"
make_disk mmcblk0boot0 4096 platform/mmc_host/mmc0x
make_disk sr0 4096 pci0/0000:00:1f.2/ata2/host3/target3:0:0/3:0:0:0
make_disk sdd 0 pci0/0000:00:14.0/usb1/1-2/host4
make_disk sde 4096 pci0/0000:00:14.0/usb1/1-3/host5 1
mkdir -p "$SYS/block/loop0" "$SYS/block/dm-0"
run list_disks
is 0 "mmcblk0	2097152	mmc	-	CARD	empty
nvme0n1	2097152	nvme	N1	-	empty
sda	4194304	scsi	QM 0001	QEMU QEMU HARDDISK	empty
sdb	2097152	sata	-	-	used
sdc	2097152	usb	-	-	used
vda	32768	virtio	V1	virtio disk	empty" ''

# --- the gate: one name of our list, or nothing
list_disks >"$RUN/disks"
PXEKIT_MIN_DISK=2097152
gate() { # answer, | for the end of a line
	printf '%s' "$1" | tr '|' '\n' >"$RUN/body"
	obey_gate
	echo "$disk $disk_octets"
}
run try gate 'sda|'
is 0 'sda 4194304' ''
for answer in '' 'sd|' '/dev/sda|' 'sda sdb|' 'sda|sdb|' 'sr0|' 'sda*|'; do
	run try gate "$answer"
	is 1 "pxekit: the server named a disk that is not here: '${answer%%|*}'" ''
done
run try gate 'vda|'
is 1 'pxekit: vda has 32768 octets, the image needs 2097152' ''

# The server's refusal is the reason of the failure; its stop is no failure.
url=http://server/j/T
curl() { # answers with $status and $text; what was asked is noted
	echo "$*" >>"$tmp/asked"
	printf '%s\n' "$text" >"$RUN/body"
	printf '%s' "$status"
}
status=409 text='2 disks match the rule
sda
sdb'
run try step_disks
tail -n1 "$tmp/out" >"$tmp/last" && mv "$tmp/last" "$tmp/out"
is 1 'pxekit: no disk may be wiped: 2 disks match the rule' ''
run cat "$RUN/reason"
is 0 'no disk may be wiped: 2 disks match the rule' ''
text='stop: job 7 is cancelled'
run try step_disks
is 9 "$(sed 's/^/pxekit: disk /' "$RUN/disks")" ''

# --- reports
echo 'pxekit.url=http://server/j/T' >"$CMDLINE"
: >"$tmp/asked"
status=200 text=ok
run try report installing fetch 42 'a "text" & more'
is 0 '' ''
run cat "$tmp/asked"
is 0 "-sS --connect-timeout 10 --max-time 30 -o $RUN/body -w %{http_code} --data-urlencode \
state=installing --data-urlencode step=fetch --data-urlencode n=5 --data-urlencode of=9 \
--data-urlencode percent=42 --data-urlencode text@$RUN/text http://server/j/T/report" ''
run cat "$RUN/text"
is 0 'a "text" & more' ''
status=409 text='stop: job 7 is cancelled'
run try report installing fetch 42 x
is 9 '' ''
run cat "$RUN/stopped"
is 0 'stop: job 7 is cancelled' ''
status=400 text='percent is no number'
run try report installing fetch 42 x
is 0 'pxekit: the server refused a report: percent is no number' ''
: >"$tmp/asked"
status=503 text=''
run try report installing fetch 42 x 4
is 1 '' ''
run grep -c . "$tmp/asked"
is 0 4 ''

# A failure: step, reason, status, and the printable end of a long log.
echo format >"$RUN/step"
echo 12 >"$RUN/percent"
echo 'sda1: cannot make the file system' >"$RUN/reason"
{
	seq 5000
	printf 'mke2fs: \033[1mno\200 space\n'
} >"$RUN/log"
: >"$tmp/asked"
status=200 text=ok
run report_failure 1
is 0 'pxekit: failed in step format' ''
run grep -c 'state=failed.*step=format.*percent=12' "$tmp/asked"
is 0 1 ''
run sed -n '1,2p;$p' "$RUN/failure"
is 0 'sda1: cannot make the file system
step format, exit status 1
mke2fs: [1mno space' ''
run test "$(wc -c <"$RUN/failure")" -lt 1700
is 0 '' ''

# --- the image: hashed as it streams
mkdir -p "$tmp/image/etc"
seq 200000 >"$tmp/image/etc/numbers"
tar -C "$tmp/image" -cf "$tmp/good.tar" .
truncate -s +2M "$tmp/good.tar" # padded, as by a large blocking factor
gzip "$tmp/good.tar"
PXEKIT_IMAGE_URL=http://server/images/x/1/rootfs.tar.gz
PXEKIT_IMAGE_SIZE=$(stat -c %s "$tmp/good.tar.gz")
PXEKIT_IMAGE_SHA256=$(sha256sum <"$tmp/good.tar.gz" | cut -d' ' -f1)
# A server that cuts every transfer after $piece octets.
curl() {
	while [ "$1" != -C ]; do
		shift
	done
	echo "$2" >>"$tmp/asked"
	tail -c +$(($2 + 1)) "$image" | head -c "$piece"
	left=$((PXEKIT_IMAGE_SIZE - $2))
	if [ "$left" -gt "$piece" ]; then
		printf 'curl: (18) cut\n200 %s\n' "$piece" >&2
		return 18
	fi
	printf '\n206 %s\n' "$left" >&2
}
watch_progress() { :; }
whole() {
	rm -rf "$T" "$RUN/unpack"
	mkdir "$T"
	: >"$tmp/asked"
	stream_image 2>/dev/null || echo "refused: $why"
	[ -n "$why" ] || cmp "$T/etc/numbers" "$tmp/image/etc/numbers"
}
image=$tmp/good.tar.gz piece=100000000
run whole
is 0 '' ''
piece=100000
run whole
is 0 '' ''
run sed -n '2,3p' "$tmp/asked" # goes on where it was cut
is 0 '100000
200000' ''
piece=1000
run whole # without an end in sight: given up
is 0 "refused: only 60000 of $PXEKIT_IMAGE_SIZE octets of the image came: curl: (18) cut" ''

# One wrong bit, in the name or comment of gzip's head, which gzip does not check itself.
image=$tmp/bad.tar.gz piece=100000000
cp "$tmp/good.tar.gz" "$image"
printf '\001' | dd of="$image" bs=1 seek=4 conv=notrunc 2>/dev/null
run whole
is 0 "refused: the image's SHA-256 is $(sha256sum <"$image" | cut -d' ' -f1), not $PXEKIT_IMAGE_SHA256" ''

# --- the orders
orders() { # assignment
	PXEKIT_HOSTNAME=node1 PXEKIT_IMAGE_URL=http://s/rootfs.tar.zst PXEKIT_IMAGE_SIZE=7
	eval "$1"
	check_orders
}
run try orders :
is 0 '' ''
run try orders 'PXEKIT_HOSTNAME="a b"'
is 1 'pxekit: deploy.conf: no host name' ''
named() { PXEKIT_MAC=52:54:00:AB:77:01 && orders PXEKIT_HOSTNAME= && echo "$PXEKIT_HOSTNAME"; }
run try named
is 0 machine-525400ab7701 ''
run try orders 'PXEKIT_IMAGE_SHA256=12ab'
is 1 'pxekit: deploy.conf: the SHA-256 has not 64 digits' ''
run try orders 'PXEKIT_IMAGE_SIZE=-1'
is 1 'pxekit: deploy.conf: the image has no size' ''
run try orders 'PXEKIT_IMAGE_URL=file:///etc'
is 1 "pxekit: deploy.conf: 'file:///etc' is no image address" ''
run try orders 'PXEKIT_CONSOLE="console=tty0 console=ttyS0,115200"'
is 0 '' ''
run try orders 'PXEKIT_CONSOLE="quiet; reboot"'
is 1 "pxekit: deploy.conf: 'quiet; reboot' is no console argument" ''
run try orders 'PXEKIT_TIMEZONE=../../etc/shadow'
is 1 "pxekit: deploy.conf: '../../etc/shadow' is no time zone" ''
run try orders 'PXEKIT_USER="a:b"'
is 1 "pxekit: deploy.conf: 'a:b' is no name of a user" ''

# --- the installed system's files
mkdir -p "$T/etc/systemd/network" "$T/lib/systemd/system"
: >"$T/lib/systemd/systemd-networkd"
PXEKIT_HOSTNAME=node1.example PXEKIT_MAC=52:54:00:10:77:01 PXEKIT_DNS='10.0.0.2 10.0.0.3'
PXEKIT_ADDRESS=10.0.0.9/24 PXEKIT_GATEWAY=10.0.0.1 nic=eth0
host_name
run cat "$T/etc/hostname"
is 0 node1 ''
run sed -n 2p "$T/etc/hosts"
is 0 '10.0.0.9	node1.example node1' ''
network_files
run cat "$T/etc/systemd/network/10-pxekit.network"
is 0 '[Match]
MACAddress=52:54:00:10:77:01

[Network]
Address=10.0.0.9/24
Gateway=10.0.0.1
DNS=10.0.0.2
DNS=10.0.0.3' ''
run cat "$T/etc/resolv.conf"
is 0 'nameserver 10.0.0.2
nameserver 10.0.0.3' ''
PXEKIT_ADDRESS=''
run networkd_file
is 0 '[Match]
MACAddress=52:54:00:10:77:01

[Network]
DHCP=yes' ''
run ifupdown_file
is 0 'auto lo
iface lo inet loopback

auto address/52:54:00:10:77:01=lan
iface lan inet dhcp' ''
PXEKIT_ADDRESS=fd00::7/64 PXEKIT_GATEWAY=fd00::1
run ifupdown_file
is 0 'auto lo
iface lo inet loopback

auto address/52:54:00:10:77:01=lan
iface lan inet6 static
	address fd00::7/64
	gateway fd00::1' ''
PXEKIT_ADDRESS='' PXEKIT_GATEWAY=''

# The hash of the password comes when it is needed, and does not stay.
request() {
	code=$served
	printf "%s\n" "$account" >"$RUN/body"
	echo "asked for $1"
}
in_target() { echo "$* <- $(cat)"; }
served=200 account="PXEKIT_PASSWORD_HASH='\$6\$a/b.\$c'"
run try account_password ann
is 0 'asked for http://server/j/T/account.conf
chpasswd -e <- ann:$6$a/b.$c' ''
run test -e "$RUN/body"
is 1 '' ''
account="PXEKIT_PASSWORD_HASH='a:b'"
run try account_password ann
is 1 'asked for http://server/j/T/account.conf
pxekit: account.conf: it has no password hash' ''
served=403 account='forbidden: it was given out before'
run try account_password ann
is 1 'asked for http://server/j/T/account.conf
pxekit: http://server/j/T/account.conf: the server says 403 forbidden: it was given out before' ''
in_target() { echo "$*" >"$tmp/in-target"; }
PXEKIT_SSH_KEYS='ssh-ed25519 AAAA me'
authorized_keys root /root
run cat "$T/root/.ssh/authorized_keys" "$tmp/in-target"
is 0 'ssh-ed25519 AAAA me
chown -R root: /root/.ssh' ''
run stat -c %a "$T/root/.ssh" "$T/root/.ssh/authorized_keys"
is 0 '700
600' ''
root_uuid=R esp_uuid=E esp_part=sda1
file_systems
run cat "$T/etc/fstab"
is 0 'UUID=R / ext4 errors=remount-ro 0 1
UUID=E /boot/efi vfat umask=0077 0 1' ''

# The partition tables, as sfdisk understands them.
disk_octets=4294967296 firmware=bios
run partition_table
is 0 'label: dos
start=2048, type=83, bootable' ''
disk=nvme0n1
run partition_name 2
is 0 nvme0n1p2 ''

# --- the first boot's reporter, with each client it may find
unset -f curl sleep
mkdir -p "$tmp/www" "$tmp/lib/systemd"
: >"$tmp/www/report"
busybox httpd -f -p 127.0.0.1:8099 -h "$tmp/www" &
httpd=$!
trap 'kill $httpd; rm -rf "$tmp"' EXIT
until busybox wget -q -O /dev/null http://127.0.0.1:8099/report 2>/dev/null; do sleep 0.1; done
first_boot() { # url commands...
	rm -rf "${tmp:?}/bin" "$tmp/system"
	mkdir -p "$tmp/bin" "$tmp/system/etc/pxekit" "$tmp/system/usr/local/lib/pxekit"
	echo "$1" >"$tmp/system/etc/pxekit/report.url"
	shift
	for c in cat sed head tail mv rm rmdir sync uname sh "$@"; do
		ln -s "$(command -v "$c")" "$tmp/bin/$c"
	done
	printf '#!/bin/sh\necho "2: e inet 10.0.0.9/24 scope global e"\n' >"$tmp/bin/ip"
	printf '#!/bin/sh\n' >"$tmp/bin/sleep"
	chmod +x "$tmp/bin/ip" "$tmp/bin/sleep"
	PATH=$tmp/bin PXEKIT_ROOT=$tmp/system sh "$srcdir/tools/ipxegen/templates/firstboot.sh"
	ended=$?
	find "$tmp/system" -name 'report*'
	return $ended
}
for client in curl wget bash busybox; do
	run first_boot http://127.0.0.1:8099 "$client"
	is 0 '' ''
done
run first_boot http://127.0.0.1:8099/missing curl
is 1 "$tmp/system/etc/pxekit/report.url" 'the server does not answer; the next boot tries again'

# --- the tools that build, as far as they refuse
cd "$tmp" || exit 99
for tool in mkdeployenv mkrootfs fetch-ipxe; do
	run "$srcdir/scripts/$tool" --nonsense
	is 2 '' "$tool: unrecognized option '--nonsense'
$tool: wrong options
Try '$tool --help'."
	run sh -c "$srcdir/scripts/$tool --help | head -n1"
	is 0 "Usage: $tool [OPTION]..." ''
done
mkdir foreign && : >foreign/precious
run "$srcdir/scripts/mkdeployenv" -o foreign -c cache
is 2 '' "mkdeployenv: foreign holds 'precious', which is not ours: choose another folder
Try 'mkdeployenv --help'."
run "$srcdir/scripts/mkrootfs" --version=../1
is 2 '' "mkrootfs: '../1' is no name for an image or a version
Try 'mkrootfs --help'."

end
