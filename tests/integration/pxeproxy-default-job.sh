#!/bin/sh
# shellcheck disable=SC2119 # proxy_start may have arguments
# A machine that nobody knows boots in a network with a default-job: its first packet is
# answered by the network's policy, its next one leads to the installation.
# Rows: S4-08
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/pxeproxy.inc"
PATH=$builddir/tests/integration:$PATH
one=52:54:00:00:00:11 two=52:54:00:00:00:12 three=52:54:00:00:00:13

site_make
sed -i 's/^network lab {/&\n\tdefault-job = "tiny"\n\tdefault-jobs-max = "1"/' "$PXEKIT_CONF"
jobctl cancel 1 >/dev/null # the barrier's, which would count
mkfifo "$tmp/pipe"
jobctl ingest <>"$tmp/pipe" >"$tmp/ingested" 2>"$tmp/refused" &
ingest=$!
pxeproxy >"$tmp/pipe" 2>"$tmp/said" &
proxy=$!
trap 'kill $ingest $proxy 2>/dev/null; rm -rf "$tmp"' EXIT

jobs() { # of a machine: state and image of each
	jobctl list --all --json | jq -r --arg mac "$1" '.jobs[] | select(.mac == $mac) | "\(.state) \(.image)"'
}
has() { # MAC WANTED
	[ "$(jobs "$1")" = "$2" ]
}
# Sends a DISCOVER and says what came: a file, or nothing.
discover() {
	$PEER dhcpsend --interface nic0 --mac "$1" --arch 7 --wait 500 >"$tmp/answer" 2>/dev/null
	sed -n 's/^file: //p' "$tmp/answer"
}
answered() { [ "$(discover "$1")" = "$2" ]; }
events() {
	jobctl events --json | jq -r "select(.event == \"silent\" and .mac == \"$1\") | .rule" | sort -u
}

run wait_for has $one '' # no packet of it yet
is 0 '' ''
first() { # until pxeproxy is there and has told of it
	discover $one >"$tmp/first"
	[ -n "$(events $one)" ]
}
run wait_for first
is 0 '' ''
run cat "$tmp/first"
is 0 '' ''
run events $one
is 0 unknown ''
run wait_for has $one 'queued tiny@1'
is 0 '' ''
run wait_for answered $one snponly.efi
is 0 '' ''
who() {
	jobctl audit --json | jq -r '.audit[].event | select(.mac == "'$one'") | "\(.actor) \(.action) \(.text // "")"'
}
run who
is 0 'default-job add tiny@1' ''

# ---- a bound, which is said once ----
run answered $two ''
is 0 '' ''
known() { [ -n "$(events $two)" ]; }
run wait_for known
is 0 '' ''
run jobs $two
is 0 '' ''
run cat "$tmp/refused"
is 0 'jobctl: network lab: no default-job is made: 1 jobs wait there already (default-jobs-max)' ''

# ---- SIGHUP; and an image that is not there ----
sed -i 's/"tiny"/"gone"/; s/default-jobs-max.*/default-jobs-max = "10"/' "$PXEKIT_CONF"
kill -HUP $ingest
refused() {
	discover $two >/dev/null
	grep -q "image gone" "$tmp/refused"
}
run wait_for refused
is 0 '' ''
run jobs $two
is 0 '' ''
sed -i 's/"gone"/"tiny"/' "$PXEKIT_CONF"
kill -HUP $ingest
again() {
	discover $two >/dev/null
	has $two 'queued tiny@1'
}
run wait_for again
is 0 '' ''

# ---- once in its life ----
over() {
	jobctl cancel $one >/dev/null
	jobctl rm "$(jobctl list --all --json | jq ".jobs[] | select(.mac == \"$one\") | .id")" >/dev/null
}
over
jobctl ignore $three >/dev/null
later() { # all that came before is in the database when this one's job is
	discover $one >/dev/null
	discover $three >/dev/null
	discover 52:54:00:00:00:14 >/dev/null
	has 52:54:00:00:00:14 'queued tiny@1'
}
run wait_for later
is 0 '' ''
run jobs $one
is 0 '' ''
run jobs $three
is 0 '' ''
kill $proxy $ingest
end
