#!/bin/sh
# tftp-clients.sh - real firmware and boot loaders fetch from tftpd-lite, each in a QEMU
# machine of its own: OVMF's EDK2, GRUB, the iPXE of a network card, PXELINUX and U-Boot.
# What each of them got is proved by itself: it compares a checksum, or runs what it has
# fetched, and what runs then asks for a file whose event says so.
# Rows: S2-01 S2-20
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
lab=$top/scripts/lab build=${builddir:-$top/build/check}

if [ "${1-}" != --inside ]; then
	work=$(mktemp -d "${TMPDIR:-/tmp}/pxekit-tftp.XXXXXX")
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	export LAB_DIR="$work"
	status=0
	"$lab/net" run "$0" --inside || status=$?
	exit $status
fi

work=$LAB_DIR root=$LAB_DIR/root events=$LAB_DIR/events n=0 bad=0
rom=/usr/lib/u-boot/qemu-x86/u-boot.rom
mkdir -p "$root/grub" "$root/pxelinux.cfg"

check() { # what holds, then a command that says so
	n=$((n + 1)) what=$1
	shift
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		bad=$((bad + 1))
	fi
}

# Waits with a generous clock: these machines are slow at times.
await() { # command...
	deadline=$(($(date +%s) + 600))
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 1
	done
}

# The whole of a file has gone to a client, whose address is not known beforehand.
fetched() { # file
	size=$(stat -c %s "$root/$1")
	jq -se --arg file "$1" --argjson size "$size" 'any(.[]; (.file // "" | ltrimstr("/")) == $file and
		.action == "done" and .octets == $size)' "$events" >/dev/null
}

got() { # who, file...
	who=$1
	shift
	for file; do
		check "$who: $file" await fetched "$file"
	done
}

# What there is to fetch.
head -c 3000000 /dev/urandom >"$root/image"
sum=$(sha256sum <"$root/image") crc=$(gzip -c <"$root/image" | tail -c 8 | od -An -tx4 -N4 | tr -d ' ')

# iPXE, as a kernel, runs a script: it asks for the file that says who loaded it.
cp /boot/ipxe.lkrn "$root/kernel"
for who in ipxe pxelinux; do
	echo "loaded by $who" >"$root/ran-$who"
	printf '#!ipxe\ndhcp\nimgfetch tftp://%s/ran-%s\nshell\n' "$LAB_SERVER" $who >"$root/script-$who"
done
cat >"$root/boot.ipxe" <<END
#!ipxe
imgfetch tftp://$LAB_SERVER/image
imgfree image
kernel tftp://$LAB_SERVER/kernel
initrd tftp://$LAB_SERVER/script-ipxe
boot
END

cp /usr/lib/PXELINUX/lpxelinux.0 /usr/lib/syslinux/modules/bios/ldlinux.c32 "$root/"
cat >"$root/pxelinux.cfg/default" <<END
DEFAULT it
LABEL it
	KERNEL kernel
	INITRD script-pxelinux
END

# GRUB compares the hash, and asks for the one file or the other.
grub-mkimage -O x86_64-efi -o "$root/grub.efi" -p /grub \
	efinet tftp net normal configfile echo test hashsum gcry_sha256 sleep
printf '%s  /image\n' "${sum% *-}" | sed 's/ *\/image/  \/image/' >"$root/grub/sums"
echo 'echo right' >"$root/grub/right.cfg"
cat >"$root/grub/grub.cfg" <<'END'
if hashsum --hash sha256 --check /grub/sums; then
	source /grub/right.cfg
fi
sleep 10000
END
chmod -R a+rX "$root"

"$build/tftpd-lite" --config=/dev/null --root="$root" --listen="$LAB_SERVER" --user= >"$events" &
server=$!
# The foreign DHCP server names a file for each machine.
"$lab/net" dhcp stop
cat >>"$work/dhcp.conf" <<END
dhcp-host=52:54:00:00:00:01,set:ovmf
dhcp-boot=tag:ovmf,grub.efi,,$LAB_SERVER
dhcp-host=52:54:00:00:00:02,set:ipxe
dhcp-boot=tag:ipxe,boot.ipxe,,$LAB_SERVER
dhcp-host=52:54:00:00:00:03,set:pxelinux
dhcp-boot=tag:pxelinux,lpxelinux.0,,$LAB_SERVER
dhcp-host=52:54:00:00:00:04,set:uboot
dhcp-boot=tag:uboot,image,,$LAB_SERVER
END
"$lab/net" foreign dnsmasq --conf-file="$work/dhcp.conf"

machines=''
machine() { # tap, number, options of vm
	"$lab/net" tap "$1"
	tap=$1 number=$2
	shift 2
	"$lab/vm" --tap="$tap" --mac=52:54:00:00:00:0"$number" --memory=256 --cpus=1 \
		--serial-log="$work/$tap.log" --no-reboot "$@" >/dev/null 2>&1 &
	machines="$machines $!"
}
finish() {
	status=$?
	trap - EXIT
	# shellcheck disable=SC2086 # process ids
	kill $machines "$server" 2>/dev/null || :
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# OVMF loads GRUB, GRUB the image.
machine ovmf 1 --firmware=uefi --vars="$work/vars"
# The iPXE of the card; then iPXE by PXELINUX, which the card's iPXE has loaded.
machine ipxe 2
got OVMF grub.efi
got GRUB grub/grub.cfg grub/sums image grub/right.cfg
got iPXE boot.ipxe kernel script-ipxe ran-ipxe
machine pxelinux 3
got PXELINUX lpxelinux.0 ldlinux.c32 pxelinux.cfg/default script-pxelinux ran-pxelinux

# U-Boot is told what to do by its console.
"$lab/net" tap uboot
mkfifo "$work/keys"
qemu-system-i386 -machine pc -accel tcg -display none -nodefaults -m 256 -bios "$rom" \
	-netdev tap,id=net0,ifname=uboot,script=no,downscript=no \
	-device e1000,netdev=net0,mac=52:54:00:00:00:04 -serial stdio \
	<"$work/keys" >"$work/uboot.log" 2>&1 &
machines="$machines $!"
exec 9>"$work/keys"
says() { tr -d '\r' <"$work/uboot.log" | grep -q "$1"; }
at_prompt() { # whatever it tries to boot is interrupted
	printf '\003' >&9
	says '^=> '
}
await at_prompt || cat "$work/uboot.log"
ready() { [ "$(tr -d '\r' <"$work/uboot.log" | tail -n 1)" = '=> ' ]; }
tell() { # what is typed before the prompt is lost
	await ready
	printf '%s\n' "$1" >&9
}
tell 'setenv autoload no; dhcp; setenv serverip '"$LAB_SERVER"
check 'U-Boot: an address' await says 'DHCP client bound'
for window in 1 8; do
	tell "setenv tftpwindowsize $window; tftpboot 1000000 image; crc32 1000000 \${filesize}; echo done \$?$window"
	check "U-Boot: it is over (window $window)" await says "^done 0$window"
done
check 'U-Boot: the checksum, twice' \
	test "$(tr -d '\r' <"$work/uboot.log" | grep -c "==> $crc")" = 2
agreed() { # file, what the server granted
	jq -se --arg file "$1" --arg granted "$2" 'any(.[]; .file == $file and .action == "done" and
		(.text | contains($granted)))' "$events" >/dev/null
}
check 'OVMF: in windows of 4' agreed grub.efi 'windowsize 4'
check 'U-Boot: in windows of 8' agreed image 'windowsize 8'
none_failed() {
	jq -se 'all(.[]; .event != "transfer" or (.action | IN("done", "probe", "aborted",
		"refused", "unconfirmed", "unreachable")))' "$events" >/dev/null
}
check 'no transfer failed but those that a client gave up' none_failed
echo "1..$n"
[ $bad = 0 ] || {
	cat "$events"
	exit 1
}
