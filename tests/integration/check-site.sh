#!/bin/sh
# The synthetic check: it makes a job, looks, and leaves none behind; each fault is named.
# Rows: X-19
. "$srcdir/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
site
PATH=$builddir:$PATH
PXEKIT_TEMPLATES=$srcdir/tools/ipxegen/templates
export PXEKIT_TEMPLATES
sed -i '1i url = "http://10.77.0.2:8080"' "$PXEKIT_CONF"
check() { "$srcdir/examples/check-site" "$@"; }
left() { jobctl list --all --json | jq '.jobs | length'; }

run check debian12
is 0 'OK: debian12 could be installed' ''
run left
is 0 0 ''
run check debian12
is 0 'OK: debian12 could be installed' ''
same 'both are on record' 'add cancel rm add cancel rm' \
	"$(jobctl audit --json | jq -r '[.audit[].event.action] | join(" ")')"

run check nothing
is 2 "CRITICAL: jobctl: --image nothing: $tmp/images has no image nothing (see imgctl list)" ''
run check debian12 http://127.0.0.1:1
same 'bootweb that does not answer' '2 1' "$code $(grep -c '^CRITICAL: curl: ' "$tmp/out")"
run left
is 0 0 ''
mkdir "$tmp/templates"
echo '{{nonsense}}' >"$tmp/templates/install.ipxe"
sed -i "1i templates = \"$tmp/templates\"" "$PXEKIT_CONF"
run check debian12
same 'a template that is none' '2 1' "$code $(grep -c '^CRITICAL: ipxegen: .*nonsense' "$tmp/out")"
run left
is 0 0 ''
rm "$tmp/templates/install.ipxe"
jobctl block 02:00:00:70:78:65 >/dev/null
run check debian12
is 2 'CRITICAL: jobctl: 02:00:00:70:78:65: is blocked; jobctl allow makes it known again' ''
end
