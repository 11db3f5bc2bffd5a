# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# devices - drivers and network interfaces.

# Loads what the devices ask for; a new bus may bring new devices, so twice more.
load_drivers() {
	local pass
	for pass in 1 2 3; do
		find /sys/devices -name modalias -exec cat {} + 2>/dev/null | sort -u |
			xargs modprobe -a -q -b 2>/dev/null
	done
	# No device asks for these.
	modprobe -a -q ext4 vfat nls_cp437 nls_ascii nls_utf8 2>/dev/null
	return 0
}

# The interface with this hardware address; SYS is /sys, but for tests.
interface_of() { # mac, colons, lower case
	local nic
	for nic in "${SYS:-/sys}"/class/net/*; do
		[ "$(cat "$nic/address" 2>/dev/null)" = "$1" ] || continue
		[ -e "$nic/device" ] || continue
		echo "${nic##*/}"
		return 0
	done
	return 1
}

# The only interface that is a real device, if there is just one.
only_interface() {
	local nic found=''
	for nic in "${SYS:-/sys}"/class/net/*; do
		[ -e "$nic/device" ] || continue
		[ -z "$found" ] || return 1
		found=${nic##*/}
	done
	[ -n "$found" ] && echo "$found"
}

# The interface that the firmware booted from: BOOTIF=01-52-54-00-12-34-56.
boot_interface() {
	local mac
	mac=$(kernel_arg BOOTIF | tr 'A-F-' 'a-f:')
	if [ -n "$mac" ]; then
		interface_of "${mac#01:}"
	else
		only_interface
	fi
}
