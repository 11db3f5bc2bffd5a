#!/bin/sh
# units.sh - our units under a real systemd: a Debian of its own in systemd-nspawn, with
# pxekit installed as `make install` does it. Every daemon and ingest is killed once.
# Needs root, systemd-container, mmdebstrap and a package mirror; two minutes the first time.
# Rows: S0-03 S0-04 S0-13 S1-21
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
cache=$top/build/lab/systemd.tar

[ "$(id -u)" = 0 ] || {
	echo '1..0 # SKIP only root starts a systemd'
	exit 0
}
work=$(mktemp -d "${TMPDIR:-/tmp}/pxekit-units.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
tree=$work/tree

if [ ! -e "$cache" ]; then
	mkdir -p "${cache%/*}"
	# Debian's sources as apt has them here.
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --format '$(ORIGIN)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' | sed -n 's/^Debian|//p' | sort -u >"$work/sources.list"
	mmdebstrap --quiet --variant=minbase --include=systemd-sysv,dbus,curl,tftp-hpa,procps \
		--include=libsqlite3-0,libconfuse2,libmicrohttpd12,libsodium23,libjansson4 \
		--include=libsmartcols1,util-linux bookworm "${cache%.tar}.new.tar" "$work/sources.list"
	mv "${cache%.tar}.new.tar" "$cache"
fi
mkdir "$tree"
tar -xf "$cache" -C "$tree"
"$top/scripts/build" "$top/build/units" --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
	--with-systemdsystemunitdir=/lib/systemd/system
make -s -C "$top/build/units" install DESTDIR="$tree" >"$work/install.log" 2>&1 || {
	cat "$work/install.log"
	exit 3
}

# One job's image, and what the machines are told about us.
mkdir -p "$tree/etc/pxekit"
echo "url = 'http://127.0.0.1:8080'" >"$tree/etc/pxekit/pxekit.conf"
cat >"$tree/inside" <<'END'
#!/bin/sh
# Runs in there when all has started; ends the machine.
exec >/tap 2>/messages
n=0
ok() { # name; what went before is the verdict
	verdict=$?
	n=$((n + 1))
	[ $verdict = 0 ] || printf 'not '
	echo "ok $n - units: $1"
}
until_true() {
	deadline=$(($(date +%s) + 60))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 0.1
	done
}
scripts() { jobctl --json events | grep -c '"event":"script"'; }
has_scripts() { [ "$(scripts)" = "$1" ]; }
job_is() { jobctl list --all | grep -q " $1 "; }
up() { systemctl --quiet is-active pxekit-ingest pxeproxy tftpd-lite bootweb; }
owner() { ps -o user:20= -p "$(systemctl show -P MainPID "$1")" | tr -d ' '; }

until_true up
ok 'all are ready'
[ "$(owner bootweb) $(owner tftpd-lite) $(owner pxeproxy)" = 'pxekit pxekit pxekit' ]
ok 'the daemons are one user'
[ "$(owner pxekit-ingest)" = pxekit-ingest ]
ok 'ingest is another'
[ "$(stat -c '%U %G %a' /var/lib/pxekit/jobs.db)" = 'pxekit-ingest pxekit 640' ]
ok 'who owns the database'
! setpriv --reuid=pxekit --regid=pxekit --clear-groups touch /var/lib/pxekit/x /var/lib/pxekit/jobs.db
ok 'the daemons cannot write it'
setpriv --reuid=pxekit --regid=pxekit --clear-groups sh -c ': >/run/pxekit/events'
ok 'but the FIFO'
! setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c ': >/run/pxekit/events'
ok 'which nobody else can'

mkdir -p /var/lib/pxekit/images/d/1
ln -s 1 /var/lib/pxekit/images/d/current
echo hello >/var/lib/pxekit/images/d/1/rootfs.tar.gz
(
	echo '# pxekit-image: 1'
	printf '# name: d\n# version: 1\n# kind: rootfs\n# arch: x86_64\n# min-disk: 1048576\n'
	echo '# size: 6 rootfs.tar.gz'
	cd /var/lib/pxekit/images/d/1 && sha256sum rootfs.tar.gz
) >/var/lib/pxekit/images/d/1/MANIFEST
cp /var/lib/pxekit/images/d/1/rootfs.tar.gz /var/lib/pxekit/tftp/loader
jobctl add --mac 52:54:00:12:34:57 --image d --hostname h1 >/added
ok 'root adds a job'
cd /tmp && tftp -m binary 127.0.0.1 -c get loader && cmp loader /var/lib/pxekit/tftp/loader
ok 'TFTP by the socket unit'
get() { curl -fsS -m 30 "http://127.0.0.1:8080$1"; }
get /boot/52-54-00-12-34-57.ipxe >/script
ok 'HTTP by the socket unit'
token=$(grep -o '/j/[^ /]*' /script | head -n 1)
get "$token/report?state=booting" >/reported && until_true job_is booting
ok 'a report reaches the database'

# Nothing is lost while ingest is dead.
before=$(scripts)
systemctl kill -s KILL pxekit-ingest
for _ in 1 2 3 4 5 6 7 8 9 10; do get /boot/52-54-00-12-34-57.ipxe >/script; done
until_true has_scripts $((before + 10))
ok 'ingest was killed and nothing is lost'

# The sockets stay open while the daemons are dead.
systemctl kill -s KILL bootweb tftpd-lite pxeproxy
get /boot/52-54-00-12-34-57.ipxe >/script && until_true has_scripts $((before + 11))
ok 'bootweb was killed and answers'
tftp -m binary 127.0.0.1 -c get loader && cmp loader /var/lib/pxekit/tftp/loader
ok 'so does tftpd-lite'
until_true up
ok 'all are back'

systemctl reload bootweb tftpd-lite pxeproxy && up
ok 'all read their configuration again'
systemctl stop pxeproxy bootweb.service tftpd-lite.service
until_true sh -c '[ $(jobctl --json events | grep -c "\"event\":\"stopped\"") = 3 ]'
ok 'all end in order, and say so'
! systemctl --quiet is-failed pxekit-ingest pxeproxy tftpd-lite bootweb
ok 'none has failed'
journalctl -q --no-pager -u pxekit-ingest -u pxeproxy -u tftpd-lite -u bootweb >/journal
echo "1..$n"
systemctl poweroff
END
chmod 755 "$tree/inside"
cat >"$tree/etc/systemd/system/inside.service" <<'END'
[Unit]
After=bootweb.service pxeproxy.service tftpd-lite.service pxekit-ingest.service
[Service]
Type=oneshot
ExecStart=/inside
[Install]
WantedBy=multi-user.target
END
systemctl --quiet --root="$tree" enable inside.service pxekit-events.socket \
	pxekit-ingest.service pxeproxy.service tftpd-lite.service bootweb.service 2>/dev/null

# nspawn of Debian 12 does not know landlock's system calls.
timeout 600 systemd-nspawn -q -D "$tree" --private-network --boot --register=no --keep-unit \
	--system-call-filter='landlock_create_ruleset landlock_add_rule landlock_restrict_self' \
	</dev/null >"$work/console" 2>&1 || :
if [ -s "$tree/tap" ]; then
	cat "$tree/tap"
else
	tail -n 40 "$work/console"
	echo 'not ok 1 - units: systemd did not come up'
fi
if ! grep -q '^1\.\.' "$tree/tap" || grep -q '^not ok' "$tree/tap"; then
	sed 's/^/# /' "$tree/messages" "$tree/journal" 2>/dev/null | tail -n 80
	exit 1
fi
