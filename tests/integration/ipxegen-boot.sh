#!/bin/sh
# iPXE runs the scripts of ipxegen's folder, served by any web server: whatever
# fails or is not there, the machine ends on its own disk and never stands still.
# Rows: S0-10 S0-11 S3-06 S3-19 S4-03 S4-07
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES
site

children=
stop() {
	for child in $children; do
		kill "$child" 2>/dev/null
	done
	wait
	rm -rf "$tmp"
}
trap stop EXIT
patience=600 # seconds until a machine that stands still is given up
begin=$(date +%s)
in_time() {
	[ $(($(date +%s) - begin)) -lt $patience ]
}

mkdir "$tmp/tree"
python3 "$srcdir/tests/integration/static_server.py" "$tmp/tree" "$tmp/port" >"$tmp/requests" &
children="$children $!"
until [ -s "$tmp/port" ] || ! in_time; do
	sleep 0.1
done
port=$(cat "$tmp/port")
cp "$tmp/pxekit.conf" "$tmp/site.conf"
configure() { # URL
	{
		echo "url = \"$1\""
		cat "$tmp/site.conf"
	} >"$tmp/pxekit.conf"
}

# A disk whose boot sector says so on the serial line and ends QEMU with status 1.
disk() { # FILE
	{
		printf '\272\370\003'
		for c in D I S K - B O O T S; do
			printf '\260%s\356' "$c"
		done
		printf '\272\364\000\260\000\356\364\353\375'
	} >"$1"
	dd if=/dev/zero of="$1" bs=1 count=0 seek=1048576 2>/dev/null
	printf '\125\252' | dd of="$1" bs=1 seek=510 conv=notrunc 2>/dev/null
}

# machine NAME MAC [SERIAL]: runs the entry script of $tmp/pxekit.conf
machine() {
	disk "$tmp/$1.img"
	ipxegen boot.ipxe | sed '1a dhcp' >"$tmp/$1.ipxe"
	qemu-system-x86_64 -M q35,graphics=off -accel tcg -m 256 -nodefaults -display none \
		-serial "${3:-file:$tmp/$1.serial}" -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 \
		-netdev user,id=n,restrict=no -device "virtio-net-pci,netdev=n,mac=$2,romfile=" \
		-drive "file=$tmp/$1.img,format=raw,if=virtio" -kernel /boot/ipxe.lkrn \
		-initrd "$tmp/$1.ipxe" </dev/null 2>"$tmp/$1.err" &
	children="$children $!"
	echo $! >"$tmp/$1.pid"
}
ends_on_disk() { # NAME
	pid=$(cat "$tmp/$1.pid")
	while kill -0 "$pid" 2>/dev/null && in_time; do
		sleep 1
	done
	tr -d '\r\n' <"$tmp/$1.serial" | grep -qF DISK-BOOTS
	same "$1: ends on its own disk" 0 $?
}
asked() { # WHAT PATTERN
	grep -q -e "$2" "$tmp/requests"
	same "$1" 0 $?
}

configure "http://10.0.2.2:$port"
run jobctl add --mac 52:54:00:00:00:01 --image debian12 --network lab
run jobctl add --mac 52:54:00:00:00:02 --image debian12 --network lab
run jobctl cancel 2
run jobctl add --mac 52:54:00:00:00:03 --image debian12 --network office
run jobctl cancel 3
mkdir -p "$tmp/images/live/1"
printf '# pxekit-image: 1\n# name: live\n# version: 1\n# kind: linux\n%064d  vmlinuz\n' 0 >"$tmp/images/live/1/MANIFEST"
ln -s 1 "$tmp/images/live/current"
{
	echo 'menu live { title = "A live system" image = live }'
	echo 'menu other { title = "Somebody else'"'"'s" url = "http://10.0.2.2:'"$port"'/other.ipxe" }'
} | tee -a "$tmp/site.conf" >>"$tmp/pxekit.conf"
run ipxegen --all -o "$tmp/tree"
is 0 '' ''
machine install 52:54:00:00:00:01
machine menu 52:54:00:00:00:02
machine local 52:54:00:00:00:03
machine unknown 52:54:00:00:00:09
configure "http://10.0.2.2:$port/hang"
machine hanging 52:54:00:00:00:04
configure "http://10.0.2.2:1"
machine refusing 52:54:00:00:00:05

# A person at the keyboard takes the second entry, which is not there; then nobody does.
configure "http://10.0.2.2:$port"
mkfifo "$tmp/keys.in" "$tmp/keys.out"
machine keys 52:54:00:00:00:02 "pipe:$tmp/keys"
exec 5>"$tmp/keys.in"
cat "$tmp/keys.out" >"$tmp/keys.serial" &
children="$children $!"
until grep -q "iPXE shell" "$tmp/keys.serial" || ! in_time; do
	sleep 0.1
done
printf '\033[B\r' >&5

ends_on_disk local
asked 'local: asks for its script with all its names' '^/boot/52-54-00-00-00-03.ipxe?uuid=[0-9a-f-]*&arch=i386&platform=pcbios&serial='
ends_on_disk unknown
same 'unknown: asks three times' 3 "$(grep -c '^/boot/52-54-00-00-00-09' "$tmp/requests")"
ends_on_disk refusing
ends_on_disk menu
tr -d '\r\n' <"$tmp/menu.serial" | grep -q 'Boot from the local disk'
same 'menu: offers the local disk' 0 $?
ends_on_disk keys
asked 'menu: the chosen entry is started' '^/images/live/1/vmlinuz$'
tr -d '\r\n' <"$tmp/keys.serial" | grep -q 'A live system could not be started'
same 'menu: what cannot be started is said' 0 $?
ends_on_disk install
asked 'install: reports that it is booting' '^/j/[0-9a-f-]*/report?state=booting&step=script$'
same 'install: tries the environment five times' 5 "$(grep -c '^/deploy/vmlinuz' "$tmp/requests")"
asked 'install: reports in the end that it failed' '^/j/[0-9a-f-]*/report?state=failed&step=script&text=iPXE%20could'
ends_on_disk hanging

end
