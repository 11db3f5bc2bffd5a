#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S2-03
# Many packets: a thousand machines switched on in the same instant are all answered in
# the first round, and a long time of packets of every kind costs no memory. By itself
# 200,000 packets without a wire and 20,000 on it, with PXEKIT_FULL=1 ten million and one.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$builddir/tests/bench:$PATH
many=200000 wired=20000
if [ -n "${PXEKIT_FULL:-}" ]; then
	many=10000000 wired=1000000
fi

site_make
sed -i 's/^network lab {/& policy = all unknown = menu/' "$PXEKIT_CONF"

# ---- a thousand at once: as many replies as machines, and no second DISCOVER ----

# Without IPv6 replies are all that leaves by boot0.
echo 1 >/proc/sys/net/ipv6/conf/boot0/disable_ipv6
proxy_start
replies() {
	ip -s -j link show boot0 | jq '.[0].stats64.tx.packets'
}
before=$(replies)
kill -STOP $proxy
$PEER dhcpsend --interface nic0 --mac 52:54:02:00:00:00 --arch 7 --times 1000 \
	--machines 1000 --replies 0
kill -CONT $proxy
offered() {
	grep '"event":"offer"' "$tmp/events" | jq -r .mac | sort -u | wc -l
}
all_offered() {
	[ "$(offered)" = 1000 ]
}
run wait_for all_offered
is 0 '' ''
run test $(($(replies) - before)) = 1000
is 0 '' ''
run cat "$tmp/said"
is 0 '' ''

# ---- on the wire ----

resident() {
	awk '$1 == "VmRSS:" { print $2 }' /proc/$proxy/status
}
load() {
	$PEER pxeproxy_load nic0 discover 16 "$1" 50000 >"$tmp/load"
}
load $((wired / 10))
early=$(resident)
load $wired
late=$(resident)
echo "# on the wire: $early KiB after $((wired / 10)) packets, $late KiB after $wired more"
run test $((late - early)) -le 256
is 0 '' ''
run proxy_stop
is 0 0 ''

# ---- without a wire ----

pxeproxy_soak "$PXEKIT_CONF" $many "$srcdir"/tests/corpus/dhcp/* >"$tmp/soak"
sed 's/^/# /' "$tmp/soak"
of() {
	awk -v key="$1" '$1 == key { print $2 }' "$tmp/soak"
}
run test $(($(of kib-late) - $(of kib-early))) -le 256
is 0 '' ''
run test $(($(of answered) + $(of silent) + $(of not-ours) + $(of malformed) + $(of too-long))) = $many
is 0 '' ''
for what in answered silent not-ours malformed; do
	run test "$(of $what)" -gt $((many / 1000))
	is 0 '' ''
done
end
