# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# loader - makes the disk bootable, and ends the work on it.

# The image's own links, kept by its package system, else the newest kernel.
find_kernel() {
	kernel=vmlinuz
	initrd=initrd.img
	[ ! -e "$T/vmlinuz" ] || [ ! -e "$T/initrd.img" ] || return 0
	kernel=$(cd "$T" && find boot -name 'vmlinuz-*' | sort | tail -n1)
	initrd=boot/initrd.img-${kernel#boot/vmlinuz-}
	[ -e "$T/$initrd" ] || fail 'the image has no kernel with an initrd'
}

kernel_arguments() {
	printf 'root=UUID=%s ro %s' "$root_uuid" "$PXEKIT_CONSOLE"
}

install_extlinux() {
	local code=$DEPLOY/loader/mbr.bin
	[ "$disk_octets" -le "$MBR_LIMIT" ] || code=$DEPLOY/loader/gptmbr.bin
	mkdir -p "$T/boot/extlinux"
	cat >"$T/boot/extlinux/extlinux.conf" <<END
default linux
timeout 1
label linux
	kernel /$kernel
	initrd /$initrd
	append $(kernel_arguments)
END
	extlinux --install "$T/boot/extlinux" >/dev/null 2>"$RUN/extlinux" ||
		fail "extlinux: $(tail -n1 "$RUN/extlinux")"
	dd if="$code" of="/dev/$disk" bs=440 count=1 conv=notrunc,fsync 2>/dev/null ||
		fail "$disk: cannot write the boot code"
}

grub_config() {
	cat <<END
search --no-floppy --fs-uuid --set=root $root_uuid
linux /$kernel $(kernel_arguments)
initrd /$initrd
boot
END
}

fill_esp() { # folder EFI
	mkdir -p "$1/BOOT" "$1/debian" &&
		cp "$DEPLOY/loader/shimx64.efi" "$1/BOOT/BOOTX64.EFI" &&
		cp "$DEPLOY/loader/grubx64.efi" "$1/BOOT/grubx64.efi" &&
		cp "$DEPLOY/loader/shimx64.efi" "$DEPLOY/loader/grubx64.efi" "$1/debian/" &&
		grub_config >"$1/debian/grub.cfg" &&
		cp "$1/debian/grub.cfg" "$1/BOOT/grub.cfg"
}

# Where every firmware looks (EFI/BOOT), and where Debian's signed GRUB looks (EFI/debian).
install_grub() {
	local efi=$T/boot/efi/EFI
	mount -t vfat "/dev/$esp_part" "$T/boot/efi" || fail "$esp_part: cannot mount"
	fill_esp "$efi" || fail "$esp_part: cannot write the boot loader"
	umount "$T/boot/efi" || fail "$esp_part: cannot unmount"
}

step_loader() {
	find_kernel
	case $firmware in
	uefi) install_grub ;;
	*) install_extlinux ;;
	esac
}

# Nothing may be left in memory when the machine reboots.
step_finish() {
	umount "$T" || fail "$root_part: cannot unmount"
	sync
	blockdev --flushbufs "/dev/$disk"
}
