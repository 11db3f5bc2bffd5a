# shellcheck shell=dash disable=SC2034,SC2154 # steps share variables
# disks - lists the disks and asks the server which one may be wiped.
#
# list-disks.sh, which is beside it in the environment, lists them.

# Succeeds when the server has decided, either way.
ask_gate() {
	request -H 'Content-Type: text/plain' --data-binary "@$RUN/disks" "$url/disks"
	case $code in
	200 | 400 | 403 | 404 | 409 | 413) return 0 ;;
	esac
	return 1
}

# Exactly one line, exactly one name of our own list, large enough - or nothing is done.
obey_gate() {
	disk=$(cat "$RUN/body")
	disk_octets=$(awk -F '\t' -v name="$disk" '$1 == name { print $2 }' "$RUN/disks")
	[ -n "$disk_octets" ] ||
		fail "the server named a disk that is not here: '$(answer)'"
	[ "$disk_octets" -ge "$PXEKIT_MIN_DISK" ] ||
		fail "$disk has $disk_octets octets, the image needs $PXEKIT_MIN_DISK"
}

# A controller may still be looking for its disks: give them a moment to appear.
wait_for_disks() {
	local i=0
	while list_disks >"$RUN/disks" && [ ! -s "$RUN/disks" ] && [ $i -lt 10 ]; do
		i=$((i + 1))
		sleep 1
		load_drivers
	done
}

step_disks() {
	SYS=${SYS:-/sys} DEV=${DEV:-/dev}
	wait_for_disks
	sed 's/^/pxekit: disk /' "$RUN/disks"
	retry 60 ask_gate || fail 'the server did not say which disk may be wiped'
	case $code in
	200) obey_gate ;;
	403) stop "$(answer)" ;;
	*)
		case $(answer) in
		stop*) stop "$(answer)" ;;
		esac
		fail "no disk may be wiped: $(answer)"
		;;
	esac
}
