#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S0-30 S4-08 N-08
# A machine that nobody knows, seen on the wire, is one row in the registry; and a job for
# it counts from its next packet on.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH
stranger=52:54:00:00:00:04

site_make
proxy_start

seen() {
	run quiet --mac $stranger --arch 7 --machine-id 0033221100554477668899aabbccddeeff
	is 0 '' ''
	wait_for told $stranger
	jobctl ingest <"$tmp/events" >/dev/null
}
new() { # filter
	jobctl --json machines --new | jq -r ".machines[] | $1"
}
seen
run new '"\(.mac) \(.uuid) \(.arch) \(.network) \(.seen)"'
is 0 "$stranger 00112233-4455-6677-8899-aabbccddeeff 7 lab 1" ''

seen
seen
# What comes again within a second is told a second later, as a count.
three() {
	jobctl ingest <"$tmp/events" >/dev/null
	[ "$(new .seen)" = 3 ]
}
wait_for three
run new '"\(.mac) \(.seen) \(.first_seen < .last_seen)"'
is 0 "$stranger 3 true" ''

# The same lines again are the same events.
jobctl ingest <"$tmp/events" >/dev/null
run new .seen
is 0 3 ''

# By relay: the relay is in the event.
$PEER ip addr add 10.0.0.9/24 dev nic0
run quiet --mac $stranger --arch 7 --giaddr 10.0.0.9 --to 10.0.0.1
is 0 '' ''
wait_for told '"relay":"10.0.0.9"'
jobctl ingest <"$tmp/events" >/dev/null
last_relay() {
	jobctl --json events | jq -r 'select(.event == "silent").relay' | tail -n 1
}
run last_relay
is 0 10.0.0.9 ''

add $stranger >/dev/null
run ask file --mac $stranger --arch 7
is 0 'file: snponly.efi' ''
run new .mac
is 0 '' ''

run proxy_stop
is 0 0 ''

# What the pre-install hooks agreed to holds for each packet, also for those that are
# answered from memory.
printf 'hooks { pre-install = yes }\n' >>"$PXEKIT_CONF"
sqlite3 "$site/state/jobs.db" 'UPDATE job SET approved = attempt'
jobctl allow $stranger >/dev/null # sqlite3 has taken away the log that readers need
proxy_start
run ask file --mac $stranger --arch 7
is 0 'file: snponly.efi' ''
run ask file --mac $stranger --arch 7
is 0 'file: snponly.efi' ''
run proxy_stop
is 0 0 ''

# What a stranger gets by the network's policy: silence as above, its disk, or the menu.
for unknown in local menu; do
	sed -i "/unknown = /d; s/^network lab {/&\n\tunknown = $unknown/" "$PXEKIT_CONF"
	proxy_start
	run ask 'file|43.9' --mac 52:54:00:00:00:99 --arch 7
	case $unknown in local) is 0 '43.9: 0' '' ;; menu) is 0 'file: snponly.efi' '' ;; esac
	event_is "$unknown unknown" 52:54:00:00:00:99 '"\(.action) \(.rule)"'
	run proxy_stop
	is 0 0 ''
done
end
