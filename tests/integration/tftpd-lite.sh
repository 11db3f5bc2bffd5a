#!/bin/sh
# Rows: S0-09 S2-01 N-08 N-09
# tftpd-lite in a network of its own, with the clients that Debian has and one that
# behaves as firmware does; the server is a user that can write nothing.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi

# All of the server's texts go here; it runs as nobody where we may change users.
root=$tmp/root
chmod 755 "$tmp"
mkdir -p "$root/Boot"
head -c 1048576 /dev/urandom >"$root/ipxe.efi"
head -c 33555000 /dev/urandom >"$root/wrap"
head -c 51200 /dev/urandom >"$root/Boot/BCD"
printf 'one\ntwo\rthree\r\n' >"$root/text"
: >"$root/empty"
echo secret >"$root/private"
echo OUTSIDE >"$tmp/outside"
ln -s ../outside "$root/link-out"
ln -s /etc/passwd "$root/link-abs"
ln -s Boot/BCD "$root/link-in"
mkfifo "$root/fifo"
chmod -R a+rX,a-w "$root"
chmod 640 "$root/private"

cat >"$tmp/pxekit.conf" <<EOF
site = "test"
tftp = "$root"
EOF
user=--user=nobody
setpriv --reuid=65534 --clear-groups true 2>/dev/null || user=--user=
"$builddir/tftpd-lite" --check --config="$tmp/pxekit.conf" || exit 99

start() {
	start_by "$builddir/tftpd-lite" "$@"
}

# start_by COMMAND...: the same, by something that hands sockets over.
start_by() {
	: >"$tmp/events"
	"$@" --config="$tmp/pxekit.conf" "$user" >"$tmp/events" 2>"$tmp/messages" </dev/null &
	server=$!
	until grep -q '"event":"started"' "$tmp/events"; do
		kill -0 "$server" || {
			cat "$tmp/messages"
			exit 99
		}
		sleep 0.05
	done
}

# Ends it and says how it ended.
stop() {
	kill -TERM "$server"
	wait "$server"
}

client() {
	"$builddir/tests/integration/tftp_client" "$@"
}

# same FILE COMMAND...: the command puts FILE's octets into $tmp/got.
same() {
	file=$1
	shift
	rm -f "$tmp/got"
	"$@" >"$tmp/client" 2>&1
	run cmp "$tmp/got" "$root/$file"
	what="$file: $*"
	is 0 '' ''
}

fetch() {
	client "$@" >"$tmp/got"
}

# await COMMAND...: until it succeeds, but not for ever.
await() {
	tries=0
	until "$@" || [ "$tries" -ge 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

has_new() {
	client 10.0.0.9 69 new >"$tmp/got" 2>/dev/null
}

# event PATTERN...: waits until a line of the events holds all of them.
event() {
	sought=$*
	tries=0
	while [ "$tries" -lt 600 ]; do
		cp "$tmp/events" "$tmp/lines"
		for pattern; do
			grep -e "$pattern" "$tmp/lines" >"$tmp/lines2"
			mv "$tmp/lines2" "$tmp/lines"
		done
		[ -s "$tmp/lines" ] && break
		tries=$((tries + 1))
		sleep 0.1
	done
	run test -s "$tmp/lines"
	what="event with $sought"
	is 0 '' ''
}

start

# The clients of the packages, with their own ideas of options.
same ipxe.efi curl -sS -o "$tmp/got" tftp://10.0.0.1/ipxe.efi
same ipxe.efi curl -sS --tftp-no-options -o "$tmp/got" tftp://10.0.0.1/ipxe.efi
same ipxe.efi curl -sS --tftp-blksize 1468 -o "$tmp/got" tftp://10.0.0.1/ipxe.efi
same ipxe.efi curl -sS --tftp-blksize 65464 -o "$tmp/got" tftp://10.0.0.1/ipxe.efi
same ipxe.efi tftp -m binary 10.0.0.1 -c get ipxe.efi "$tmp/got"
same ipxe.efi atftp --option 'blksize 1428' --option 'tsize 0' -g -r ipxe.efi -l "$tmp/got" 10.0.0.1
same ipxe.efi atftp --option 'windowsize 16' --option 'blksize 1428' -g -r ipxe.efi -l "$tmp/got" 10.0.0.1
same ipxe.efi busybox tftp -g -r ipxe.efi -l "$tmp/got" 10.0.0.1
same ipxe.efi busybox tftp -b 1468 -g -r ipxe.efi -l "$tmp/got" 10.0.0.1

# Each option, on and off.
for options in '' -s '-b 1468' '-b 8192' '-b 65464' '-w 4' '-w 64' '-w 16 -b 1468 -s' \
	'-w 64 -b 65464' '-s -b 1468 -w 4 -T 5'; do
	# shellcheck disable=SC2086 # these are words
	same ipxe.efi fetch $options 10.0.0.1 69 ipxe.efi
done
run client -w 65535 -b 70000 -s -T 200 10.0.0.1 69 empty
is 0 '' '1 blocks, 0 repeats, windowsize 16, blksize 65464, tsize 0, timeout 200'
run client -p -b 1468 -w 4 -s 10.0.0.1 69 ipxe.efi
is 0 '' '0 blocks, 0 repeats, blksize 1468, windowsize 4, tsize 1048576'
event '"action":"probe"' '"status":0'

# More than 65535 blocks, in lockstep and in windows.
same wrap fetch 10.0.0.1 69 wrap
same wrap fetch -w 64 10.0.0.1 69 wrap

# Names.
same Boot/BCD fetch 10.0.0.1 69 '\Boot\BCD'
same Boot/BCD fetch 10.0.0.1 69 '//./Boot//BCD'
same Boot/BCD fetch 10.0.0.1 69 link-in
same empty fetch 10.0.0.1 69 empty
for name in ../outside '..\outside' Boot/../../outside link-out link-abs private fifo Boot; do
	run client 10.0.0.1 69 "$name"
	case $name in
	*..*) is 1 '' 'ERROR 2 the name goes up' ;;
	*) is 1 '' 'ERROR 2 access refused' ;;
	esac
done
run client 10.0.0.1 69 ''
is 1 '' 'ERROR 2 the name is empty'
run client 10.0.0.1 69 none
is 1 '' 'ERROR 1 no such file'
event '"file":"none"' '"action":"refused"' '"status":1' '"address":"10.0.0.1"'

# netascii: what a Unix client makes of it is the text again.
same text tftp -m ascii 10.0.0.1 -c get text "$tmp/got"

# A bad network, and clients that repeat themselves.
same ipxe.efi fetch -A 20 -b 1468 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -D 20 -b 1468 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -D 50 -A 30 -b 1468 -w 4 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -D 50 -A 30 -b 1468 -w 16 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -e -D 50 -b 1468 -w 4 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -e -r -b 1468 -w 16 10.0.0.1 69 ipxe.efi
event '"action":"done"' '[1-9][0-9]* repeated'
# (With a timeout so long, nothing is repeated for want of time.)
run client -2 -T 200 10.0.0.1 69 Boot/BCD
mv "$tmp/out" "$tmp/got" && : >"$tmp/out"
is 0 '' '101 blocks, 0 repeats, timeout 200'

# A client that goes away in the middle leaves all others alone.
fetch -c 100 10.0.0.1 69 ipxe.efi
event '"action":"unreachable"' '"status":9'
same ipxe.efi fetch -b 1468 10.0.0.1 69 ipxe.efi

# Many at once, who compare every octet; and many who lose one packet in a hundred.
for options in '-n 64' '-n 64 -w 4' '-n 256 -w 16' '-n 64 -w 4 -l 100 -e'; do
	# shellcheck disable=SC2086 # these are words
	run "$builddir/tests/bench/tftp_load" $options -b 1428 10.0.0.1 69 Boot/BCD "$root/Boot/BCD"
	: >"$tmp/out"
	is 0 '' ''
done

# Nobody acknowledges 3000 requests; the next client is served as if there were none.
same ipxe.efi fetch -f 3000 -b 1468 10.0.0.1 69 ipxe.efi

# One event tells all about one transfer.
event '"action":"done"' '"file":"ipxe.efi"' '"octets":1048576' 'blksize 1468, windowsize 4' \
	'"address":"10.0.0.1"' '"ms":[0-9]'

run stop
is 0 '' ''
event '"event":"stopped"'
run cat "$tmp/messages"
is 0 '' ''

# Other ways to send, and other places to hear.
start --no-segments
same ipxe.efi fetch -b 1468 -w 64 10.0.0.1 69 ipxe.efi
stop
start --single-port --port=6969
same ipxe.efi fetch -b 1468 -w 4 10.0.0.1 6969 ipxe.efi
stop

# The answer comes from the address that was asked (T81).
ip addr add 10.0.0.9/24 dev boot0
start
same ipxe.efi fetch -b 1468 10.0.0.9 69 ipxe.efi
stop
$PEER ip addr add 10.0.0.2/24 dev nic0
start --listen=10.0.0.9 --listen=::1
$PEER curl -sS --tftp-blksize 1468 -o "$tmp/got" tftp://10.0.0.9/ipxe.efi
run cmp "$tmp/got" "$root/ipxe.efi"
is 0 '' ''
same ipxe.efi fetch -b 1428 -w 16 ::1 69 ipxe.efi
event '"address":"::1"'

# Over a real MTU: segments that fit it, and blocks that must be sent in fragments.
peer_fetch() {
	# shellcheck disable=SC2086 # a command and its arguments
	$PEER "$builddir/tests/integration/tftp_client" "$@" >"$tmp/got"
}
for options in '-b 1468' '-b 1468 -w 16' '-b 1472 -w 4' '-b 1473 -w 64' '-b 8192 -w 16' '-b 65464 -w 4'; do
	# shellcheck disable=SC2086 # these are words
	same ipxe.efi peer_fetch $options 10.0.0.9 69 ipxe.efi
done
event '"address":"10.0.0.2"' 'blksize 8192, windowsize 16'

# A new root on SIGHUP, and the old one if the file is wrong.
mkdir "$tmp/other"
head -c 4000 /dev/urandom >"$tmp/other/new"
chmod 755 "$tmp/other"
sed -i 's|root"|other"|' "$tmp/pxekit.conf"
kill -HUP "$server"
await has_new
run cmp "$tmp/got" "$tmp/other/new"
is 0 '' ''
echo 'tftp =' >"$tmp/pxekit.conf"
kill -HUP "$server"
await grep -q 'stays as it was' "$tmp/messages"
run client -T 200 10.0.0.9 69 new
mv "$tmp/out" "$tmp/got" && : >"$tmp/out"
is 0 '' '8 blocks, 0 repeats, timeout 200'

# At the end the clients are told.
rm "$tmp/got"
client -z 3 10.0.0.9 69 new >"$tmp/got" 2>"$tmp/told" &
told=$!
await test -s "$tmp/got"
run stop
is 0 '' ''
wait "$told"
run tail -n 1 "$tmp/told"
is 0 'ERROR 0 the server is stopping' ''

# Sockets that others have bound.
printf 'tftp = "%s"\n' "$root" >"$tmp/pxekit.conf"
start_by "$builddir/tests/integration/handover" systemd 10.0.0.1 69 "$builddir/tftpd-lite"
same ipxe.efi fetch -b 1428 -w 16 10.0.0.1 69 ipxe.efi
run stop
is 0 '' ''
start_by "$builddir/tests/integration/handover" systemd any 69 "$builddir/tftpd-lite"
same ipxe.efi fetch 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -b 1428 -w 16 10.0.0.1 69 ipxe.efi
same ipxe.efi fetch -b 1428 -w 16 ::1 69 ipxe.efi
event '"address":"10.0.0.1"' '"action":"done"'
stop
start_by "$builddir/tests/integration/handover" systemd any 69 "$builddir/tftpd-lite" --single-port
same ipxe.efi fetch -b 1428 -w 16 10.0.0.9 69 ipxe.efi
stop
start_by "$builddir/tests/integration/handover" inetd 10.0.0.1 69 "$builddir/tftpd-lite" --exit-idle=1
same ipxe.efi fetch -b 1428 -w 16 10.0.0.1 69 ipxe.efi
run wait "$server"
is 0 '' ''

# What is wrong is said, and nothing is done.
run tftpd-lite --config=/dev/null --root=/nonexistent
is 2 '' 'tftpd-lite: /nonexistent: No such file or directory'
run tftpd-lite --config=/dev/null --root="$root" --check
is 0 '' ''
run tftpd-lite --port=0
is 2 '' "tftpd-lite: port '0': not a number from 1 to 65535"
run tftpd-lite file
is 2 '' "tftpd-lite: 'file': tftpd-lite takes no arguments"
run tftpd-lite --config=/dev/null --root="$root" --listen=10.9.9.9
is 3 '' 'tftpd-lite: 10.9.9.9: cannot bind UDP port 69: Cannot assign requested address'
run with_tcp tftpd-lite --config=/dev/null --root="$root"
is 3 '' 'tftpd-lite: the sockets handed over: Protocol wrong type for socket'

end
