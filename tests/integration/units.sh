#!/bin/sh
# The units as installed are what systemd takes, and they are closed on all sides.
# Rows: S0-03
set -u
. "${srcdir:-.}/tests/sh.inc"
command -v systemd-analyze >/dev/null || skip 'systemd-analyze is not here'
root=$tmp/root

run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$builddir" install DESTDIR="$root"
[ "$code" = 0 ] && : >"$tmp/out"
is 0 '' ''

# The scripts are commands, and find their parts where they are installed.
for script in mkdeployenv mkrootfs fetch-ipxe; do
	run find "$root" -path "*/bin/$script" -lname "*/pxekit/$script" -printf '%f\n'
	is 0 "$script" ''
done

# The same units, but with programs at the place where they are now.
mkdir "$tmp/units"
find "$root" -path '*/systemd/system/*' -type f | while read -r unit; do
	sed "s|^ExecStart=|ExecStart=$root|" "$unit" >"$tmp/units/${unit##*/}"
done
run sh -c "ls $tmp/units | tr '\n' ' '"
is 0 'bootweb-admin.service bootweb-admin.socket bootweb.service bootweb.socket pxekit-events.socket pxekit-hooks.service pxekit-ingest.service pxekit-sweep.service pxekit-sweep.timer pxeproxy.service tftpd-lite.service tftpd-lite.socket wimprep-rebuild.service wimprep-rebuild.timer ' ''

for unit in "$tmp"/units/*; do
	run env SYSTEMD_UNIT_PATH="$tmp/units:" systemd-analyze verify --man=no "$unit"
	is 0 '' ''
done

# Exposure in tenths, as systemd-analyze security counts it; 10 is a shell of root's.
for unit in "$tmp"/units/*.service; do
	run env SYSTEMD_UNIT_PATH="$tmp/units:" systemd-analyze security --offline=yes \
		--no-pager --threshold=15 "$unit"
	echo "# ${unit##*/}: $(tail -n 1 "$tmp/out")"
	: >"$tmp/out"
	is 0 '' ''
done

# Only jobctl and the face for people may write the state, one the images; but for that
# face they have no network.
run grep '^ReadWritePaths' "$tmp/units/bootweb-admin.service" "$tmp/units/pxekit-ingest.service" "$tmp/units/pxekit-sweep.service" \
	"$tmp/units/pxekit-hooks.service" \
	"$tmp/units/wimprep-rebuild.service" -c
is 0 "$tmp/units/bootweb-admin.service:1
$tmp/units/pxekit-ingest.service:1
$tmp/units/pxekit-sweep.service:1
$tmp/units/pxekit-hooks.service:1
$tmp/units/wimprep-rebuild.service:1" ''
run sh -c "cat $tmp/units/* | grep -c '^ReadWritePaths'"
is 0 5 ''
# Those that read the key of the site dump no memory.
run sh -c "grep -l '^LimitCORE=0' $tmp/units/* | sed 's,.*/,,' | tr '\n' ' '"
is 0 'bootweb-admin.service bootweb.service pxekit-hooks.service pxekit-ingest.service pxekit-sweep.service ' ''
run grep -c '^ReadWritePaths=-.*/images$' "$tmp/units/wimprep-rebuild.service"
is 0 1 ''
run grep -L '^ProtectSystem=strict' "$tmp"/units/*.service
[ "$code" = 1 ] && code=0
is 0 '' ''

[ "$(id -u)" = 0 ] || {
	end
	exit
}

# The users and folders, made in a tree of their own.
mkdir -p "$root/etc"
run systemd-sysusers --root="$root" "$(find "$root" -path '*/sysusers.d/pxekit.conf')"
: >"$tmp/out" 2>"$tmp/err"
is 0 '' ''
run sh -c "cut -d: -f1 $root/etc/passwd; grep ^pxekit: $root/etc/group | cut -d: -f4"
is 0 'pxekit
pxekit-ingest
pxekit-ingest' ''
run systemd-tmpfiles --root="$root" --create "$(find "$root" -path '*/tmpfiles.d/pxekit.conf')"
is 0 '' ''
state=$(find "$root" -type d -path '*/lib/pxekit/images')
uid=$(sed -n 's/^pxekit-ingest:x:\([0-9]*\):.*/\1/p' "$root/etc/passwd")
gid=$(sed -n 's/^pxekit:x:\([0-9]*\):.*/\1/p' "$root/etc/group")
run stat -c '%a %u %g' "${state%/images}" "$state"
is 0 "2750 $uid $gid
2755 0 $gid" ''

end
