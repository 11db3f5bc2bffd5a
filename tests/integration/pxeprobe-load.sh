#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: N-11
# Many machines through the whole chain; and nowhere but on a network of our own.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeprobe.inc"

load() {
	$PEER pxeprobe load --interface=nic0 --timeout=20000 "$@"
}
run load
is 2 '' "pxeprobe: no --clients are given
Try 'pxeprobe load --help'."
run load --clients=100001
is 2 '' "pxeprobe: clients '100001': not a number up to 100000"
run load --clients=1 --at-once=257
is 2 '' "pxeprobe: at-once '257': not a number up to 256"
run load --clients=1
is 3 '' 'pxeprobe: nic0: has no IPv4 address to fetch files with'

net_make
site_fill
for octet in 0 1 2 3 4 5 6 7 8 9; do
	add 02:70:78:00:00:0$octet >/dev/null
done
dhcp_start
tftp_start
web_start
proxy_start

# ---- what could lead out ----

others='and others may be there; --i-own-this-network says that nobody minds'
$PEER ip route add default via 10.0.0.1
run load --clients=1
is 2 '' "pxeprobe: nic0: there is a default route, $others"
run test "$(load --clients=1 --i-own-this-network --json | jq .failed)" = 0
is 0 '' ''
$PEER ip route del default
$PEER ip tuntap add dev tap7 mode tap
run load --clients=1
is 2 '' "pxeprobe: nic0: tap7 may lead out, $others"
$PEER ip link del tap7

# ---- ten machines, some at the same time ----

counts='[.clients, .failed, (.stages | .offer.done, .["4011"].done, .loader.done, .script.done, .whole.done)]'
ten() {
	load --clients=10 --json "$@" >"$tmp/load" || return
	jq -c "$counts" "$tmp/load"
}
run ten --at-once=4
is 0 '[10,0,10,0,10,10,10]' ''
run jq '.stages | map(.p50_us <= .p90_us and .p90_us <= .p99_us and .p99_us <= .max_us) | all' "$tmp/load"
is 0 true ''
run grep -c '"event":"transfer"' "$tmp/tftp.events"
is 0 11 ''
run ten --arch=16 --rate=100
is 0 '[10,0,10,0,10,10,10]' ''
table() {
	load --clients=10 | awk '{ print $1, $2, $3 }'
}
run table
is 0 'stage done failed
offer 10 0
loader 10 0
script 10 0
whole 10 0
10 machines, 0' ''

# ---- by way of port 4011 ----

proxy_stop >/dev/null
rogue_start --dhcp-range=10.0.0.0,proxy --pxe-service=X86-64_EFI,other,snponly.efi,10.0.0.1
load --clients=3 --json >"$tmp/load"
run jq -c '.stages["4011"].done' "$tmp/load"
is 0 3 ''
rogue_stop

# ---- failures are counted where they are ----

proxy_start
mv "$site/tftp/snponly.efi" "$site/tftp/away"
run ten
is 1 '' ''
run jq -c '[.failed, .stages.loader.failed, .stages.offer.done]' "$tmp/load"
is 0 '[10,10,10]' ''

proxy_stop >/dev/null
web_stop
tftp_stop
dhcp_stop
end
