# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# partition - the partition table and the file systems.
#
# BIOS: one partition in an MBR (in a GPT where the disk is larger than an MBR
# can say). UEFI: a GPT with the ESP and the system. Sets firmware, root_part,
# root_uuid, and for UEFI esp_part, esp_uuid; mounts the system at /target.

ESP_MIB=256
MBR_LIMIT=2199023255552

find_firmware() {
	firmware=bios
	[ ! -d /sys/firmware/efi ] || firmware=uefi
}

# Old boot code and tables, at both ends of the disk, must not survive.
wipe_disk() {
	dd if=/dev/zero of="/dev/$disk" bs=1M count=4 conv=fsync 2>/dev/null
	dd if=/dev/zero of="/dev/$disk" bs=512 seek=$((disk_octets / 512 - 2048)) \
		count=2048 conv=fsync 2>/dev/null
}

partition_table() {
	if [ "$firmware" = uefi ]; then
		printf 'label: gpt\nfirst-lba: 2048\nsize=%sMiB, type=U, name=ESP\ntype=L, name=root\n' $ESP_MIB
	elif [ "$disk_octets" -gt $MBR_LIMIT ]; then
		printf 'label: gpt\nfirst-lba: 2048\ntype=L, name=root, attrs=LegacyBIOSBootable\n'
	else
		printf 'label: dos\nstart=2048, type=83, bootable\n'
	fi
}

partition_name() { # number
	case $disk in
	*[0-9]) echo "${disk}p$1" ;;
	*) echo "$disk$1" ;;
	esac
}

present() { [ -b "/dev/$1" ]; }

step_partition() {
	wipe_disk || fail "$disk: cannot write"
	partition_table | sfdisk --quiet --wipe always --wipe-partitions always "/dev/$disk" ||
		fail "$disk: cannot write the partition table"
	esp_part=''
	root_part=$(partition_name 1)
	if [ "$firmware" = uefi ]; then
		esp_part=$root_part
		root_part=$(partition_name 2)
	fi
	soon present "$root_part" || fail "$root_part: the partition does not appear"
}

new_uuid() { cat /proc/sys/kernel/random/uuid; }

# extlinux and GRUB read ext4 only without these features.
make_root() {
	local features='^metadata_csum_seed,^orphan_file'
	[ "$firmware" = uefi ] || features=$features,^64bit,^metadata_csum
	root_uuid=$(new_uuid)
	mke2fs -q -F -t ext4 -O "$features" -U "$root_uuid" -L root \
		-E lazy_itable_init=1,lazy_journal_init=1,nodiscard "/dev/$root_part" ||
		fail "$root_part: cannot make the file system"
}

make_esp() {
	local id
	id=$(new_uuid | cut -c1-8 | tr a-f A-F)
	esp_uuid=${id%????}-${id#????}
	mkfs.fat -F 32 -n ESP -i "$id" "/dev/$esp_part" >"$RUN/mkfs" 2>&1 ||
		fail "$esp_part: cannot make the file system: $(tail -n1 "$RUN/mkfs")"
}

mount_target() {
	mkdir -p /target
	mount -t ext4 -o noatime "/dev/$root_part" /target || fail "$root_part: cannot mount"
}

step_format() {
	[ "$firmware" != uefi ] || make_esp
	make_root
	mount_target
}
