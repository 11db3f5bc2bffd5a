#!/bin/sh
# deploy.sh bios|uefi [--kill] - a machine from an empty disk to done, through our own tools,
# and what must hold of it; with --kill every daemon and ingest is killed once on the way.
# Rows: S0-01 S0-02 S0-07 S0-08 S0-09 S0-10 S0-13 S0-25 S1-08 S3-04 S3-08 S3-22 S4-06 N-08 N-10
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
lab=$top/scripts/lab
mac=52:54:00:65:d5:42

if [ "${1-}" != --inside ]; then
	work=$(mktemp -d "${TMPDIR:-/tmp}/pxekit-e2e.XXXXXX")
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	export LAB_DIR="$work"
	status=0
	"$lab/net" run "$0" --inside "$@" || status=$?
	exit $status
fi

firmware=$2 killing=${3-}
work=$LAB_DIR site=$LAB_DIR/site n=0 bad=0 vm=''
# shellcheck source=scripts/lab/phases
. "$lab/phases"

finish() {
	status=$?
	trap - EXIT
	[ $status = 0 ] || died deploy.sh
	[ -z "$vm" ] || kill "$vm" 2>/dev/null || :
	"$lab/site" stop "$site" || :
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

jobctl() { "$site/bin/jobctl" "$@"; }

check() { # what holds, then a command that says so
	n=$((n + 1)) what=$1
	shift
	if "$@"; then
		echo "ok $n - $firmware: $what"
	else
		echo "not ok $n - $firmware: $what"
		bad=$((bad + 1))
	fi
}

# Waits with a generous clock: these machines are slow at times.
await() { # what, command...
	what=$1 deadline=$(($(date +%s) + 1500))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || {
			echo "waited in vain for: $what"
			return 1
		}
		kill -0 "$vm" || {
			echo "the machine ended while we waited for: $what"
			return 1
		}
		sleep 0.5
	done
}

state() { jobctl --json show "$job" | jq -r .job.state; }
state_is() { [ "$(state)" = "$1" ]; }
over() { case $(state) in done | failed | cancelled) ;; *) return 1 ;; esac; }
past() { case $(state) in "$1" | configuring | done | failed) ;; *) return 1 ;; esac; }
step_is() { [ "$(jobctl --json show "$job" | jq -r .job.step)" = "$1" ] || over; }

power_on() {
	"$lab/vm" --firmware="$firmware" --disk="$work/disk.img" --disk-bus=virtio-scsi \
		--mac="$mac" --tap=vm0 --serial-log="$work/console.log" \
		>"$work/vm.log" 2>&1 </dev/null &
	vm=$!
}

kill_service() { kill -KILL "$("$lab/site" pid "$site" "$1")"; }

# Each at another moment of the deployment, without a word of warning.
kill_on_the_way() {
	kill_service pxeproxy
	await 'the installation to begin' past installing
	kill_service ingest
	kill_service tftpd-lite
	await 'the image to be fetched' step_is fetch
	kill_service bootweb
	kill_service ingest
}

# The states that reports brought, each once, in the order of their coming.
states_seen() {
	jobctl --json events --job "$job" |
		jq -r 'select(.event == "report") | .state' | uniq | tr '\n' ' '
}
states_are_in_order() { [ "$(states_seen)" = 'booting installing configuring done ' ]; }

no_event_counted_twice() {
	jobctl --json events | jq -r '.id // empty' | sort | uniq -d | grep . && return 1
	return 0
}

sources_are() { # at least one event of each program
	jobctl --json events --job "$job" | jq -r .source | sort -u >"$work/sources"
	for source; do
		grep -qx "$source" "$work/sources" || return 1
	done
}

booted_from_disk() { grep -aqs 'web01 login:' "$work/console.log"; }

local_answer_given() {
	jobctl --json events --machine "$mac" >"$work/events"
	jq -se --argjson after "$mark" 'any(.seq > $after and .action == "local")' \
		"$work/events" >/dev/null || {
		echo "after event $mark came:"
		tail -n 5 "$work/events"
		return 1
	}
}

begin 'starting the site'
"$lab/site" make "$site" "$top/build/check" "$top/build/lab/images" "$top/build/lab/deploy"
export PXEKIT_CONF="$site/pxekit.conf"
"$lab/site" start "$site"
job=$(jobctl --json add --mac "$mac" --image debian12 --hostname web01 | jq .job.id)

begin 'deploying'
truncate -s 4G "$work/disk.img"
"$lab/net" tap vm0
power_on
[ -z "$killing" ] || kill_on_the_way
await 'the job to be over' over
check 'the job is done' state_is 'done'
check 'its states came in order' states_are_in_order
check 'no event was counted twice' no_event_counted_twice
check 'nothing was rejected' test ! -s "$site/rejects"
check 'each service told its part' sources_are pxeproxy bootweb
[ "$firmware" = bios ] || check 'the loader came by TFTP' sources_are tftpd-lite
await 'the login prompt' booted_from_disk
check 'the disk boots under its host name' booted_from_disk
jobctl show "$job"

begin 'booting the same machine by PXE once more'
kill "$vm"
wait "$vm" || :
rm "$work/console.log"
mark=$(jobctl --json events | jq -s 'map(.seq) | max')
power_on
await 'the second boot' booted_from_disk
check 'a second PXE boot goes to its own disk' local_answer_given
check 'and installs nothing' state_is 'done'
check 'in the same attempt' test "$(jobctl --json show "$job" | jq .job.attempt)" = 1
echo "1..$n"
[ $bad = 0 ]
