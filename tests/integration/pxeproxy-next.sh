#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# Rows: S4-21
# A boot that is another one once, as pxeproxy answers it: every packet of that boot is told
# the same, and the next boot gets the job.
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH
mac=52:54:00:00:00:07

# events FILTER: of what is in the database about it
record() {
	jobctl ingest <"$tmp/events" >/dev/null
	jobctl events --json | jq -r "select(.event == \"next\") | .action" | sort | uniq -c | tr -s ' '
}
used() { [ "$(record)" = ' 1 used' ]; }

site_make
add $mac >/dev/null
proxy_start
run ask file --mac $mac --arch 7
is 0 'file: snponly.efi' ''
run jobctl next $mac local
is 0 "$mac: boots from its own disk, once" ''
# No file, and a menu of one item.
run ask file --mac $mac --arch 7
is 0 '' ''
event_is next $mac .rule
wait_for used
run record
is 0 ' 1 used' ''
run ask file --mac $mac --arch 7
is 0 '' ''
sqlite3 "$site/state/jobs.db" 'UPDATE machine SET next_until = next_until - 30000'
run ask file --mac $mac --arch 7
is 0 'file: snponly.efi' ''

# A menu takes a loader, of which the machine asks more than once.
run jobctl next $mac menu
run ask file --mac $mac --arch 7
is 0 'file: snponly.efi' ''
event_is menu $mac .action
run record
is 0 ' 1 used' ''
run proxy_stop
is 0 0 ''
end
