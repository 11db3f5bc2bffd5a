#!/bin/sh
# Rows: S2-20 S2-23 X-17 N-09
# Whom tftpd-lite serves, and which file each of them gets for a name.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"

mac=02-00-00-00-00-07
$PEER ip link set nic0 address 02:00:00:00:00:07
$PEER ip addr add 10.0.0.2/24 dev nic0
$PEER ip addr add 10.0.1.2/32 dev nic0
ip route add 10.0.1.2/32 dev boot0

put() { # file text
	mkdir -p "$(dirname "$root/$1")"
	echo "$2" >"$root/$1"
}
put ipxe.efi common
put Boot/BCD bcd
put x64/wimboot wimboot
put boot/$mac.ipxe 'of this machine'
put boot/default.ipxe 'of any machine'
put @mac/$mac/ipxe.efi 'its own'
put @mac/02-00-00-00-00-08/ipxe.efi "another's"
put @net/lab/menu "lab's"
put menu "everybody's"
put hidden secret
echo OUTSIDE >"$tmp/outside"
ln -s ../outside "$root/link-out"
ln -s menu "$root/link-in"
chmod -R a+rX "$root"
chmod 600 "$root/hidden"
[ "$user" = --user= ] || chown nobody "$root/hidden"

cat >"$tmp/pxekit.conf" <<END
tftp = "$root"
network lab { interface = boot0 subnet = 10.0.0.0/24 }
alias own-script { name = autoexec.ipxe file = 'boot/%m.ipxe' }
alias any-script { name = autoexec.ipxe file = boot/default.ipxe }
alias old-roms { name = 'tftpboot/*' file = '*' }
alias windows { name = wimboot file = x64/wimboot }
END

# What the machine at the other end gets for a name, and what this one itself.
PATH=$PATH:$builddir/tests/integration
fetch() { # command...
	"$@" 2>"$tmp/client" || {
		tail -n 1 "$tmp/client" | tee -a "$tmp/errors"
		return 1
	}
}
near() {
	# shellcheck disable=SC2086 # a command and its arguments
	fetch $PEER tftp_client -s 10.0.0.1 69 "$1"
}
ourselves() {
	fetch tftp_client -s 127.0.0.1 69 "$1"
}
other() { # option...
	# shellcheck disable=SC2086 # a command and its arguments
	fetch $PEER tftp_client "$@" 10.0.0.77 69 menu
}

start
run near ipxe.efi
is 0 'its own' ''
# The event names the machine, and the file that it got.
event '"mac":"02:00:00:00:00:07"' '"file":"ipxe.efi"' "@mac/$mac/ipxe.efi" \
	'"network":"lab"' '"action":"done"'
run ourselves ipxe.efi
is 0 common ''
run near @mac/02-00-00-00-00-08/ipxe.efi
is 1 'ERROR 1 no such file' ''
run near menu
is 0 "lab's" ''
run ourselves menu
is 0 "everybody's" ''

# X-17: iPXE of a shim looks for autoexec.ipxe beside itself.
run near autoexec.ipxe
is 0 'of this machine' ''
run ourselves autoexec.ipxe
is 0 'of any machine' ''
run near '\tftpboot\Boot\BCD'
is 0 bcd ''
run near WIMBOOT
is 0 wimboot ''
run near 'BOOT\bcd'
is 1 'ERROR 1 no such file' ''
run near link-in
is 0 "everybody's" ''
run near link-out
is 1 'ERROR 2 access refused' ''
run near hidden
is 1 'ERROR 2 access refused' ''

# S2-20: another subnet, and another wire, hear nothing; the event says why.
other_subnet() {
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER tftp_client -B 10.0.1.2 -q 10.0.0.1 69 menu
}
run other_subnet
is 3 '' ''
event '"address":"10.0.1.2"' '"action":"refused"' 'no network of ours'
ip link add other0 type veth peer name nic1 netns "$PEER_PID"
ip link set other0 up
$PEER ip link set nic1 up
$PEER ip addr flush dev nic0
$PEER ip addr add 10.0.0.3/24 dev nic1
ip route add 10.0.0.3/32 dev other0
ip addr add 10.0.0.77/32 dev other0
$PEER ip route add 10.0.0.77/32 dev nic1
run other -q
is 1 '' ''
event '"address":"10.0.0.3"' 'no network of ours'
stop

# The same by option, whatever the networks are.
sed -i '/^network/d' "$tmp/pxekit.conf"
start --interface=boot0
run other -q
is 1 '' ''
event '"address":"10.0.0.3"' 'no network of ours'
stop
start --interface=boot0 --interface=other0
run other -s
is 0 "everybody's" ''
stop

# What an administrator may change.
start --ignore-case --links=anywhere --unpublic
run ourselves 'BOOT\bcd'
is 0 bcd ''
run ourselves link-out
is 0 OUTSIDE ''
run ourselves hidden
is 0 secret ''
run ourselves ../outside
is 1 'ERROR 2 the name goes up' ''
stop
start --links=none
run ourselves link-in
is 1 'ERROR 2 access refused' ''
stop

# No error tells where the files are.
run grep -c ERROR "$tmp/errors"
is 0 6 ''
run grep -e "$tmp" -e root "$tmp/errors"
is 1 '' ''

run tftpd-lite --links=some
is 2 '' "tftpd-lite: links 'some': none of none, inside, anywhere"
end
