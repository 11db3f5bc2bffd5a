# shellcheck shell=dash
# list-disks - what disks are here, as the server is told: list_disks prints a line for each,
# NAME <tab> OCTETS <tab> BUS <tab> SERIAL <tab> MODEL <tab> empty|used
#
# For the deployment environment and the shells of installers. SYS is /sys and DEV is
# /dev, but for tests.

# The content of a file of sysfs as one word of the list.
fact() { # files...
	local text
	text=$(cat "$@" 2>/dev/null | tr '\t\n\0' '   ' | tr -cd ' -~' |
		sed 's/  */ /g; s/^ //; s/ $//' | cut -c1-80)
	printf '%s' "${text:--}"
}

disk_bus() { # name
	local path
	path=$(readlink -f "$SYS/block/$1/device")
	case $1:$path in
	*:*/usb*) echo usb ;;
	nvme*) echo nvme ;;
	mmcblk*) echo mmc ;;
	vd*) echo virtio ;;
	*:*/ata[0-9]*) echo sata ;;
	*) echo scsi ;;
	esac
}

# SCSI and ATA disks have it behind the four octets that head page 0x80.
disk_serial() { # name
	local dir=$SYS/block/$1
	if [ -r "$dir/device/vpd_pg80" ]; then
		tail -c +5 "$dir/device/vpd_pg80" | fact
	elif [ -r "$dir/serial" ]; then
		fact "$dir/serial"
	else
		fact "$dir/device/serial"
	fi
}

disk_model() { # name
	local dir=$SYS/block/$1/device
	case $1 in
	mmcblk*) fact "$dir/name" ;;
	vd*) printf 'virtio disk' ;;
	*) fact "$dir/vendor" "$dir/model" ;;
	esac
}

# Only zeros where partition tables and signatures of file systems are?
disk_content() { # name octets
	if head -c 1048576 "$DEV/$1" | zeros && tail_of "$1" "$2" | zeros; then
		echo empty
	else
		echo used
	fi
}

tail_of() { # name octets
	dd if="$DEV/$1" bs=512 skip=$(($2 > 1048576 ? ($2 - 1048576) / 512 : 0)) 2>/dev/null
}

zeros() {
	[ "$(tr -d '\0' | head -c 1 | wc -c)" = 0 ]
}

# Not a disk: optical drives, floppies, ram, loops, boot areas of flash, read-only media.
is_disk() { # name
	case $1 in
	sr* | fd* | loop* | ram* | zram* | dm-* | md* | mtd* | nbd* | mmcblk*boot* | mmcblk*rpmb) return 1 ;;
	esac
	[ -e "$SYS/block/$1/device" ] && [ "$(cat "$SYS/block/$1/size")" -gt 0 ] &&
		[ "$(cat "$SYS/block/$1/ro")" = 0 ]
}

list_disks() {
	local dir name octets
	for dir in "$SYS"/block/*; do
		name=${dir##*/}
		is_disk "$name" || continue
		octets=$(($(cat "$dir/size") * 512))
		printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$octets" "$(disk_bus "$name")" \
			"$(disk_serial "$name")" "$(disk_model "$name")" \
			"$(disk_content "$name" "$octets")"
	done
}
