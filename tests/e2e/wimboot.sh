#!/bin/sh
# wimboot.sh - a prepared boot.wim, of a synthetic Windows PE, starts by the wimboot that
# PXEKIT_WIMBOOT names: the folder of `wimprep build --ready`, iPXE in QEMU, BIOS and UEFI,
# up to a boot manager of ours in the WIM, which says so on the serial line.
# `make check-wimboot PXEKIT_WIMBOOT=FILE` runs it; wimboot is no package of Debian's.
# Rows: S0-14 S1-17 S2-12
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
srcdir=${srcdir:-$top} builddir=${builddir:-$top/build/check}
[ -r "${PXEKIT_WIMBOOT:-}" ] || {
	echo 'wimboot.sh: PXEKIT_WIMBOOT names no wimboot that can be read' >&2
	exit 2
}
. "$top/tests/sh.inc"
. "$top/tests/integration/wimprep.inc"
site
patience=600 # seconds until a machine that stands still is given up
server=''

finish() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	wait
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- two boot managers that say which they are, and switch the machine off ----

cat >"$tmp/say.h" <<'END'
static void out(unsigned short port, unsigned char octet)
{
	__asm__ volatile("outb %0, %1" : : "a"(octet), "Nd"(port));
}
static void say(const char *text)
{
	while (*text)
		out(0x3f8, (unsigned char)*text++);
	out(0xf4, 0);
	for (;;)
		;
}
END
cat >"$tmp/efi.c" <<'END'
#include "say.h"
long efi_main(void *handle, void *table)
{
	say("BOOTMGFW STARTED\r\n");
	return 0;
}
END
cat >"$tmp/bios.c" <<'END'
#include "say.h"
void start(void *descriptor)
{
	say("BOOTMGR STARTED\r\n");
}
END
cat >"$tmp/bios.ld" <<'END'
SECTIONS {
	.text 0x401000 : { *(.text*) *(.rdata*) *(.data*) }
	/DISCARD/ : { *(.drectve) *(.comment) *(.eh_frame*) }
}
END
managers() {
	x86_64-w64-mingw32-gcc -O1 -ffreestanding -fno-stack-check -nostdlib \
		-Wl,--subsystem,10 -Wl,-e,efi_main -o "$tmp/bootmgfw.efi" "$tmp/efi.c" &&
		x86_64-w64-mingw32-gcc -m32 -O1 -ffreestanding -fno-asynchronous-unwind-tables \
			-c -o "$tmp/bios.o" "$tmp/bios.c" &&
		x86_64-w64-mingw32-ld -m i386pe -T "$tmp/bios.ld" --image-base 0x400000 \
			--subsystem 16 -e _start -o "$tmp/bootmgr.exe" "$tmp/bios.o"
}

# ---- the folder ----

boot_wim() {
	media "$tmp/boot.wim"
	{
		echo "add $tmp/bootmgfw.efi /Windows/Boot/EFI/bootmgfw.efi"
		echo "add $tmp/bootmgr.exe /Windows/Boot/PXE/bootmgr.exe"
		echo 'delete --recursive /Windows/Boot/EFI_EX'
	} | wimlib-imagex update "$tmp/boot.wim" 2 >"$tmp/log" 2>&1
}

run managers
is 0 '' ''
run boot_wim
is 0 '' ''
virtio "$tmp/virtio"
program "$tmp/curl.exe"
mkdir "$tmp/tftp" "$tmp/slirp"
cp "$PXEKIT_WIMBOOT" "$tmp/tftp/wimboot"
echo "tftp = \"$tmp/tftp\"" >>"$PXEKIT_CONF"
run wimprep build -d "$tmp/virtio" --curl="$tmp/curl.exe" --ready="$tmp/www" "$tmp/boot.wim"
sed 's/.*: //' "$tmp/out" >"$tmp/last" && tail -n 1 "$tmp/last" >"$tmp/out"
is 0 'is ready' ''

python3 "$top/tests/integration/static_server.py" "$tmp/www" "$tmp/port" >>"$tmp/requests" &
server=$!
began=$(date +%s)
until [ -s "$tmp/port" ]; do
	[ $(($(date +%s) - began)) -lt $patience ] || exit 3
	sleep 0.1
done
printf '#!ipxe\nchain http://10.0.2.2:%s/boot.ipxe\n' "$(cat "$tmp/port")" >"$tmp/slirp/start.ipxe"

# ---- two machines ----

machine() { # NAME [QEMU'S OPTION...]
	name=$1
	shift
	: >"$tmp/requests"
	timeout $patience qemu-system-x86_64 -m 1024 -nodefaults -display none \
		-serial "file:$tmp/$name.serial" -debugcon "file:$tmp/$name.wimboot" -no-reboot \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		-netdev "user,id=n,tftp=$tmp/slirp,bootfile=start.ipxe" \
		-device virtio-net-pci,netdev=n,bootindex=0 "$@" \
		</dev/null >"$tmp/$name.err" 2>&1
}

# What the machine fetched, and what its boot manager said.
starts() { # NAME TEXT
	run sort -u "$tmp/requests"
	what="$1: what was fetched"
	is 0 '/boot.ipxe
/boot.wim
/wimboot' ''
	run grep -aq "$2" "$tmp/$1.serial"
	what="$1: $2"
	[ $code = 0 ] || tail -n 20 "$tmp/$1.serial" "$tmp/$1.wimboot" "$tmp/$1.err" |
		tr -d '\033\r' | sed 's/^/# /'
	is 0 '' ''
}

machine bios -machine q35,graphics=off
starts bios 'BOOTMGR STARTED'
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$tmp/vars.fd"
machine uefi -machine q35 \
	-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
	-drive "if=pflash,format=raw,file=$tmp/vars.fd"
starts uefi 'BOOTMGFW STARTED'
end
