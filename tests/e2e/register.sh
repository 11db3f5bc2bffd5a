#!/bin/sh
# register.sh - a person at the keyboard of a machine that nobody knows: iPXE's menu, sign in,
# a host name, an image, all typed; the machine gets its job and goes on to boot it.
# Rows: X-13 S2-23
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
lab=$top/scripts/lab

if [ "${1-}" != --inside ]; then
	work=$(mktemp -d "${TMPDIR:-/tmp}/pxekit-register.XXXXXX")
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	export LAB_DIR="$work"
	status=0
	"$lab/net" run "$0" --inside || status=$?
	exit $status
fi
work=$LAB_DIR site=$LAB_DIR/site admin=''
build=${FIRMWARE_BUILD:-$top/build/check}
# shellcheck source=scripts/lab/phases
. "$lab/phases"

finish() {
	status=$?
	trap - EXIT
	[ $status = 0 ] || died register.sh
	[ -z "$admin" ] || kill "$admin" 2>/dev/null || :
	"$lab/site" stop "$site" || :
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A disc whose boot sector says on the serial line what it is, and halts.
disc_make() {
	mkdir "$work/disc"
	printf '\061\300\216\330\276\025\174\272\370\003\254\204\300\164\003\356\353\370\364\353\375' \
		>"$work/disc/boot.img"
	printf '\nthe disc boots\r\n' >>"$work/disc/boot.img"
	truncate -s 510 "$work/disc/boot.img"
	printf '\125\252' >>"$work/disc/boot.img"
	truncate -s 1M "$work/disc/boot.img"
	genisoimage -quiet -r -b boot.img -no-emul-boot -boot-load-size 4 -o "$work/disc.iso" \
		"$work/disc"
	for name in another disc third; do
		"$build/imgctl" import "$work/disc.iso" --name $name --version 1
	done
	chmod -R a+rX "$work/images"
}

begin 'starting the site'
mkdir "$work/images" "$work/deploy"
"$lab/site" make "$site" "$build" "$work/images" "$work/deploy"
sed -i 's/unknown = .*/unknown = "menu"/' "$site/pxekit.conf"
cat >>"$site/pxekit.conf" <<END
admin { user = "" www = "$top/tools/bootweb/www" }
menu add { title = "Add this machine" url = "http://$LAB_SERVER:8081/register.ipxe" }
END
export PXEKIT_CONF="$site/pxekit.conf"
disc_make
"$lab/site" start "$site"
# Octets that URLs, scripts and iPXE itself could each take for their own.
password="p@ss:w/o%20rd?&#\${mac}'\"\\ +|x"
printf '%s\n' "$password" | "$site/bin/jobctl" user add --role=operator otto
printf '%s\n' "$password" | "$site/bin/jobctl" user add --role=viewer vera
"$build/bootweb" --face=admin --plain-http --listen="$LAB_SERVER:8081" \
	>"$site/events" 2>"$site/log/admin.log" </dev/null &
admin=$!
deadline=$(($(date +%s) + 120))
until curl -sf -m 5 -o "$work/script" "http://$LAB_SERVER:8081/register.ipxe"; do
	kill -0 "$admin" && [ "$(date +%s)" -lt $deadline ]
	sleep 0.2
done

begin 'a person at the keyboard'
"$lab/net" tap vm0
# Debian's own, to which its pyte belongs.
/usr/bin/python3 "$top/tests/e2e/register.py" "$password" "$site/bin/jobctl" "$work" -- \
	"$lab/vm" --firmware=bios --mac=52:54:00:65:d5:13 --tap=vm0 --memory=256 --cpus=1
