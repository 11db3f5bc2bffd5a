#!/bin/sh
# Rows: S2-01
# tftpd-lite and everything that a client may do wrong, on the wire.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi

root=$tmp/root
chmod 755 "$tmp"
mkdir -p "$root/Boot/x64"
head -c 1000 /dev/urandom >"$root/f1000"
head -c 1024 /dev/urandom >"$root/f1024"
head -c 51200 /dev/urandom >"$root/Boot/BCD"
: >"$root/empty"
truncate -s 4294967303 "$root/huge"
printf 'one\ntwo\rthree\n' >"$root/text"
printf 1234 >"$root/a bé"
head -c 33554532 /dev/urandom >"$root/wrap"
head -c 1048576 /dev/urandom >"$root/big"
# Line ends at every place of a block.
head -c 5000 /dev/urandom | tr '\000-\124' '\r' | tr '\125-\251' '\n' |
	tr '\252-\377' x >"$root/lines"
for late in 27 33 37 38 39 40; do
	head -c 300 /dev/urandom >"$root/late$late"
done
echo OUTSIDE >"$tmp/outside"
ln -s ../outside "$root/link-out"
ln -s /etc/passwd "$root/link-abs"
ln -s Boot/BCD "$root/link-in"
ln -s loop "$root/loop"
ln -s gone "$root/dangling"
mkfifo "$root/fifo"
echo secret >"$root/private"
ip addr add 127.0.0.9/8 dev lo
chmod -R a+rX "$root"
chmod 640 "$root/private"
# Only real root makes a device; anybody may bind one in a namespace of his own.
mknod "$root/zero" c 1 5 2>/dev/null || {
	: >"$root/zero"
	mount --bind /dev/zero "$root/zero"
	trap 'umount "$root/zero"; rm -rf "$tmp"' EXIT
}

"$builddir/tftpd-lite" --config=/dev/null --root="$root" --user= >"$tmp/events" &
server=$!
until grep -q '"event":"started"' "$tmp/events"; do
	kill -0 "$server" || exit 99
	sleep 0.05
done
"$builddir/tests/integration/tftp_torture" 127.0.0.1 69 "$root" "$tmp/events"
kill -0 "$server" || echo 'Bail out! the server has died'
kill "$server"
