#!/bin/sh
# A virtual machine boots from the site as it is configured: what it comes to is said, and
# neither the database nor any other network learns of it.
# Rows: S2-15 S3-14
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/pxeprobe.inc"
try() { "$srcdir/examples/try-boot" --firmware=bios --timeout=900 "$@"; }

site_fill
sed -i 's|subnet = .*|& server = "10.0.0.1" interface = "eth7"|' "$PXEKIT_CONF"
cp /usr/lib/ipxe/undionly.kpxe "$site/tftp"
state() { jobctl list --all --json && jobctl events --json; }
state >"$tmp/before"

run try $busy
cp "$tmp/out" "$tmp/tried"
run sed -E 's/ +$//; s/^(offer|report) .*/\1/; s/^(script +[a-z.]+) .*/\1/' "$tmp/tried"
is 0 "offer
loader   none by TFTP
script   install.ipxe
report
$busy came to its script" ''
run grep -E '^report +booting script' "$tmp/tried"
is 0 "$(grep '^report' "$tmp/tried")" ''
run state
cp "$tmp/out" "$tmp/after"
run cmp "$tmp/before" "$tmp/after"
is 0 '' ''
run ip -o link show eth7
same 'no interface of it is here' 1 "$code"

# Nobody has said anything about this one, so it hears nothing.
run try --timeout=20 52:54:00:00:00:09
same 'a stranger comes nowhere, and the rule is named' "1 silent" \
	"$code $(sed -n 's/^offer .*\(silent\).*/\1/p' "$tmp/out")"

run try
is 2 '' 'try-boot: wants the MAC of a machine; jobctl list shows those with a job'
run try --network=nowhere $busy
is 2 '' 'try-boot: pxekit.conf has no network nowhere'
end
