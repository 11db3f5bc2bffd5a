#!/bin/sh
# Rows: S2-01
# tftpd-lite --chroot: its directory is all that it can see, however it is started.
set -u
. "${srcdir:-.}/tests/sh.inc"

if [ "${TFTPD_INSIDE:-}" != yes ]; then
	TFTPD_INSIDE=yes exec "$srcdir/scripts/in-netns" "$0"
fi
. "$srcdir/tests/integration/tftpd-lite.inc"
PATH=$PATH:$builddir/tests/integration

mkdir "$root/Boot"
head -c 100000 /dev/urandom >"$root/Boot/BCD"
ln -s /Boot/BCD "$root/inside"
ln -s "$tmp/outside" "$root/outside"
echo OUTSIDE >"$tmp/outside"
chmod -R a+rX "$root"
cat >"$tmp/pxekit.conf" <<END
tftp = "$root"
network lab { subnet = 127.0.0.0/8 }
alias bcd { name = bcd file = Boot/BCD }
END

fetch() { # NAME
	tftp_client 127.0.0.1 69 "$1" >"$tmp/got" 2>"$tmp/told" && cmp "$tmp/got" "$root/Boot/BCD"
}
# All of it, with a server that is started somehow.
serves() {
	run readlink "/proc/$server/root"
	is 0 "$root" ''
	run grep -E '^(CapEff|CapPrm|NoNewPrivs)' "/proc/$server/status"
	if [ "$user" != --user= ]; then
		is 0 "CapPrm:	0000000000000000
CapEff:	0000000000000000
NoNewPrivs:	1" ''
	fi
	run fetch Boot/BCD
	is 0 '' ''
	run fetch bcd
	is 0 '' ''
	run tftp_client 127.0.0.1 69 outside
	is 1 '' "$1"
}
start --chroot
serves 'ERROR 2 access refused'
kill -HUP "$server"
tries=0
until [ -s "$tmp/messages" ] || [ "$tries" -ge 600 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
run cat "$tmp/messages"
is 0 'tftpd-lite: the configuration is not to be seen from inside --chroot' ''
run fetch bcd
is 0 '' ''
run stop
is 0 '' ''

# Links of any kind end where the process does.
start --chroot --links=anywhere
serves 'ERROR 1 no such file'
run fetch inside
is 0 '' ''
stop

start_by handover inetd 127.0.0.1 69 "$builddir/tftpd-lite" --chroot
serves 'ERROR 2 access refused'
stop

# As a unit starts it: a socket, a user with one capability, and a path for READY=1.
if [ "$user" != --user= ]; then
	chmod 755 "$builddir" 2>/dev/null || :
	socat -u "UNIX-RECV:$tmp/notify,mode=777" "CREATE:$tmp/ready" &
	notify=$!
	until [ -S "$tmp/notify" ]; do sleep 0.05; done
	NOTIFY_SOCKET=$tmp/notify start_by handover systemd 127.0.0.1 69 \
		"$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+sys_chroot \
		--ambient-caps=+sys_chroot --bounding-set=-all,+sys_chroot \
		"$builddir/tftpd-lite" --chroot
	serves 'ERROR 2 access refused'
	until grep -q READY=1 "$tmp/ready"; do
		kill -0 "$notify" || break
		sleep 0.05
	done
	run grep -c READY=1 "$tmp/ready"
	is 0 1 ''
	stop
	kill "$notify"
fi

# Without the right to, it says so.
run setpriv --bounding-set=-sys_chroot --inh-caps=-sys_chroot "$builddir/tftpd-lite" \
	--config="$tmp/pxekit.conf" --chroot "$user"
is 3 '' "tftpd-lite: $root: cannot become the root: Operation not permitted"
run tftpd-lite --config="$tmp/pxekit.conf" --chroot --user=no-such-user
if [ "$user" != --user= ]; then
	is 3 '' 'tftpd-lite: no-such-user: cannot become this user: No such file or directory'
fi
end
