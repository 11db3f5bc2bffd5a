#!/bin/sh
# medium.sh [CASE...] - machines that do not boot from the network, and media of ipxegen iso:
# bios: with no DHCP server anywhere, a second card and a static address, from an empty disk
# to done, with the medium left in; uefi: the same to the deployment environment's first
# report; stick: the medium as a disk, any machine, by its UUID; away: nobody answers, and
# the machine boots from its disk.
# Rows: S4-01 S4-02 S4-03 S4-18 S4-19 X-14
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
lab=$top/scripts/lab

if [ "${1-}" != --inside ]; then
	work=$(mktemp -d "${TMPDIR:-/tmp}/pxekit-medium.XXXXXX")
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# The iPXE of the Debian that is the host's runs no script under UEFI. A mirror that
	# has no other Debian than that is no failure, case_uefi says so; all else is.
	[ -e "$top/build/lab/ipxe/ipxe.efi" ] ||
		"$top/scripts/fetch-ipxe" --output="$top/build/lab/ipxe" 2>"$work/fetched" ||
		grep -F 'does not have a Release file' "$work/fetched" || {
		cat "$work/fetched"
		exit 3
	}
	export LAB_DIR="$work"
	status=0
	"$lab/net" run "$0" --inside "$@" || status=$?
	exit $status
fi
shift
work=$LAB_DIR site=$LAB_DIR/site n=0 bad=0 vm=''
address=10.77.0.50
# shellcheck source=scripts/lab/phases
. "$lab/phases"

finish() {
	status=$?
	trap - EXIT
	[ $status = 0 ] || died medium.sh
	power_off
	"$lab/site" stop "$site" || :
	exit $status
}

jobctl() { "$site/bin/jobctl" "$@"; }
medium() { "$site/bin/ipxegen" iso --output="$work/medium.iso" "$@"; }

check() { # what holds, then a command that says so
	n=$((n + 1)) what=$1
	shift
	if "$@"; then
		echo "ok $n - $case: $what"
	else
		echo "not ok $n - $case: $what"
		bad=$((bad + 1))
		tail -n 12 "$work/console.log" "$work/vm.log" "$work/events" |
			tr -d '\033\r' | cut -c1-300
	fi
}

# Waits with a generous clock: these machines are slow at times.
await() { # command...
	deadline=$(($(date +%s) + 1500))
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || {
			echo "waited in vain for: $*"
			return 1
		}
		kill -0 "$vm" || {
			echo "the machine ended while we waited for: $*"
			return 1
		}
		sleep 0.5
	done
}

power_on() { # options of vm...
	rm -f "$work/console.log"
	"$lab/net" tap vm0
	"$lab/vm" --no-net-boot --vars="$work/vars" --disk-bus=virtio-scsi --tap=vm0 \
		--serial-log="$work/console.log" "$@" >"$work/vm.log" 2>&1 </dev/null &
	vm=$!
}

power_off() {
	[ -n "$vm" ] || return 0
	kill "$vm" 2>/dev/null || :
	wait "$vm" 2>/dev/null || :
	"$lab/net" untap vm0
	rm -f "$work/vars"
	vm=''
}

# ---- what is seen ----

console() { grep -aqs "$1" "$work/console.log"; }
state() { jobctl --json show "$job" | jq -r .job.state; }
over() { case $(state) in done | failed | cancelled) ;; *) return 1 ;; esac; }
said() { # filter of one event of the job
	jobctl --json events --job "$job" >"$work/events"
	jq -se "any($1)" "$work/events" >/dev/null
}

# Every report, and the script, came from there.
all_from() { # address
	jobctl --json events --job "$job" >"$work/events"
	jq -se --arg address "$1" '[.[] | select(.event == "report" or .event == "script")]
		| length > 0 and all(.address == $address)' "$work/events" >/dev/null
}

add() { # options of jobctl add...
	job=$(jobctl --json add --image debian12 "$@" | jq .job.id)
}

# A boot sector that says on the serial line what it is, and halts.
bios_disk() { # file
	printf '\061\300\216\330\276\025\174\272\370\003\254\204\300\164\003\356\353\370\364\353\375' >"$1"
	printf '\nthe disk boots\r\n' >>"$1"
	truncate -s 510 "$1"
	printf '\125\252' >>"$1"
	truncate -s 1M "$1"
}

# ---- the cases ----

case_bios() {
	begin 'installing a machine that finds no DHCP server, by BIOS'
	add --mac 52:54:00:65:d5:42 --hostname web01 --address $address/24 --gateway 10.77.0.2 \
		--dns 10.77.0.2
	medium --job "$job" --firmware bios
	truncate -s 4G "$work/disk.img"
	power_on --firmware=bios --cdrom="$work/medium.iso" --disk="$work/disk.img" \
		--idle-card=52:54:00:00:00:01 --mac=52:54:00:65:d5:42
	await over
	check 'the job is done' test "$(state)" = 'done'
	check 'all came from the address of the medium' all_from $address
	await console 'web01 login:'
	check 'the disk boots with the medium still in' console 'web01 login:'
	power_off
}

case_uefi() {
	begin 'the same by UEFI, to the first report'
	if [ ! -e "$top/build/lab/ipxe/ipxe.efi" ]; then
		echo 'SKIP: uefi: the mirror of this machine has no newer Debian'
		return
	fi
	add --mac 52:54:00:65:d5:43 --address 10.77.0.51/24
	medium --job "$job" --firmware uefi --ipxe "$top/build/lab/ipxe"
	truncate -s 4G "$work/empty.img"
	power_on --firmware=uefi --cdrom="$work/medium.iso" --disk="$work/empty.img" \
		--idle-card=52:54:00:00:00:01 --mac=52:54:00:65:d5:43
	check 'the deployment environment reports' await said '.state == "installing"'
	check 'all came from the address of the medium' all_from 10.77.0.51
	power_off
}

case_stick() {
	begin 'one medium for all machines, written to a stick'
	uuid=8d1c4e1c-0f3e-4f0a-9d0b-5a5a00000001
	add --uuid $uuid --mac 52:54:00:65:d5:44
	"$lab/net" dhcp start
	medium --generic
	power_on --firmware=bios --disk="$work/medium.iso" --uuid=$uuid --mac=52:54:00:65:d5:45
	check 'a machine is known by its UUID' await said '.event == "script"'
	"$lab/net" dhcp stop
	power_off
}

case_away() {
	begin 'nobody answers'
	medium --mac 52:54:00:65:d5:46 --address 10.77.0.52/24 --base http://10.77.0.9 \
		--firmware bios
	bios_disk "$work/bios.img"
	power_on --firmware=bios --cdrom="$work/medium.iso" --disk="$work/bios.img" \
		--mac=52:54:00:65:d5:46
	check 'the disk boots' await console 'the disk boots'
	check 'and it was told why' console 'is bootweb running at http://10.77.0.9'
	power_off
}

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
begin 'starting the site'
"$lab/site" make "$site" "$top/build/check" "$top/build/lab/images" "$top/build/lab/deploy"
export PXEKIT_CONF="$site/pxekit.conf" PXEKIT_TEMPLATES="$site/standard"
"$lab/site" start "$site"
"$lab/net" dhcp stop
[ $# -gt 0 ] || set -- bios uefi stick away
for case; do
	"case_$case"
done
echo "1..$n"
[ $bad = 0 ]
