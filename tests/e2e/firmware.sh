#!/bin/sh
# firmware.sh [--full] [FIRMWARE [SERVER]] - real firmware beside foreign DHCP servers: a
# machine with a job takes its next step, a known one without leaves PXE for its disk.
# By itself each firmware meets one of the servers; with --full each meets them all.
# Debian's memtest86+ and a disc, imported by imgctl, run once on whoever has a job for them.
# On route bootmgfw firmware that boots by HTTP loads a stand-in of Microsoft's boot manager,
# which fetches by the firmware's own HTTP what its store names.
# Rows: S0-04 S0-06 S0-07 S0-08 S2-03 S2-07 S3-03 S3-06 X-17 N-01
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
lab=$top/scripts/lab

if [ "${1-}" != --inside ]; then
	work=$(mktemp -d "${TMPDIR:-/tmp}/pxekit-firmware.XXXXXX")
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	export LAB_DIR="$work"
	status=0
	"$lab/net" run "$0" --inside "$@" || status=$?
	exit $status
fi
shift
full=''
if [ "${1-}" = --full ]; then
	full=yes
	shift
fi
work=$LAB_DIR site=$LAB_DIR/site n=0 bad=0 vms=''
build=${FIRMWARE_BUILD:-$top/build/check}
# shellcheck source=scripts/lab/phases
. "$lab/phases"

finish() {
	status=$?
	trap - EXIT
	[ $status = 0 ] || died firmware.sh
	power_off
	"$lab/site" stop "$site" || :
	exit $status
}

jobctl() { "$site/bin/jobctl" "$@"; }

# ---- what there is to boot ----

# Nobody installs it here: the script that leads to it is as far as these machines go.
image_make() {
	mkdir -p "$work/images/tiny/1" "$work/deploy"
	echo payload >"$work/images/tiny/1/rootfs.tar.gz"
	(
		cd "$work/images/tiny/1" || exit
		printf '# pxekit-image: 1\n# name: tiny\n# version: 1\n# kind: rootfs\n'
		printf '# arch: x86_64\n# min-disk: 1048576\n# size: 8 rootfs.tar.gz\n'
		sha256sum rootfs.tar.gz
	) >"$work/images/tiny/1/MANIFEST"
	ln -s 1 "$work/images/tiny/current"
}

# What a disc has for UEFI: a FAT image, here with a GRUB that needs nothing else.
efi_part() { # file
	printf 'echo the disc boots\nsleep 3600\n' >"$work/grub.cfg"
	grub-mkimage -O x86_64-efi -p / -c "$work/grub.cfg" -o "$work/grub.efi" echo sleep
	mformat -i "$1" -C -f 1440 ::
	mmd -i "$1" ::/EFI ::/EFI/BOOT
	mcopy -i "$1" "$work/grub.efi" ::/EFI/BOOT/BOOTX64.EFI
}

# What runs from the network and installs nothing.
tools_make() {
	"$build/imgctl" import /boot/memtest86+x64.efi /boot/memtest86+x64.bin --name memtest --version 6
	mkdir "$work/disc"
	bios_disk "$work/disc/boot.img"
	printf 'the disc boots\r\n' | dd of="$work/disc/boot.img" bs=1 seek=22 conv=notrunc status=none
	efi_part "$work/disc/efi.img"
	genisoimage -quiet -r -b boot.img -no-emul-boot -boot-load-size 4 \
		-eltorito-alt-boot -e efi.img -no-emul-boot -o "$work/disc.iso" "$work/disc"
	"$build/imgctl" import "$work/disc.iso" --name disc --version 1
	chmod -R a+rX "$work/images"
}

# Debian's signed shim and GRUB; and for AAVMF any file, which is only fetched.
loaders_make() {
	mkdir "$site/tftp/grub"
	cp /usr/lib/shim/shimx64.efi.signed "$site/tftp/grub/shimx64.efi"
	cp /usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed "$site/tftp/grub/grubx64.efi"
	echo 'echo grub.cfg was read' >"$site/tftp/grub/grub.cfg"
	mkdir "$site/tftp/arm64"
	head -c 100000 /dev/urandom >"$site/tftp/arm64/ipxe.efi"
	chmod -R a+rX "$site/tftp"
	cat >>"$site/pxekit.conf" <<END
machine sealed { mac = { "52:54:00:5b" } route = shim-grub }
loader arm64 { arch = { 11 } file = "arm64/ipxe.efi" }
END
}

# What wimprep netboot lays out, with a boot manager of ours in the boot.wim.
bootmgr_make() {
	x86_64-w64-mingw32-gcc -O1 -ffreestanding -fshort-wchar -mno-red-zone -Wall -Wextra \
		-Werror -nostdlib -s -Wl,--subsystem,10 -e efi_main -o "$work/bootmgr.efi" \
		"$top/tests/e2e/bootmgr.c"
	mkdir -p "$work/images/ws/1/sources" "$work/pe"
	( # its names are not ours
		# shellcheck disable=SC2034 # media works there
		tmp=$work/pe
		# shellcheck source=/dev/null # checked by itself
		. "$top/tests/integration/wimprep.inc"
		media "$work/images/ws/1/sources/boot.wim"
	)
	wimlib-imagex update "$work/images/ws/1/sources/boot.wim" 2 \
		--command="add $work/bootmgr.efi /Windows/Boot/EFI/bootmgfw.efi" >/dev/null 2>&1
	(
		cd "$work/images/ws/1" || exit
		printf '# pxekit-image: 1\n# name: ws\n# version: 1\n# kind: wim\n# arch: x86_64\n'
		echo '# min-disk: 1048576'
		sha256sum sources/boot.wim
	) >"$work/ws"
	mv "$work/ws" "$work/images/ws/1/MANIFEST"
	ln -s 1 "$work/images/ws/current"
	"$build/wimprep" netboot ws >/dev/null
	chmod -R a+rX "$work/images" "$site/tftp"
	echo 'machine windows { mac = { "52:54:00:5c" } route = bootmgfw }' >>"$site/pxekit.conf"
}

# A boot sector that says on the serial line what it is, and halts.
bios_disk() { # file
	printf '\061\300\216\330\276\025\174\272\370\003\254\204\300\164\003\356\353\370\364\353\375' >"$1"
	printf '\nthe disk boots\r\n' >>"$1"
	truncate -s 510 "$1"
	printf '\125\252' >>"$1"
	truncate -s 1M "$1"
}

# A disk as Debian leaves it: the shim, its GRUB, and a line for the screen.
uefi_disk() { # folder
	mkdir -p "$1/EFI/BOOT" "$1/EFI/debian"
	cp /usr/lib/shim/shimx64.efi.signed "$1/EFI/BOOT/BOOTX64.EFI"
	cp /usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed "$1/EFI/BOOT/grubx64.efi"
	printf 'echo the disk boots\nsleep 3600\n' \
		>"$1/EFI/debian/grub.cfg"
}

# ---- machines ----

power_on() { # name firmware mac
	name=$1 mac=$3
	case $2 in
	bios) set -- --firmware=bios ;;
	uefi) set -- --firmware=uefi ;;
	rom) set -- --firmware=uefi --rom ;;
	http | bootmgr) set -- --firmware=uefi --http-boot ;;
	secure) set -- --firmware=uefi --secure-boot ;;
	arm64) set -- --firmware=arm64 ;;
	esac
	case $name,$firmware in
	idle,bios) set -- "$@" --disk="$work/bios.img" ;;
	idle,arm64) ;;
	idle,*) set -- "$@" --disk="$work/esp" ;;
	esac
	[ -z "$screen" ] || set -- "$@" --vnc=none
	rm -f "$work/$name.log"
	"$lab/net" tap "$name"
	"$lab/vm" "$@" --vars="$work/$name.vars" --disk-bus=virtio-blk --mac="$mac" \
		--tap="$name" --memory=512 --cpus=1 --serial-log="$work/$name.log" \
		>"$work/$name.out" 2>&1 </dev/null &
	vms="$vms $!"
	taps="$taps $name"
}

power_off() {
	for vm in $vms; do
		kill "$vm" 2>/dev/null || :
		wait "$vm" 2>/dev/null || :
	done
	for tap in $taps; do
		"$lab/net" untap "$tap"
	done
	vms='' taps=''
	rm -f "$work"/*.vars
}

# ---- what is seen ----

said() { # filter of one event after the mark
	jobctl --json events >"$work/events" &&
		jq -se --argjson after "$mark" "any(.[]; .seq > \$after and ($1))" \
			"$work/events" >/dev/null
}
fetched() { # file, which GRUB asks for from the root
	said ".event == \"transfer\" and (.file | ltrimstr(\"/\")) == \"$1\" and .action == \"done\""
}
script_given() { said ".event == \"script\" and .mac == \"$1\" and .job"; }

next_step() { # firmware mac
	case $1 in
	bios | rom) script_given "$2" ;;
	uefi) fetched snponly.efi && script_given "$2" ;;
	http) said '.event == "fetch" and (.file | endswith("snponly.efi"))' && script_given "$2" ;;
	secure) fetched grub/shimx64.efi && fetched grub/grubx64.efi && fetched grub/grub.cfg ;;
	arm64) fetched arm64/ipxe.efi ;;
	bootmgr) grep -aqs 'bootmgr: that is all' "$work/busy.log" ;;
	esac
}

# The names that the stand-in asked for, and that it got them whole.
store_followed() {
	for file in Boot/BCD windows/ws/1/boot.sdi windows/ws/1/boot.wim; do
		grep -aqs "bootmgr: 200 $(stat -c %s "$site/tftp/$file") /*$file" "$work/busy.log" &&
			said ".event == \"fetch\" and .status == 200 and .file == \"loader/$file\"" ||
			return
	done
}

# AAVMF has no disk here: it says itself that it leaves.
left_pxe() { # firmware
	if [ "$1" = arm64 ]; then
		grep -aqs 'PXE-E21' "$work/idle.log"
	else
		grep -aqs 'the disk boots' "$work/idle.log"
	fi
}

local_answer() { said ".mac == \"$1\" and .action == \"local\""; }

await() { # command...
	deadline=$(($(date +%s) + 600))
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || {
			echo "waited in vain for: $*"
			return 1
		}
		for vm in $vms; do
			kill -0 "$vm" 2>/dev/null || {
				echo "a machine ended while we waited for: $*"
				return 1
			}
		done
		sleep 0.5
	done
}

check() { # what holds, then a command that says so
	n=$((n + 1)) what=$1
	shift
	if "$@"; then
		echo "ok $n - $firmware beside $server: $what"
	else
		echo "not ok $n - $firmware beside $server: $what"
		bad=$((bad + 1))
		tail -n 12 "$work/busy.log" "$work/idle.log" "$work"/*.out "$work/events" |
			tr -d '\033\r' | cut -c1-300
	fi
}

# GRUB of Debian asks siaddr of the DHCP server, whatever the ProxyDHCP says.
foreign_server() {
	next=''
	[ "$firmware" != secure ] || next=$LAB_SERVER
	"$lab/net" dhcp stop
	LAB_NEXT_SERVER=$next "$lab/net" dhcp start "$server"
}

# Each machine is another one, so that nothing of the case before counts.
meet() { # firmware server
	firmware=$1 server=$2
	case $firmware in
	secure) busy=52:54:00:5b ;;
	bootmgr) busy=52:54:00:5c ;;
	*) busy=52:54:00:fa ;;
	esac
	cases=$((cases + 1))
	busy=$busy:$(printf %02x $cases) idle=$busy:02 busy=$busy:01
	begin "$firmware beside $server"
	foreign_server
	mark=$(jobctl --json events | jq -s 'map(.seq) | max')
	jobctl add --mac "$busy" --image tiny >/dev/null
	jobctl allow "$idle" >/dev/null
	power_on busy "$firmware" "$busy"
	power_on idle "$firmware" "$idle"
	check 'a machine with a job takes its next step' await next_step "$firmware" "$busy"
	[ "$firmware" != bootmgr ] || check 'with what its store names' await store_followed
	check 'a known one without leaves PXE' await left_pxe "$firmware"
	check 'because of the local boot answer' local_answer "$idle"
	power_off
}

# The image runs, and the job was over before: the next boot is the disk's. memtest86+ does
# not start under UEFI without a screen.
tool() { # firmware image words-on-its-console
	firmware=$1 server=isc
	cases=$((cases + 1))
	busy=52:54:00:fb:$(printf %02x $cases):01
	begin "$2 on $firmware"
	foreign_server
	mark=$(jobctl --json events | jq -s 'map(.seq) | max')
	jobctl add --mac "$busy" --image "$2" >/dev/null
	screen=yes
	power_on busy "$firmware" "$busy"
	screen=''
	check "$2 runs" await grep -aqs "$3" "$work/busy.log"
	check "and the job of $2 is done" said ".mac == \"$busy\" and .state == \"done\""
	power_off
}

taps='' cases=0 screen=''
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
begin 'starting the site'
image_make
bios_disk "$work/bios.img"
uefi_disk "$work/esp"
"$lab/site" make "$site" "$build" "$work/images" "$work/deploy"
loaders_make
export PXEKIT_CONF="$site/pxekit.conf"
tools_make
bootmgr_make
"$lab/site" start "$site"

if [ "${1-}" = tools ]; then
	tool bios memtest 'Memtest86+'
	tool bios disc 'the disc boots'
	tool uefi memtest 'Memtest86+'
	tool uefi disc 'the disc boots'
elif [ -n "${1-}" ]; then
	for s in ${2:-dnsmasq isc kea}; do
		meet "$1" "$s"
	done
elif [ -n "$full" ]; then
	for f in bios uefi rom http secure bootmgr arm64; do
		for s in dnsmasq isc kea; do
			meet $f $s
		done
	done
else
	meet bios isc
	meet uefi kea
	meet rom dnsmasq
	meet http isc
	meet secure kea
	meet bootmgr dnsmasq
	tool bios memtest 'Memtest86+'
	tool bios disc 'the disc boots'
	tool uefi memtest 'Memtest86+'
	tool uefi disc 'the disc boots'
fi
echo "1..$n"
[ $bad = 0 ]
