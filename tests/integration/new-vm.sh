#!/bin/sh
# examples/new-vm with the real virt-install and libvirt's own test driver, which keeps its
# machines in memory: the job and the machine have the same MAC, and none comes alone.
# Rows: X-09
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
HOME=$tmp XDG_CACHE_HOME=$tmp LIBVIRT_URI=test:///default
export HOME XDG_CACHE_HOME LIBVIRT_URI
new() { "$srcdir/examples/new-vm" --firmware=bios --network=default "$@"; }

run new --dry-run vm1 debian12
same 'a dry run tells what would be' '1 2 2' "$(for what in 'would be queued' '<boot dev="network"/>' \
	'<mac address="52:54:00:'; do grep -c "$what" "$tmp/out"; done | tr '\n' ' ' | sed 's/ $//')"
same 'and makes no job' 1 "$(jobctl list 2>&1 | grep -c 'there is no database yet')"

run new --memory=512 --disk=1 vm1 debian12 --address 10.77.0.7/24 --comment 'a new one'
cp "$tmp/out" "$tmp/made"
mac=$(sed -n 's/^vm1 (\(.*\)) boots from the network; .*/\1/p' "$tmp/made")
run jobctl show vm1 --json
same 'the job is of that machine' "[\"queued\",\"$mac\",\"10.77.0.7/24\"]" \
	"$(json '[.job.state, .machine.macs[0], .settings.address]')"

# The test driver has a machine of that name already.
run new test debian12
same 'without a machine the job is cancelled' '3 cancelled' \
	"$code $(jobctl show test --json | jq -r .job.state)"
grep -q 'new-vm: libvirt makes no machine; job 2 is cancelled' "$tmp/err"
same 'and that is said' 0 $?
run new vm3 nothing
same 'without a job there is no machine' '2 0' "$code $(grep -c libvirt "$tmp/err")"
run new vm3
is 2 '' 'new-vm: wants the name of the machine and of an image'
end
